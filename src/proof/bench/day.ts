/**
 * A metropolis' day at a running store: gates that tap over a WebSocket, some offline for an hour,
 * some sending twice, and a server that is killed again and again. Then its books: each tap counted
 * once, each fare explained, and the money right to the unit.
 */
import type { CardBooks } from '../audit/card-audit.ts';
import { auditCards } from '../audit/card-audit.ts';
import { removeFolder, temporaryFolder } from '../processes/children.ts';
import { buildCity, currency } from '../taps/city.ts';
import { TapSenderProcess } from '../taps/sender-process.ts';
import type { After } from './day-after.ts';
import { afterDay } from './day-after.ts';
import type { Lived } from './day-life.ts';
import { batchesInFlight, batchSize, cardsOf, live } from './day-life.ts';
import { catchUp, inDatabase } from './follow.ts';
import type { Figure, Report } from './report.ts';
import { single } from './report.ts';
import type { BenchSettings } from './settings.ts';

export async function day(settings: BenchSettings): Promise<Report> {
  const folder = temporaryFolder();
  const gates = new TapSenderProcess();
  try {
    settings.progress(`the city: ${settings.gates} gates, ${cardsOf(settings)} cards`);
    await buildCity(folder, settings.gates, cardsOf(settings));
    const lived = await live(folder, gates, settings);
    settings.progress('the books of the log');
    const books = await auditCards(folder);
    const after = await afterDay(folder, lived.day, settings.progress);
    settings.progress('the books once more');
    const settled = await auditCards(folder);
    const report = reportOf(settings, lived, books);
    const later = laterOf(after, books, settled);
    const views = await viewsOf(folder, settled, settings);
    return {
      ...report,
      figures: [...report.figures, ...later.figures, ...views],
      notes: [...report.notes, ...later.notes],
      complaints: [...report.complaints, ...later.complaints],
    };
  } finally {
    await gates.close();
    removeFolder(folder);
  }
}

/** How long the SQL views take for all of it, where that is asked for. */
async function viewsOf(folder: string, { records, taps }: CardBooks, settings: BenchSettings): Promise<Figure[]> {
  const { views, postgres, progress } = settings;
  if (!views) return [];
  const figures: Figure[] = [];
  const measure = async (id: string, name: string, follow: () => Promise<number>): Promise<void> => {
    progress(`the views in ${name}`);
    const seconds = await follow();
    const what = `the views in ${name} up to date`;
    figures.push({ id: `day/views/${id}`, what, unit: 's', estimate: single(seconds) });
    figures.push({
      id: `day/views/${id}/rate`,
      what: `taps into ${name}`,
      unit: '/s',
      estimate: single(taps / seconds),
    });
  };
  await measure('sqlite', 'SQLite', () => catchUp(folder, 'sqlite', records));
  if (postgres === null) return figures;
  await measure('postgres', 'PostgreSQL', () => inDatabase(postgres, (address) => catchUp(folder, address, records)));
  return figures;
}

/** What the three accounts of the day disagree on, a sentence each. */
export function complaintsOf({ told, totals, desk }: Lived, books: CardBooks): string[] {
  const complaints = [...told.problems, ...books.problems];
  const same = (what: string, figures: Readonly<Record<string, number>>): void => {
    if (new Set(Object.values(figures)).size === 1) return;
    const each = Object.entries(figures).map(([who, figure]) => `${figure} ${who}`);
    complaints.push(`${what}: ${each.join(', ')}`);
  };
  if (!told.isDone) complaints.push('not every tap was answered');
  if (!totals.explained) complaints.push('the store says that its balances are not explained');
  same('taps', {
    'of the gates': told.taps,
    answered: told.answered,
    'in the store': totals.taps,
    'in the log': books.taps,
  });
  same('open', { answered: told.counts.open, 'in the store': totals.open, 'in the log': books.open });
  same('denied', { answered: told.counts.denied, 'in the store': totals.denied, 'in the log': books.denied });
  same('fares of taps', { answered: told.counts.fares, 'in the log': books.tapFares });
  same('fares', { 'in the store': totals.fares, 'in the log': books.fares });
  same('balances', { 'in the store': totals.balances, 'in the log': books.balances });
  same('balances + fares - refunds - adjustments - top-ups', {
    'is to be': 0,
    is: books.balances + books.fares - books.refunds - books.adjustments - books.topUps - books.openings,
  });
  same('top-ups', { 'of the desk': desk.topUps, 'in the log': books.topUps });
  same('refunds', { 'of the desk': desk.refunds, 'in the log': books.refunds });
  told.sequences.forEach((sequence, gate) => {
    const mark = books.marks.get(`${gate} 1`) ?? 0;
    if (mark !== sequence) complaints.push(`gate ${gate + 1} sent ${sequence} taps, and the log has ${mark}`);
  });
  return complaints;
}

function reportOf(settings: BenchSettings, lived: Lived, books: CardBooks): Report {
  const { told, seconds, recoveries, logBytes, peakBytes } = lived;
  const figures: readonly (readonly [string, string, Figure['unit'], number])[] = [
    ['day/seconds', `a day of ${told.taps.toLocaleString('en-US')} taps, restarts included`, 's', seconds],
    ['day/rate', 'taps, each once and durable', '/s', told.taps / seconds],
    ['day/p99', `p99 of a batch of ${batchSize}, ${batchesInFlight} in flight`, 'ms', told.p99],
    ['day/recovery', 'ready after kill -9, at most', 's', Math.max(0, ...recoveries)],
    ['day/log', 'the log, a tap', 'bytes', logBytes / told.taps],
    ['day/peak', 'resident at most', 'MB', peakBytes / 1e6],
  ];
  const n = (value: number): string => value.toLocaleString('en-US');
  return {
    bench: 'day',
    figures: figures.map(([id, what, unit, value]) => ({ id, what, unit, estimate: single(value) })),
    notes: [
      `${n(settings.gates)} gates, ${n(cardsOf(settings))} cards; ${n(told.offline)} taps were offline for up to an hour, ${n(told.counts.repeated)} were sent twice`,
      `${recoveries.length} times kill -9; ${n(told.counts.appliedBefore)} taps had been applied before they were sent again; ready again in ${recoveries.map((each) => each.toFixed(2)).join(', ')} s`,
      `${n(told.counts.open)} open, ${n(told.counts.denied)} denied; ${n(books.journeys)} journeys ended, every fare names its rule`,
      `balances ${n(books.balances)} + fares ${n(books.fares)} = opening balances ${n(books.openings)} + top-ups ${n(books.topUps)} + refunds ${n(books.refunds)} + adjustments ${n(books.adjustments)}, ${currency} cents`,
    ],
    complaints: complaintsOf(lived, books),
  };
}

/** What settlement and re-rating did, beside the books before and after them. */
export function laterOf(
  after: After,
  before: CardBooks,
  books: CardBooks,
): Pick<Report, 'figures' | 'notes' | 'complaints'> {
  const { settled, settledSum, settleSeconds, differ, owedMore, rerateSeconds } = after;
  const complaints = [...after.problems, ...books.problems];
  const booked = books.adjustments - before.adjustments;
  if (booked !== settledSum - owedMore)
    complaints.push(`settled ${settledSum} and re-rated ${-owedMore}, and the log has adjustments of ${booked}`);
  const rest = books.balances + books.fares - books.refunds - books.adjustments - books.topUps - books.openings;
  if (rest !== 0) complaints.push(`after the settlement, ${rest} are left over`);
  if (differ === 0) complaints.push('the other tariff changed nothing');
  return {
    figures: [
      { id: 'day/settle', what: 'the day settled', unit: 's', estimate: single(settleSeconds) },
      {
        id: 'day/rerate',
        what: 'the day rated again under another tariff',
        unit: 's',
        estimate: single(rerateSeconds),
      },
    ],
    notes: [
      `settled ${settled} days of cards, ${settledSum} given back less what was taken; under the other tariff ${differ} cards owe ${owedMore} more, all booked`,
    ],
    complaints,
  };
}
