/** What makes an import repeatable, and how it ends in the middle. */
import { UserError } from '../../store/user-error.ts';
import { reasonOf } from '../../reason.ts';

export interface Made {
  /** Of the sale, or small id of the event; null where seats were added. */
  readonly id: string | number | null;
  /** An earlier command with the same key had the effect. */
  readonly replayed: boolean;
}

/**
 * Makes something once for a key, however often it is asked for. A key whose thing was taken away
 * since stands for that thing still: then the next key is tried. `stands`: whether a thing that a
 * key made before is there.
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
 * What stopped an import in the middle, at which rows: how far it came, and that the same command
 * goes on from there.
 */
export function stoppedAt(error: unknown, rows: string, done: number, total: number, noun: string): UserError {
  const reason = reasonOf(error);
  const far = done === 0 ? `None of the ${total} ${noun} is known to be` : `${done} of the ${total} ${noun} are`;
  return new UserError(
    `${reason.replace(/\.$/, '')} (${rows}). ${far} in the store; the same command with the same file goes on from there`,
  );
}
