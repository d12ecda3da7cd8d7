/** Every door, by its table, against the one suite. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openableDoors } from '../../src/cli/settings.ts';
import { conforms } from './door.ts';
import type { DoorTable } from './door/table.ts';
import { drops } from './doors/drops.ts';
import { gates } from './doors/gates.ts';
import { seats } from './doors/seats.ts';
import { tickets } from './doors/tickets.ts';
import { v1, v1Seated } from './doors/v1.ts';

const tables: readonly DoorTable[] = [tickets, drops, seats, v1, v1Seated, gates];

test('every door that can be opened has a table', () => {
  const named = new Set(tables.map(({ name }) => name.split(',')[0]));
  assert.deepEqual(named, new Set<string | undefined>(openableDoors));
});

for (const table of tables) conforms(table);
