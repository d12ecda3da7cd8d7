/** The log that the benchmark of cards is about: what it says is proved, and can fail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NotProvenError } from '../../../src/proof/audit/claim.ts';
import { buildCards, proveCards } from '../../../src/proof/bench/card-stream.ts';
import { withFolder } from '../../log/support/folders.ts';

test('cards are issued, and some of them travel and pay', () =>
  withFolder(async (folder) => {
    const stream = await buildCards(folder, 12_000, 5_000, () => undefined);
    const { state } = stream.engine;
    assert.deepEqual([state.cards.count, state.travel.live, state.journal.journeys.total], [12_000, 5_000, 5_000]);
    await stream.close();
    assert.throws(() => proveCards(stream.engine, 12_001, 5_000), NotProvenError);
    assert.throws(() => proveCards(stream.engine, 12_000, 4_999), NotProvenError);
  }));
