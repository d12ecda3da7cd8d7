/**
 * `holdfast rerate`: what days would have cost under another tariff, and the differences booked.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { toDecimal } from '../../sdk/src/money.ts';
import { tariffOf } from '../doors/gates/tariff-compile.ts';
import { HttpFailure } from '../http/problems.ts';
import type { TariffDefinition } from '../engine/commands/tariff.ts';
import type { State } from '../engine/state.ts';
import { cardId } from '../engine/tables/cards.ts';
import { firstRerating } from '../rating/log-story.ts';
import { dateOf, rate } from '../rating/rate.ts';
import type { Difference, Period, Rating } from '../rating/rating.ts';
import { maxDays } from '../rating/rating.ts';
import type { Settlement } from '../rating/settlement.ts';
import { reasonOf } from '../reason.ts';
import { UserError } from '../store/user-error.ts';
import type { Tally } from './bookings.ts';
import { bookAll, bookAt } from './bookings.ts';
import type { CliCommand } from './command.ts';
import { parseFlags } from './flags.ts';
import { dataFolderOf, requireLog } from './folder-flags.ts';
import { placeOf } from './import/arguments.ts';
import { withStoreAt } from './import/run.ts';
import { TextOutput } from './text-output.ts';

const usage = `holdfast rerate --from DAY --to DAY --tariff FILE [--book] [--out FILE.csv] [--data ./data] [--url http://127.0.0.1:3000]

  Rates the journeys that began on these days, YYYY-MM-DD in the tariff's time zone, under the tariff in FILE, which is the JSON of
  PUT /v1/tariff. Prints a line of CSV for each card and day that would have cost another sum: card, day, booked, due, difference, in
  minor units; and the sum of the differences. Reads the log alone, also beside a running server. The effectiveFrom in FILE is passed
  over. At most ${maxDays} days at a time.
  --book              books the differences as adjustments: on the stopped folder, or with --url through the server that holds it, with
                      the operator key from HOLDFAST_OPERATOR_KEY where that has one. The same days and FILE are booked once, however
                      often it is run: one that was cut short goes on. The days must be closed and settled.
  --out FILE.csv      writes the CSV there instead of to stdout`;

const flags = {
  from: 'string',
  to: 'string',
  tariff: 'string',
  book: 'boolean',
  out: 'string',
  data: 'string',
  url: 'string',
} as const;

export const rerate: CliCommand = {
  summary: 'Rate past days under another tariff, and book the differences',
  usage,
  run: async (args) => {
    const { values } = parseFlags(args, flags);
    const period = { from: dayOf('--from', values.from), to: dayOf('--to', values.to) };
    checkPeriod(period);
    const file = values.tariff;
    if (file === undefined) throw new UserError('name the tariff with --tariff FILE');
    const text = textOf(file);
    const tariff = tariffIn(file, text);
    if (values.url !== undefined && values.book !== true) throw new UserError('--url is where --book books: pass both');
    const place = values.url === undefined ? null : placeOf({ url: values.url });
    const folder = dataFolderOf(values.data);
    requireLog(folder);
    const onRead = (state: State): void => {
      checkTariff(state, tariff, file);
      if (values.book === true) checkClosed(state, period);
    };
    const rating = await rate({ folder, ...period, tariff, onRead, onNotice: say, onProgress: tell });
    const differences = written(rating, values.out);
    console.error(summaryOf(rating, differences, tariff));
    if (values.book !== true) return 0;
    const run = runOf(period, text);
    const settlements = differences.map((one) => settlementOf(one, run));
    const { state } = rating.engine;
    return await withStoreAt(place ?? { kind: 'folder', folder }, false, async (address) =>
      booked(await bookAll(settlements, rating.position, bookAt(address, state)), tariff),
    );
  },
};

/** @throws UserError */
function dayOf(flag: string, text: string | undefined): number {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text ?? '') ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (Number.isNaN(ms) || dateOf(ms / 86_400_000) !== text) {
    throw new UserError(`${flag} is "${text ?? ''}"; it may be a day such as 2026-01-31`);
  }
  return ms / 86_400_000;
}

function checkPeriod({ from, to }: Period): void {
  if (to < from) throw new UserError(`--to ${dateOf(to)} is before --from ${dateOf(from)}`);
  if (to - from >= maxDays)
    throw new UserError(`${to - from + 1} days are too many: re-rate at most ${maxDays} at a time`);
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${reasonOf(error)}`);
  }
}

/** @throws UserError with the place of what is wrong */
function tariffIn(file: string, text: string): TariffDefinition {
  try {
    return tariffOf(JSON.parse(text), Date.now());
  } catch (error) {
    if (error instanceof HttpFailure) throw new UserError(`${file} is no tariff: ${error.detail}`);
    throw new UserError(`${file} is no JSON: ${reasonOf(error)}`);
  }
}

/** Days and money are compared, so both tariffs count them in the same way. @throws UserError */
function checkTariff(state: State, tariff: TariffDefinition, file: string): void {
  const own = state.tariffs.current(state.civilMs)?.definition;
  if (own === undefined) throw new UserError('no tariff was ever set in this store: there is nothing to rate again');
  if (own.currency !== tariff.currency) {
    throw new UserError(`${file} is in ${tariff.currency}, and this store in ${own.currency}`);
  }
  if (own.timeZone !== tariff.timeZone) {
    throw new UserError(
      `${file} has the time zone ${tariff.timeZone}, and this store ${own.timeZone}: its days would be others`,
    );
  }
}

/** @throws UserError for days that may still move by themselves */
function checkClosed({ days, dayNotes }: State, { from, to }: Period): void {
  const { closed } = days;
  if (closed === null || closed < to) {
    const last = closed === null ? 'none is yet' : `the last that is closed is ${dateOf(closed)}`;
    throw new UserError(
      `the days are not all closed: ${last}. A day is closed 26 hours after its end; nothing was booked`,
    );
  }
  let waiting = 0;
  for (let note = 0; note < dayNotes.rows; note += 1) {
    const day = dayNotes.isUsed(note) && dayNotes.isOwed(note) ? dayNotes.dayOf(note) : Infinity;
    if (day >= from && day <= to) waiting += 1;
  }
  if (waiting === 0) return;
  throw new UserError(
    `${waiting} of these days of cards wait for their settlement: a server does it within minutes, ` +
      'and `holdfast settle` on a stopped folder; nothing was booked',
  );
}

function written(rating: Rating, file: string | undefined): Difference[] {
  const { state } = rating.engine;
  const output = TextOutput.to(file);
  const differences: Difference[] = [];
  try {
    output.write('card,day,booked,due,difference\n');
    for (const difference of rating.differences()) {
      differences.push(difference);
      const { card, day, booked: paid, due } = difference;
      output.write(`${cellOf(cardId(state, card))},${dateOf(day)},${paid},${due},${due - paid}\n`);
    }
    output.end();
  } catch (error) {
    output.discard();
    throw error;
  }
  return differences;
}

function cellOf(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function summaryOf({ taps }: Rating, differences: readonly Difference[], { currency }: TariffDefinition): string {
  const sum = differences.reduce((all, { booked: paid, due }) => all + due - paid, 0);
  const days = differences.length === 1 ? 'one day of a card differs' : `${differences.length} days of cards differ`;
  return `${taps} taps were rated; ${days}, by ${spelled(sum, currency)} in all`;
}

function settlementOf({ card, day, booked: paid, due }: Difference, run: number): Settlement {
  return { card, day, amount: paid - due, replaces: paid, run };
}

/** A word that these days and this tariff alone have, and no settlement. */
function runOf({ from, to }: Period, text: string): number {
  const run = createHash('sha256').update(`${from} ${to} ${text}`).digest().readUInt32LE();
  return run < firstRerating ? run + firstRerating : run;
}

function booked(
  { booked: done, already, moved, refused, given, taken }: Tally,
  { currency }: TariffDefinition,
): number {
  const before = already === 0 ? '' : `, ${already} were booked before`;
  console.error(
    `${done} adjustments were booked${before}: ${spelled(given, currency)} given back, ${spelled(taken, currency)} charged`,
  );
  if (moved > 0) console.error(`holdfast: ${moved} days moved meanwhile: run it again`);
  if (refused > 0) console.error(`holdfast: ${refused} cards cannot take their amount`);
  return moved + refused === 0 ? 0 : 1;
}

function spelled(amount: number, currency: string): string {
  return `${amount < 0 ? '-' : ''}${toDecimal({ amount: Math.abs(amount), currency })} ${currency}`;
}

const say = (message: string): void => console.error(message);

function tell(position: number, taps: number): void {
  console.error(`at position ${position}, ${taps} taps kept`);
}
