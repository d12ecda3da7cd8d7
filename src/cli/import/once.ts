/** Makes an import repeatable, and reports how far a stopped one came. */
import { UserError } from '../../store/user-error.ts';
import { reasonOf } from '../../reason.ts';

export interface Made {
  /** Id of the sale, or small id of the event; null for added seats. */
  readonly id: string | number | null;
  /** An earlier command with the same key had the effect. */
  readonly replayed: boolean;
}

/**
 * Makes a thing once for a key, on every run. If the thing of a key was removed later, the key
 * still stands for it, and the next key is tried. `stands`: whether the thing that a key made still
 * exists.
 */
export async function makeOnce(
  key: string,
  make: (key: string) => Promise<Made>,
  stands: (made: Made) => Promise<boolean>,
): Promise<Made> {
  for (let number = 1; ; number += 1) {
    const made = await make(number === 1 ? key : `${key}-${number}`);
    if (!made.replayed || (await stands(made))) return made;
  }
}

/**
 * The error of an import that stopped midway: at which rows, how far it came, and that the same
 * command goes on from there.
 */
export function stoppedAt(error: unknown, rows: string, done: number, total: number, noun: string): UserError {
  const reason = reasonOf(error);
  const far = done === 0 ? `None of the ${total} ${noun} is known to be` : `${done} of the ${total} ${noun} are`;
  return new UserError(
    `${reason.replace(/\.$/, '')} (${rows}). ${far} in the store; the same command with the same file goes on from there`,
  );
}
