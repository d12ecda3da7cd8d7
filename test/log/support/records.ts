/** Commands of every kind, and ways to compare them before and after they were bytes. */
import { Command, kinds, scopes } from '../../../src/engine/command.ts';
import { cancellationOf } from '../../../src/engine/commands/cancellation.ts';
import type { Adjustment } from '../../../src/engine/commands/adjustments.ts';
import { adjustmentOf } from '../../../src/engine/commands/adjustments.ts';
import { currencyWord, moneyOf } from '../../../src/engine/commands/cards.ts';
import { extensionOf, termsOf } from '../../../src/engine/commands/holds.ts';
import type { Lines } from '../../../src/engine/commands/lines.ts';
import { asks, linesOf, maxLines, maxSeats } from '../../../src/engine/commands/lines.ts';
import type { TariffDefinition } from '../../../src/engine/commands/tariff.ts';
import type { Tap } from '../../../src/engine/commands/taps.ts';
import { tapsOf } from '../../../src/engine/commands/taps.ts';
import { customerText, keyText, RecordReader, RecordWriter } from '../../../src/engine/record.ts';

export function encoded(...commands: readonly Command[]): Uint8Array {
  const writer = new RecordWriter(64);
  for (const command of commands) writer.add(command);
  return writer.bytes().slice();
}

/** All records of a batch, each in a command of its own. */
export function decoded(batch: Uint8Array): Command[] {
  const reader = new RecordReader();
  reader.reset(batch);
  const commands: Command[] = [];
  for (let command = new Command(); reader.next(command); command = new Command()) commands.push(command);
  return commands;
}

/** All that a command says, wherever its text lies. */
export function fieldsOf(command: Command): Record<string, unknown> {
  const { kind, notAfterMs, scope, scopeId, fingerprintLow, fingerprintHigh, target, body } = command;
  const { holdMs, maxOfCustomer, maxOfAddress, address } = termsOf(command);
  const { untilMs } = extensionOf(command);
  const lines = linesOf(command);
  const cancellation = cancellationOf(command);
  const { amount, currency, journey } = moneyOf(command);
  return {
    numbers: { kind, notAfterMs, scope, scopeId, fingerprintLow, fingerprintHigh, target, holdMs, untilMs },
    money: [amount, currency, journey],
    limits: [maxOfCustomer, maxOfAddress, address],
    key: keyText(command),
    customer: customerText(command),
    lines: Array.from({ length: lines.count }, (_, line) => [
      lines.sale[line],
      lines.quantity[line],
      ...asked(lines, line),
    ]),
    seats: [...lines.seats.subarray(0, lines.seatCount)],
    partial: lines.partial,
    cancel: [...cancellation.lines.subarray(0, cancellation.count)],
    body: JSON.stringify(body),
  };
}

/** How a line asks for seats; nothing for a count. */
function asked(lines: Lines, line: number): readonly (number | undefined)[] {
  const ask = lines.asksSeats ? lines.ask[line] : asks.count;
  if (ask === asks.count) return [];
  return ask === asks.best ? [ask, lines.section[line], lines.accessible[line], lines.split[line]] : [ask];
}

const seated = {
  name: 'opera',
  kind: 'seated',
  capacity: 5,
  hall: {
    sections: [
      {
        name: 'Stalls',
        rows: [
          { name: 'A', rank: 0, seats: ['1', { number: '2', accessible: true, rank: 3 }] },
          { name: 'Ž', seats: { from: 7, to: 9 } },
        ],
      },
      { name: 'empty', rows: [] },
    ],
  },
  linePerSeat: true,
  price: null,
  opensAtMs: null,
  closesAtMs: null,
  holdMs: 60_000,
  maxHoldMs: 120_000,
  maxPerOrder: 4,
  maxPerCustomer: null,
  refusals: 'forget',
  door: 3,
  attributes: { venue: 'Ōpera', '': '' },
} as const;

const sale = {
  name: 'Ōpera 🎭',
  kind: 'counted',
  capacity: 1_000_000_000,
  price: { amount: 9_007_199_254_740_991, currency: 'EUR' },
  opensAtMs: null,
  closesAtMs: 1_700_000_000_000,
  holdMs: 60_000,
  maxHoldMs: 120_000,
  maxPerOrder: null,
  maxPerCustomer: 4,
  refusals: 'remember',
  door: 1,
} as const;

const tariff: TariffDefinition = {
  effectiveFromMs: null,
  currency: 'EUR',
  stations: [
    { id: 'Ōst', number: 65_534, name: 'Ōst "Tor"', zone: 1 },
    { id: 'west', number: null, name: '', zone: 2 },
  ],
  fares: {
    zones: [
      [200, 310],
      [310, 200],
    ],
  },
  minimumBalance: 0,
  maximumFare: 0x7fffffff,
  journeyMinutes: [90, 120],
  passbackSeconds: 60,
  caps: [{ amount: 800, window: 'week', zones: [1, 2] }],
  peaks: [],
  timeZone: 'Europe/Vienna',
  offsets: [
    [0, 60],
    [1_700_000_000_000.5, 120],
  ],
  categories: { child: { numerator: 1, denominator: 3, round: 'nearest' } },
  sameStation: null,
  interchanges: [{ from: 0, to: 1, minutes: 20 }],
};

/** At least one command of every kind; the first of each has no more than it needs. */
export function samples(): Command[] {
  const make = (kind: keyof typeof kinds, fields: Partial<Command> = {}): Command =>
    Object.assign(new Command().reset(kinds[kind]), fields);
  const partial = (kind: keyof typeof kinds): Command => {
    const command = make(kind);
    linesOf(command).partial = true;
    return command;
  };
  const hold = (holdMs: number): Command => {
    const command = make('hold');
    termsOf(command).holdMs = holdMs;
    return command;
  };
  const extend = (target: number, untilMs: number): Command => {
    const command = make('extend', { target });
    extensionOf(command).untilMs = untilMs;
    return command;
  };
  const keyed = (command: Command, key: string, customer?: string): Command => {
    command.setKey(scopes.door, 0xffffffff, key);
    command.fingerprintLow = 0xffffffff;
    command.fingerprintHigh = 0x80000001;
    command.notAfterMs = 1_700_000_000_000.25;
    if (customer !== undefined) command.setCustomer(customer);
    return command;
  };
  const lines = (command: Command, ...all: readonly [number, number][]): Command => {
    for (const line of all) linesOf(command).add(...line);
    return command;
  };
  const best = (command: Command, ...all: readonly Parameters<Lines['addBest']>[]): Command => {
    for (const line of all) linesOf(command).addBest(...line);
    return command;
  };
  const named = (command: Command, ...all: readonly (readonly [number, readonly number[]])[]): Command => {
    for (const [sale, seats] of all) linesOf(command).addSeats(sale, seats);
    return command;
  };
  const mixed = lines(best(named(make('order'), [3, [7, 9]]), [4, 2, 0, true, true]), [5, 6]);
  const full = named(make('order'), [0, Array.from({ length: maxSeats - maxLines + 1 }, (_, seat) => seat)]);
  for (let line = 1; line < maxLines; line += 1) linesOf(full).addSeats(line, [0xffffffff - line]);
  const rest = best(partial('order'), [3, 5, 2, false, false]);
  const cancel = make('cancel', { target: 0xffffffff });
  for (const line of [0, 63]) cancellationOf(cancel).add(line);
  const settings = {
    orderKeyRetentionMs: 86_400_000,
    holdKeyRetentionMs: 600_000,
    sweepLimit: 1000,
    maxKeys: 10_000_000,
  };
  return [
    make('genesis', { body: { engineVersion: 1, cell: 1, hashKey: [0, 1, 0x80000000, 0xffffffff], ...settings } }),
    make('tick'),
    make('started', { body: { epoch: '0123456789ab' } }),
    make('started', { body: { epoch: 'ffffffffffff', offsetMs: -86_400_000 } }),
    make('setClock', { body: { offsetMs: 2_500 } }),
    make('settings', { body: { engineVersion: 1, maxKeys: 5 } }),
    make('seed', { body: { sales: [sale, sale], customers: [{ id: 'ann\u{301}a', name: '安娜', email: null }] } }),
    make('createSale', { body: sale }),
    keyed(make('createSale', { body: { ...sale, name: '"\\\u{2028}\0' } }), 'key', 'anna'),
    make('updateSale', { body: { sale: 3, price: null, status: 'paused' } }),
    make('createCustomer', { body: { id: null, name: null, email: null } }),
    keyed(make('createCustomer', { body: { id: 'ключ', name: 'Ключ', email: null } }), 'key', 'ключ'),
    lines(make('order'), [0, 1]),
    make('order'),
    keyed(lines(make('order'), [0, 1], [0xffffffff, 0xffffffff], [0, 0]), 'schlüssel', '\u{feff}anna'),
    keyed(lines(hold(60_000), [3, 2]), 'schlüssel', 'anna'),
    make('confirm', { target: 7 }),
    keyed(make('confirm', { target: 0xffffffff }), 'k', 'a'),
    keyed(extend(7, 1_700_000_090_000.5), 'key'),
    make('release', { target: 7 }),
    keyed(make('release'), '', 'anna'),
    keyed(cancel, 'key'),
    make('cancel', { target: 1 }),
    lines(make('joinWaitlist'), [3, 2]),
    keyed(lines(make('joinWaitlist'), [0xffffffff, 0xffffffff]), 'key', 'anna'),
    make('createSale', { body: seated }),
    make('updateSale', { body: { sale: 3, capacity: 7, attributes: { city: 'Wien' } } }),
    make('removeSale', { body: { sale: 3 } }),
    make('createCustomer', { body: { id: null, name: null, email: 'a@example.com', door: 3, uniqueEmail: true } }),
    make('changeCustomer', { body: { customer: 0, name: null, email: 'ä@example.com' } }),
    make('removeCustomer', { body: { customer: 0xfffffffe } }),
    make('addSeats', {
      body: {
        sale: 3,
        seats: [
          { section: 'A', row: '1', number: '07' },
          { section: 'Ō', row: '', number: '8', place: 4096, rank: 0, accessible: true, blocked: true },
        ],
      },
    }),
    make('changeSeat', { body: { sale: 3, seat: 9, number: '10', place: 12, accessible: false, blocked: true } }),
    keyed(make('removeSeat', { body: { sale: 3, seat: 9 } }), 'key'),
    named(make('order'), [0, [0]]),
    keyed(named(make('order'), [3, [7, 0xffffffff, 7]], [4, []]), 'schlüssel', 'anna'),
    best(make('order'), [0, 1, 0, false, false]),
    keyed(best(make('order'), [3, 4, 0xffffffff, false, true], [4, 0, 1, true, false]), 'key'),
    keyed(mixed, 'key', 'anna'),
    full,
    keyed(rest, 'key', 'anna'),
    lines(partial('order'), [3, 2]),
    named(partial('order'), [3, [1]]),
    partial('order'),
    named(hold(60_000.5), [3, [8, 7]]),
    keyed(best(hold(1), [3, 2, 7, true, true]), 'key', 'anna'),
    best(make('joinWaitlist'), [3, 2, 0, false, false]),
    lines(partial('joinWaitlist'), [3, 2]),
    make('leaveWaitlist', { target: 7 }),
    keyed(make('leaveWaitlist', { target: 0xffffffff }), 'key'),
    make('setTariff', { body: tariff }),
    keyed(make('setTariff', { body: { ...tariff, effectiveFromMs: 1_700_000_000_000 } }), 'key'),
    ...samplesOfCards(make, keyed),
  ];
}

type Make = (kind: keyof typeof kinds, fields?: Partial<Command>) => Command;
type Keyed = (command: Command, key: string) => Command;

const tap: Tap = {
  gate: 0,
  epoch: 0,
  sequence: 1,
  card: 7,
  station: 0,
  direction: 0,
  decided: 0,
  atMs: 1_700_000_000_000,
};

function taps(command: Command, ...all: readonly Tap[]): Command {
  for (const each of all) tapsOf(command).add(each);
  return command;
}

function adjustment(command: Command, terms: Partial<Adjustment>): Command {
  Object.assign(adjustmentOf(command), terms);
  return command;
}

function samplesOfCards(make: Make, keyed: Keyed): Command[] {
  const money = (command: Command, amount: number, currency: number, journey = 0): Command => {
    Object.assign(moneyOf(command), { amount, currency, journey });
    return command;
  };
  const opening = { category: 'adult', balance: 0, currency: null };
  return [
    make('createCard', { body: { id: 'a', name: null, ...opening } }),
    keyed(make('createCard', { body: { id: 'ключ', name: 'Ō', ...opening, balance: 5, currency: 'EUR' } }), 'key'),
    make('issueCards', { body: { count: 10_000, ...opening } }),
    make('topUp'),
    keyed(money(make('topUp', { target: 0xffffffff }), 2 ** 53 - 1, currencyWord('EUR')), 'key'),
    money(make('refund', { target: 7 }), 250, 0, 2 ** 40),
    make('blockCard', { target: 7 }),
    make('addKey', { body: { hash: '0f'.repeat(32), right: 'tap', gates: ['a', 'Ō'], label: null } }),
    make('removeKey', { body: { key: 0 } }),
    keyed(make('unblockCard', { target: 0xffffffff }), 'key'),
    make('adjust'),
    adjustment(make('adjust', { target: 7 }), { day: -1, amount: -250, replaces: 2 ** 40, run: 0xffffffff }),
    make('addGate', { body: { id: 'a', number: null, station: null } }),
    keyed(make('addGate', { body: { id: 'ключ', number: 0xffffffff, station: 'Ō' } }), 'key'),
    make('skipTaps', { body: { gate: 0, epoch: 0xffffffff, from: 1, to: 0xffffffff, reason: 'lost' } }),
    make('taps'),
    taps(make('taps'), tap, { ...tap, card: 0xffffffff, station: 0xffff, direction: 1, decided: 2, atMs: -0.5 }),
    taps(make('taps'), ...Array.from({ length: 3 }, (_, at) => ({ ...tap, sequence: at + 1 }))),
  ];
}
