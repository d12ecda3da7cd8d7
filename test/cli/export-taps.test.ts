/**
 * `holdfast export taps --format tides`: the file fits the columns and types of the published
 * schema, and its amounts add up to what the cards paid.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readCsv } from '../../src/cli/import/csv.ts';
import { openStopped } from '../../src/cli/opened.ts';
import type { Kind } from '../../src/engine/command.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import { adjustmentOf } from '../../src/engine/commands/adjustments.ts';
import type { Tap } from '../../src/engine/commands/taps.ts';
import { decisions, directions, noCard, tapsOf } from '../../src/engine/commands/taps.ts';
import { sumOfDay } from '../../src/engine/rules/days.ts';
import type { CardTotals } from '../../src/engine/tables/cards.ts';
import type { Node } from '../../src/node/node.ts';
import { cityTariff } from '../engine/tariffs-support.ts';
import { withFolder } from '../log/support/folders.ts';
import { run } from './import/support.ts';

interface Column {
  readonly name: string;
  readonly type: 'string' | 'date' | 'datetime' | 'number' | 'integer' | 'boolean';
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly minimum?: number;
  readonly enum?: readonly string[];
}

const { columns } = JSON.parse(
  fs.readFileSync(path.join(import.meta.dirname, '../fixtures/tides-fare-transactions.json'), 'utf8'),
) as { readonly columns: readonly Column[] };

const forms = {
  string: /^/,
  date: /^\d{4}-\d\d-\d\d$/,
  datetime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  number: /^-?\d+(\.\d+)?$/,
  integer: /^-?\d+$/,
  boolean: /^(true|false)$/,
} as const;

type Row = Readonly<Record<string, string>>;

/** The rows of a file, each of whose fields is what the schema wants. */
function rowsOf(csv: string): Row[] {
  const { records, flaws } = readCsv(csv);
  assert.deepEqual(flaws, []);
  const [header, ...rest] = records;
  assert.deepEqual(
    header!.fields,
    columns.map(({ name }) => name),
  );
  const rows = rest.map(({ fields }): Row => {
    assert.equal(fields.length, columns.length);
    return Object.fromEntries(columns.map(({ name }, at) => [name, fields[at]!]));
  });
  for (const { name, type, required, unique, minimum, enum: words } of columns) {
    const values = rows.map((row) => row[name]!);
    if (unique === true) assert.equal(new Set(values).size, values.length, name);
    for (const value of values) {
      if (value === '') {
        assert.ok(required !== true, `${name} is missing`);
        continue;
      }
      assert.match(value, forms[type], name);
      if (minimum !== undefined) assert.ok(Number(value) >= minimum, name);
      if (words !== undefined) assert.ok(words.includes(value), `${name}: ${value}`);
    }
  }
  return rows;
}

/** In minor units. */
const sumOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);

async function send(node: Node, kind: Kind, fill: (command: Command) => void): Promise<void> {
  const command = new Command().reset(kind);
  fill(command);
  await node.submit(command, ({ ok, row }) => assert.ok(ok, row.code), undefined);
}

const cold = (node: Node, kind: Kind, body: object): Promise<void> =>
  send(node, kind, (command) => (command.body = body));

const hourMs = 3_600_000;

/** Times count from the day before the store was made, noon. */
class City {
  private readonly node: Node;
  readonly noonMs: number;
  private sequence = 0;

  constructor(node: Node) {
    this.node = node;
    this.noonMs = Math.floor(node.civil.nowMs() / (24 * hourMs)) * 24 * hourMs - 12 * hourMs;
  }

  async build(): Promise<void> {
    const { node } = this;
    const caps = [{ amount: 700, window: 'day', zones: null }] as const;
    const categories = { child: { numerator: 1, denominator: 2, round: 'down' } } as const;
    const interchanges = [{ from: 1, to: 2, minutes: 30 }];
    const peaks = [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 15 * 60, toMinute: 16 * 60, fares: cityTariff().fares }];
    const effectiveFromMs = this.noonMs - 24 * hourMs;
    const sameStation = { graceSeconds: 60, graceFee: 0, untilMinutes: 10, fee: 120 };
    const rules = { caps, categories, interchanges, peaks, sameStation, effectiveFromMs };
    await cold(node, kinds.setTariff, cityTariff(rules));
    await cold(node, kinds.addGate, { id: 'gate "1", north', number: null, station: null });
    const card = (id: string, category: string, balance: number) => ({
      id,
      name: null,
      category,
      balance,
      currency: balance === 0 ? null : 'EUR',
    });
    await cold(node, kinds.createCard, card('anna', 'adult', 20_000));
    await cold(node, kinds.createCard, card('bert, junior', 'child', 2_000));
    await cold(node, kinds.createCard, card('poor', 'adult', 0));
  }

  /** `station`: its number. A tap of some hours after noon, opened by the gate itself or not. */
  tap(card: number, direction: keyof typeof directions, station: number, hours: number, more: Partial<Tap> = {}): Tap {
    this.sequence += 1;
    const atMs = this.noonMs + hours * hourMs;
    const decided = decisions.opened;
    return {
      gate: 0,
      epoch: 0,
      sequence: this.sequence,
      card,
      station,
      direction: directions[direction],
      decided,
      atMs,
      ...more,
    };
  }

  taps(...taps: readonly Tap[]): Promise<void> {
    return send(this.node, kinds.taps, (command) => {
      for (const tap of taps) tapsOf(command).add(tap);
    });
  }
}

async function day(data: string): Promise<{ totals: CardTotals; city: City }> {
  const store = await openStopped(data);
  const { node } = store;
  const city = new City(node);
  await city.build();
  const [anna, bert, poor] = [0, 1, 2];
  const first = city.tap(anna, 'in', 1, 0);
  await city.taps(first, city.tap(anna, 'out', 2, 0.5));
  await city.taps(first);
  // Goes on with the chain: the whole way is dearer by 90.
  await city.taps(city.tap(anna, 'in', 3, 0.75), city.tap(anna, 'out', 3, 0.76));
  await city.taps(city.tap(bert, 'in', 1, 1), city.tap(bert, 'out', 3, 1.5));
  await city.taps(city.tap(anna, 'in', 1, 3.5), city.tap(anna, 'out', 3, 3.9));
  await city.taps(city.tap(poor, 'in', 1, 1, { decided: decisions.none, atMs: node.civil.nowMs() }));
  await city.taps(city.tap(noCard, 'in', 1, 2), city.tap(bert, 'out', 3, 4), city.tap(bert, 'in', 2, 5));
  // What bert began ends with its day, in the record of a later tap of anna's.
  await cold(node, kinds.setClock, { offsetMs: 72 * hourMs });
  await city.taps(city.tap(anna, 'in', 1, 72), city.tap(anna, 'out', 1, 72.1));
  await send(node, kinds.adjust, (command) => {
    const { state } = node.engine;
    const of = Math.floor(city.noonMs / (24 * hourMs));
    command.target = anna;
    Object.assign(adjustmentOf(command), {
      day: of,
      amount: 150,
      replaces: sumOfDay(state, anna, of) ?? 0,
      run: 99_999,
    });
  });
  const totals = { ...node.engine.state.cards.totals };
  await store.close();
  return { totals, city };
}

async function exported(data: string, ...flags: string[]): Promise<{ rows: Row[]; stderr: string }> {
  const { code, stdout, stderr } = await run(['export', 'taps', '--format', 'tides', '--data', data, ...flags]);
  assert.equal(code, 0, stderr);
  return { rows: rowsOf(stdout), stderr };
}

test('the file fits the published schema, and adds up to what the cards paid', () =>
  withFolder(async (folder) => {
    const data = path.join(folder, 'data');
    const { totals, city } = await day(data);
    const { rows, stderr } = await exported(data);
    assert.match(stderr, /^15 transactions; 1 denied taps are none$/m);
    assert.equal(sumOf(rows), totals.fares - totals.adjusted);
    assert.ok(totals.fares > 0 && totals.adjusted === 150);
    const date = new Date(city.noonMs).toISOString().slice(0, 10);
    const [entered, left] = rows;
    assert.deepEqual(
      [
        entered!['fare_action'],
        entered!['amount'],
        entered!['service_date'],
        entered!['device_id'],
        entered!['stop_id'],
      ],
      ['Enter', '0.00', date, 'gate "1", north', 'a'],
    );
    const { token_id: token, balance, currency_type: currency, event_timestamp: at, fare_period: period } = left!;
    assert.deepEqual([token, balance, currency, period], ['anna', '196.90', 'EUR', 'Off-peak']);
    assert.equal(at, `${date}T12:30:00Z`);
    const of = (field: string, value: string): Row[] => rows.filter((row) => row[field] === value);
    assert.equal(of('token_id', 'bert, junior')[1]!['amount'], '2.00', 'half of the fare');
    assert.equal(of('fare_capped', 'true').length, 1);
    assert.equal(of('fare_period', 'Peak').length, 1);
    assert.deepEqual(
      of('fare_action', 'Adjust').map(({ token_id: card, amount }) => [card, amount]),
      [
        ['bert, junior', '4.50'],
        ['anna', '-1.50'],
      ],
      'the journey that its day ended, and the adjustment',
    );
    assert.equal(of('token_id', '').length, 1, 'the tap of a card that is not known');
  }));

test('a period has the taps of its times', () =>
  withFolder(async (folder) => {
    const data = path.join(folder, 'data');
    const { city } = await day(data);
    const at = (hours: number): string => new Date(city.noonMs + hours * hourMs).toISOString();
    const { rows } = await exported(data, '--from', at(0.5), '--to', at(1));
    assert.deepEqual(
      rows.map(({ transaction_id: id, fare_action: action }) => [id?.split('_').at(-1), action]),
      [
        ['2', 'Exit'],
        ['4', 'Enter'],
        ['5', 'Exit'],
      ],
      'the third tap only repeated the first',
    );
    const none = await exported(data, '--from', '2020-01-01', '--to', '2020-01-02');
    assert.deepEqual(none.rows, []);
  }));

test('a file is there once it is whole', () =>
  withFolder(async (folder) => {
    const data = path.join(folder, 'data');
    await day(data);
    const file = path.join(folder, 'taps.csv');
    const flags = ['export', 'taps', '--format', 'tides', '--data', data];
    const written = await run([...flags, '--out', file]);
    assert.deepEqual([written.code, written.stdout], [0, '']);
    assert.equal(fs.readFileSync(file, 'utf8'), (await run(flags)).stdout);
    assert.deepEqual(fs.readdirSync(folder).toSorted(), ['data', 'taps.csv']);
    const nowhere = await run([...flags, '--out', path.join(file, 'taps.csv')]);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /cannot be written/);
  }));

test('what is wrong with the flags is one sentence', async () => {
  for (const [flags, message] of [
    [[], /--format is missing; it may be tides/],
    [['--format', 'csv'], /--format is "csv"; it may be tides/],
    [['--format', 'tides', '--from', 'June'], /--from "June" is not a valid date/],
    [['--format', 'tides', '--from', '2026-06-02', '--to', '2026-06-02'], /--to is not after --from/],
    [['--format', 'tides', '--data', '/no/such/folder'], /has no store in it/],
    [['--format', 'tides', '--gate', '5'], /the flags are --format/],
  ] as const) {
    const { code, stdout, stderr } = await run(['export', 'taps', ...flags]);
    assert.deepEqual([code, stdout], [1, ''], stderr);
    assert.match(stderr, message);
  }
});
