import { changeKinds } from '../../../engine/changes.ts';
import { sqlText, sqlTextOrNull } from '../cells.ts';
import type { Table } from '../table.ts';
import { id, integer, kept, nullable, text } from '../table.ts';

export const gates: Table = {
  name: 'gates',
  of: { count: ({ gates }) => gates.count, changes: [changeKinds.gate] },
  columns: [
    id,
    text('public_id', ({ gates }, gate) => sqlText(gates.idOf(gate))),
    /** The one in binary taps. */
    integer('number', ({ gates }, gate) => gates.numberOf(gate)),
    /** Null for a gate that names one in each tap. */
    text('station', ({ gates, tariffs }, gate) => sqlTextOrNull(tariffs.stationId(gates.stationOf(gate))), nullable),
    integer('created_at_ms', ({ gates }, gate) => gates.rows[gate]!.createdAtMs),
    integer(
      'position',
      kept(({ gates }) => gates.position),
    ),
  ],
};
