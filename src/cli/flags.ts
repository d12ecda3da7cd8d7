/** Flags of a command. A wrong flag is refused in one sentence that names the valid ones. */
import { parseArgs } from 'node:util';
import { reasonOf } from '../reason.ts';
import { UserError } from '../store/user-error.ts';

/** The flags of a command: those that take a value, and those that are on or off. */
export type FlagKinds = Readonly<Record<string, 'string' | 'boolean'>>;

type ValueOf<Kind> = Kind extends 'boolean' ? boolean : string;

export interface Flags<Known extends FlagKinds> {
  readonly values: { readonly [Name in keyof Known]?: ValueOf<Known[Name]> };
  readonly positionals: readonly string[];
}

export interface FlagRules {
  /** Whether words without a dash may stand between the flags. */
  readonly positionals?: boolean;
  /** The flags whose `--no-NAME` is named to the user. When given, every boolean flag has one. */
  readonly negated?: readonly string[];
}

/** @throws UserError with the first flag that is wrong */
export function parseFlags<const Known extends FlagKinds>(
  args: readonly string[],
  known: Known,
  { positionals = false, negated }: FlagRules = {},
): Flags<Known> {
  const options = Object.fromEntries(Object.entries(known).map(([name, type]) => [name, { type }]));
  const rules = { allowPositionals: positionals, allowNegative: negated !== undefined, strict: true };
  try {
    // The parser is strict, so each value has the declared type.
    return parseArgs({ args: [...args], options, ...rules }) as Flags<Known>;
  } catch (error) {
    const [sentence] = reasonOf(error).split(/\.?\s*\n|\. /);
    const names = [...Object.keys(known), ...(negated ?? []).map((name) => `no-${name}`)];
    throw new UserError(`${sentence}; the flags are ${names.map((name) => `--${name}`).join(', ')}`);
  }
}

/**
 * @throws UserError unless the text is a whole number from `min` to `max`, by default the largest
 * exact one
 */
export function wholeNumber(name: string, text: string, min: number, max?: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > (max ?? Number.MAX_SAFE_INTEGER)) {
    const to = max === undefined ? '' : ` to ${max}`;
    throw new UserError(`${name} is "${text}"; it may be a whole number from ${min}${to}`);
  }
  return value;
}
