/** Answers in JSON with the character set named, as the dialects' originals write it. The native API names none: JSON has one. */

export const jsonHeaders = { 'Content-Type': 'application/json; charset=utf-8' } as const;
export const replayedHeaders = { ...jsonHeaders, 'Idempotency-Replayed': 'true' } as const;

export function jsonResponse(body: unknown, status = 200, more: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...jsonHeaders, ...more } });
}
