/**
 * What holds for every door. A door joins by a table (`door/table.ts`): how something is put on
 * sale, taken and given back, where it says what is left, and how it refuses. See README.md.
 */
import { describe } from 'node:test';
import { faultsOf } from './door/faults.ts';
import { inputOf } from './door/input.ts';
import { keysOf } from './door/keys.ts';
import { restartOf } from './door/restart.ts';
import { rushOf } from './door/rush.ts';
import type { DoorTable } from './door/table.ts';

export function conforms(table: DoorTable): void {
  describe(`the door ${table.name}`, () => {
    keysOf(table);
    rushOf(table);
    inputOf(table);
    faultsOf(table);
    restartOf(table);
  });
}
