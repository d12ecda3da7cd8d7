/** What no two runs have alike, and what stands for it. All else must be the same to the byte. */

interface Answer {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
}

interface Substitution {
  /** Of which calls: how they begin. */
  readonly ask: string;
  readonly find: RegExp;
  readonly put: string;
}

const headers: Readonly<Record<string, readonly [form: RegExp, put: string]>> = {
  Date: [/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/, '<date>'],
  'Request-Id': [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, '<uuid>'],
};

const bodies: readonly Substitution[] = [
  { ask: 'GET /health', find: /"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/, put: '"timestamp":"<time>"' },
  { ask: 'GET /health', find: /"uptime":\d+(\.\d+)?/, put: '"uptime":"<number>"' },
  { ask: 'GET /health', find: /"memory":\{("\w+":\d+,?)+\}/, put: '"memory":"<numbers>"' },
  { ask: 'GET /api/v1/stats', find: /"p95Latency":\d+(\.\d+)?/, put: '"p95Latency":"<number>"' },
  { ask: 'GET /api/v1/purchases/idempotency-key', find: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, put: '<uuid>' },
  { ask: 'GET /openapi.json', find: /(?<="info":\{[^}]*"version":")[^"]+/, put: '<version>' },
  { ask: 'GET /socket.io/socket.io.min.js', find: /^\/\*!\n \* Socket\.IO v[^]*$/, put: '<file>' },
  { ask: 'GET /socket.io/?', find: /(?<="sid":")[\w-]{20}/g, put: '<sid>' },
];

/**
 * A poll brings what there is to tell, in one answer or in two. The player has checked that lengths
 * are those of their bodies.
 */
export function substituted(ask: string, { headers: given, text }: Answer): Answer {
  let kept = text;
  for (const { ask: begins, find, put } of bodies) if (ask.startsWith(begins)) kept = kept.replace(find, put);
  return {
    text: kept,
    headers: given.map(([name, value]) => {
      const [form, put] = headers[name] ?? [];
      if (form?.test(value) === true) return [name, put!];
      const isOther = kept !== text || ask.startsWith('GET /socket.io/?');
      return name === 'Content-Length' && isOther ? [name, '<length>'] : [name, value];
    }),
  };
}
