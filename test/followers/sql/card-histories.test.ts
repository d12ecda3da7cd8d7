/**
 * Random histories of cards, tariffs, taps and days, followed into a real database in batches that
 * end anywhere: the rows must be what each record said that it did, when it was applied by an
 * engine that nobody collects from.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { Command } from '../../../src/engine/command.ts';
import { dump } from '../../../src/engine/dump.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { positionOf } from '../../../src/followers/sql/place-in-log.ts';
import { FillableBatch } from '../../../src/followers/sql/row-batch.ts';
import { RowCollector } from '../../../src/followers/sql/rows.ts';
import { openSqliteDatabase } from '../../../src/followers/sql/sqlite/database.ts';
import type { StoredPosition } from '../../../src/followers/sql/database.ts';
import { TapHistory } from '../../engine/histories-taps.ts';
import { rowsOf } from '../../engine/journal-rows.ts';
import { Random, seedsFor } from '../../engine/random.ts';
import { allRows } from '../support/sql-rows.ts';
import type { Row } from '../support/sql-rows.ts';

const stepsPerRun = 400;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-card-rows-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const noCard = 0xffffffff;
/** Results and reasons of taps that moved no mark. */
const moved = { open: 0, deny: 1, unknownGate: 1, tooManyEpochs: 12 } as const;

/** What there must be, taken from each record as it was applied. */
interface Said {
  readonly taps: Row[];
  readonly entries: Row[];
  readonly journeys: Row[];
}

function note(said: Said, engine: Engine, counts: { taps: number }): void {
  const { taps, entries, journeys } = rowsOf(engine.state.journal);
  for (const tap of taps) {
    counts.taps += 1;
    const { result, reason, replayed } = tap;
    if (replayed === 1 || (result !== moved.open && result !== moved.deny)) continue;
    if (reason === moved.unknownGate || reason === moved.tooManyEpochs) continue;
    said.taps.push({
      id: counts.taps,
      gate_id: Number(tap['gate']) + 1,
      epoch: tap['epoch']!,
      sequence: tap['sequence']!,
      card_id: tap['card'] === noCard ? null : Number(tap['card']) + 1,
      result: result === moved.open ? 'open' : 'deny',
      fare: tap['fare']!,
      journey: tap['journey'] || null,
      booked_at_ms: tap['bookedAtMs']!,
      position: tap['position']!,
    });
  }
  for (const entry of entries) {
    said.entries.push({
      id: said.entries.length + 1,
      card_id: Number(entry['card']) + 1,
      amount: entry['amount']!,
      balance: entry['balance']!,
      journey: entry['journey'] || null,
      booked_at_ms: entry['bookedAtMs']!,
      position: entry['position']!,
    });
  }
  for (const journey of journeys) {
    said.journeys.push({
      id: said.journeys.length + 1,
      number: journey['number']!,
      card_id: Number(journey['card']) + 1,
      fare: journey['fare']!,
      capped_by: journey['cappedBy']!,
      chain: journey['chain']!,
      position: journey['position']!,
    });
  }
}

function alike(found: readonly Row[] = [], like: readonly Row[]): Row[] {
  return found.map((row, at) =>
    Object.fromEntries(Object.keys(like[at] ?? row).map((name) => [name, row[name] ?? null])),
  );
}

/** What the histories have had between them. */
const seen = { taps: 0, journeys: 0, adjustments: 0 };

describe('a history of cards followed into SQL', () => {
  for (const seed of seedsFor(6)) {
    test(`a history of cards is in the tables as it happened, seed ${seed}`, async () => {
      const random = new Random(seed);
      const history = new TapHistory(random);
      const [told, followed] = [new Engine(), new Engine()];
      const [command, decoded] = [new Command(), new Command()];
      const said: Said = { taps: [], entries: [], journeys: [] };
      const counts = { taps: 0 };
      const database = openSqliteDatabase(path.join(folder, `${seed}.sqlite`));
      await database.migrate();
      const batch = new FillableBatch();
      let collector = new RowCollector(followed);
      collector.begin(false);
      let written: StoredPosition | null = null;
      const write = async (): Promise<void> => {
        collector.collect();
        collector.batch(batch);
        const to = positionOf(followed);
        if (written?.position !== to.position) await database.write(batch.filled(), written, to);
        written = to;
      };
      for (let step = 0; step < stepsPerRun; step += 1) {
        history.next(command, told.isEmpty ? null : dump(told));
        history.record(command, decoded);
        told.apply(decoded, told.position + 1, history.nowMs);
        // A record that has nothing to do with cards leaves the rows of the one before.
        const { journal } = told.state;
        note(said, told, counts);
        journal.clear();
        collector.applied(decoded, followed.apply(decoded, followed.position + 1, history.nowMs));
        if (random.chance(12)) await write();
        if (random.chance(3)) {
          // A follower that starts again: all that it knew is gone, but what the database has.
          await write();
          collector = new RowCollector(followed);
          collector.begin(true);
        }
      }
      await write();
      const found = await allRows(database);
      await database.close();
      seen.taps += said.taps.length;
      seen.journeys += said.journeys.length;
      seen.adjustments += (found.entries ?? []).filter(({ kind }) => kind === 'adjustment').length;
      for (const name of ['taps', 'entries', 'journeys'] as const) {
        assert.deepEqual(alike(found[name], said[name]), said[name], name);
      }
      const { cards, cardTotals } = dump(told);
      const dumped = cards.map(({ id, name, category, balance, status, createdAtMs }, row) => {
        return { id: row + 1, public_id: id, name, category, status, balance, created_at_ms: createdAtMs };
      });
      assert.deepEqual(found.cards ?? [], dumped);
      // It adds up: of each card, and of all.
      for (const { id, balance } of dumped) {
        const ofCard = found.entries?.filter(({ card_id: card }) => card === id) ?? [];
        assert.equal(
          ofCard.reduce((sum, { amount }) => sum + Number(amount), 0),
          balance,
        );
      }
      const fares = found.entries?.filter(({ kind }) => kind === 'fare') ?? [];
      assert.equal(
        fares.reduce((sum, { amount }) => sum - Number(amount), 0),
        cardTotals.fares,
      );
      assert.deepEqual(
        fares.filter(({ rule, journey }) => rule === null || journey === null),
        [],
      );
    });
  }

  test('a history of cards has had rows of every kind', { skip: process.env['HOLDFAST_SEED'] !== undefined }, () =>
    assert.ok(seen.taps > 1000 && seen.journeys > 100 && seen.adjustments > 0, JSON.stringify(seen)),
  );
});
