/** Texts made to slow a pattern down: those that nearly fit, with every ambiguous part repeated. */

/** Wrong ends, which make a pattern try everything again. */
const endings = ['', '\u0000', '@', ' ', '"', 'x'];

/** Openings that a pattern may need before it comes to what repeats. */
const openings = [
  '',
  'a@',
  'a@b.',
  'https://a',
  'Bearer ',
  '"',
  '2026-01-01T00:00:00.',
  '1',
  ';q=0.',
  'close',
  '127.',
  'for=',
];

/** What repeats: characters that some pattern of ours gives a meaning to, alone and in pairs. */
const units = [
  'a',
  '0',
  '.',
  '@',
  '-',
  ' ',
  '\t',
  ',',
  ';',
  '"',
  '\\',
  ':',
  '/',
  '=',
  '\u00e4',

  'a.',
  'a ',
  'a,',
  '0.',
  ', ',
  '; ',
  ' ;',
  '. ',
  '\\"',
  ', close ',
  ';q=0.0',
  '127.0.',
  'a@b.c',
  'for=a;',
  'a="b",',
];

interface Hostile {
  readonly opening: string;
  readonly unit: string;
  readonly ending: string;
}

const combinations: readonly Hostile[] = openings.flatMap((opening) =>
  units.flatMap((unit) => endings.map((ending) => ({ opening, unit, ending }))),
);

function textOf({ opening, unit, ending }: Hostile, characters: number): string {
  const count = Math.floor((characters - opening.length - ending.length) / unit.length);
  return opening + unit.repeat(count) + ending;
}

/**
 * A sixteenth of the length shows which texts are worth the whole: twice the time for twice the
 * length is 16 times as long.
 */
const shortShare = 16;
const shorts = new Map<number, string[]>();

/**
 * The first hostile text of this many characters that is too slow for an expression; null for none.
 */
export function tooSlow(expression: RegExp, characters: number, limitMs: number): string | null {
  const short = shorts.get(characters) ?? combinations.map((one) => textOf(one, characters / shortShare));
  shorts.set(characters, short);
  for (const [i, text] of short.entries()) {
    // What is quadratic takes 256 times as long at the whole length.
    if (fastestMs(limitMs / 256, () => void expression.test(text)) <= limitMs / 256) continue;
    const whole = textOf(combinations[i]!, characters);
    const ms = fastestMs(limitMs, () => void expression.test(whole));
    if (ms > limitMs) return `${ms.toFixed(0)} ms for ${JSON.stringify(`${whole.slice(0, 30)}…${whole.slice(-3)}`)}`;
  }
  return null;
}

/**
 * Least ms of a few tries; ends as soon as one is under the limit, since a busy machine makes times
 * longer and never shorter.
 */
export function fastestMs(limitMs: number, run: () => void): number {
  let least = Infinity;
  for (let tries = 0; tries < 5 && least > limitMs; tries += 1) {
    const startedMs = performance.now();
    run();
    least = Math.min(least, performance.now() - startedMs);
  }
  return least;
}

/** The regular expressions that stand in a source, found by its tokens. */
export function expressionsIn(source: string): RegExp[] {
  const token =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|(?<=[(=,:[!&|?{};>]\s*|return\s+)\/((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/g;
  const found: RegExp[] = [];
  for (const [, body, flags] of source.matchAll(token)) {
    if (body !== undefined) found.push(new RegExp(body, (flags ?? '').replaceAll(/[gy]/g, '')));
  }
  return found;
}
