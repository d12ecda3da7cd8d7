/**
 * Seats of a file are added to events, as POST /api/seats adds them, but up to a thousand in a
 * record.
 */
import { composed } from '../../doors/kit/texts.ts';
import { labelOf } from '../../engine/tables/seats.ts';
import type { ImportFile } from './arguments.ts';
import { spellPlace } from './flaws.ts';
import type { SeatBatch, SeatsPlan } from './seats-plan.ts';
import { makeOnce, stoppedAt } from './once.ts';
import { Progress } from './run.ts';
import type { Target } from './target.ts';

/** Adds the seats of a plan, record after record. @throws UserError if it stops midway */
export async function addSeats(target: Target, { hash }: ImportFile, plan: SeatsPlan): Promise<void> {
  const total = plan.toAdd.reduce((sum, { seats }) => sum + seats.length, plan.there);
  const progress = new Progress(total, 'seats');
  progress.done = plan.there;
  try {
    for (const batch of plan.toAdd) {
      const { sale, row, places, seats } = batch;
      try {
        await makeOnce(
          `import-${hash}-${row}`,
          (key) => target.addSeats(sale, seats, key),
          () => stand(target, batch),
        );
      } catch (error) {
        throw stoppedAt(error, places.map(spellPlace).join(' to '), progress.done, total, 'seats');
      }
      progress.done += seats.length;
    }
  } finally {
    progress.stop();
  }
}

/** Whether any seat of an earlier added record still exists. */
async function stand(target: Target, { sale, seats }: SeatBatch): Promise<boolean> {
  const labels = new Set(seats.map(({ section, row, number }) => labelOf(section, row, number)));
  for (const { section, row, number } of await target.seats(sale))
    if (labels.has(composed(labelOf(section, row, number)))) return true;
  return false;
}
