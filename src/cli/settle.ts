/** `holdfast settle`: days on which taps came out of order, computed anew from the log. */
import { Command, kinds } from '../engine/command.ts';
import { LogLockedError } from '../log/log.ts';
import type { Settlement } from '../rating/settlement.ts';
import type { Reckoning } from '../rating/settle.ts';
import { reckon } from '../rating/settle.ts';
import type { Store } from '../store/open.ts';
import { UserError } from '../store/user-error.ts';
import { bookAll, bookOn } from './bookings.ts';
import type { CliCommand } from './command.ts';
import { readFolderArgs, requireLog } from './folder-flags.ts';
import { openStopped } from './opened.ts';

export const settle: CliCommand = {
  summary: 'Settle the days on which taps came out of order',
  usage: `holdfast settle [--list] [--data ./data]

  Computes closed days of cards anew where taps came out of order, from the log and under the tariffs that held, and books the
  differences. A server does this by itself within a minute of a day's closing: so this is for a stopped folder. It may be run again:
  what is settled stays so.
  --list              prints what there is to settle, a line of JSON each, and books nothing; also beside a server: the rows of card and
                      day, what is given back, the sum that it was computed from, the run, and the position up to which the log was read`,
  run: async (args) => {
    const { folder, flags } = readFolderArgs(args, ['list']);
    requireLog(folder);
    const onNotice = (message: string): void => console.error(message);
    if (flags.list) {
      const { settlements, position } = await reckon({ folder, onNotice });
      for (const settlement of settlements) console.log(lineOf(settlement, position));
      return 0;
    }
    const store = await opened(folder);
    try {
      await closeDays(store);
      const reckoning = await reckon({ folder, onNotice });
      return await book(store, reckoning);
    } finally {
      await store.close();
    }
  },
};

async function opened(folder: string): Promise<Store> {
  try {
    return await openStopped(folder);
  } catch (error) {
    if (!(error instanceof LogLockedError)) throw error;
    throw new UserError(
      `a server holds ${folder} and settles its days by itself; \`holdfast settle --list\` says what is left`,
    );
  }
}

/** Closes the days that are due by now; a stopped store did not. */
async function closeDays({ node }: Store): Promise<void> {
  const { state } = node.engine;
  if (state.travel.live === 0) return;
  do await node.submit(new Command().reset(kinds.tick), () => undefined, undefined);
  while (state.days.closing !== null);
}

async function book({ node }: Store, { settlements, position }: Reckoning): Promise<number> {
  const { booked, moved, refused, given, taken } = await bookAll(settlements, position, bookOn(node));
  const days = booked === 1 ? 'one day of a card' : `${booked} days of cards`;
  console.log(
    booked === 0 ? 'nothing to settle' : `settled ${days}: ${given} given back, ${taken} charged, minor units`,
  );
  if (moved + refused === 0) return 0;
  console.error(
    `holdfast: ${moved} moved meanwhile, and ${refused} were refused, since the card cannot take the amount: run it again`,
  );
  return 1;
}

/** A settlement as a line, for a process that books it. */
export function lineOf({ card, day, amount, replaces, run }: Settlement, position: number): string {
  return JSON.stringify([card, day, amount, replaces, run, position]);
}

/** @throws Error for what is no such line */
export function settlementIn(line: string): Settlement & { readonly upTo: number } {
  const numbers = JSON.parse(line) as unknown;
  if (!Array.isArray(numbers) || numbers.length !== 6 || !numbers.every(Number.isSafeInteger)) {
    throw new Error('the settling process says something else');
  }
  const [card, day, amount, replaces, run, upTo] = numbers as [number, number, number, number, number, number];
  return { card, day, amount, replaces, run, upTo };
}
