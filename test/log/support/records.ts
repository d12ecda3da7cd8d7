/** Commands of every kind, and ways to compare them before and after they were bytes. */
import { Command, kinds, scopes } from '../../../src/engine/command.ts';
import { customerText, keyText, RecordReader, RecordWriter } from '../../../src/log/codec.ts';

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
  const { kind, notAfterMs, scope, scopeId, fingerprintLow, fingerprintHigh, target, holdMs, untilMs, body } = command;
  return {
    numbers: { kind, notAfterMs, scope, scopeId, fingerprintLow, fingerprintHigh, target, holdMs, untilMs },
    key: keyText(command),
    customer: customerText(command),
    lines: Array.from({ length: command.lineCount }, (_, line) => [command.lineSale[line], command.lineQuantity[line]]),
    cancel: [...command.cancelLine.subarray(0, command.cancelCount)],
    body: JSON.stringify(body),
  };
}

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

/** At least one command of every kind; the first of each has no more than it needs. */
export function samples(): Command[] {
  const make = (kind: keyof typeof kinds, fields: Partial<Command> = {}): Command =>
    Object.assign(new Command().reset(kinds[kind]), fields);
  const keyed = (command: Command, key: string, customer?: string): Command => {
    command.setKey(scopes.door, 0xffffffff, key);
    command.fingerprintLow = 0xffffffff;
    command.fingerprintHigh = 0x80000001;
    command.notAfterMs = 1_700_000_000_000.25;
    if (customer !== undefined) command.setCustomer(customer);
    return command;
  };
  const lines = (command: Command, ...all: readonly [number, number][]): Command => {
    for (const line of all) command.addLine(...line);
    return command;
  };
  const cancel = make('cancel', { target: 0xffffffff, cancelCount: 2 });
  cancel.cancelLine.set([0, 63]);
  const settings = {
    orderKeyRetentionMs: 86_400_000,
    holdKeyRetentionMs: 600_000,
    sweepLimit: 1000,
    maxKeys: 10_000_000,
  };
  return [
    make('genesis', { body: { engineVersion: 1, cell: 1, hashKey: [0, 1, 0x80000000, 0xffffffff], ...settings } }),
    make('tick'),
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
    keyed(lines(make('hold', { holdMs: 60_000 }), [3, 2]), 'schlüssel', 'anna'),
    make('confirm', { target: 7 }),
    keyed(make('confirm', { target: 0xffffffff }), 'k', 'a'),
    keyed(make('extend', { target: 7, untilMs: 1_700_000_090_000.5 }), 'key'),
    make('release', { target: 7 }),
    keyed(make('release'), '', 'anna'),
    keyed(cancel, 'key'),
    make('cancel', { target: 1 }),
    lines(make('joinWaitlist'), [3, 2]),
    keyed(lines(make('joinWaitlist'), [0xffffffff, 0xffffffff]), 'key', 'anna'),
    make('leaveWaitlist', { target: 7 }),
    keyed(make('leaveWaitlist', { target: 0xffffffff }), 'key'),
  ];
}
