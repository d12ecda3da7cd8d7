/**
 * Positions as the database keeps them: what is stored of a replica, and whether a stored position
 * is of this log.
 */
import { createHash } from 'node:crypto';
import type { Genesis } from '../../engine/commands/running.ts';
import type { Engine } from '../../engine/engine.ts';
import { outcomeHash } from '../../replica/replay.ts';
import type { StoredPosition } from './database.ts';

/**
 * The database's content is not of this log, or the log lacks what is needed to go on. An operator
 * must decide.
 */
export class RepairNeededError extends Error {
  override readonly name = 'RepairNeededError';
}

/**
 * Tells one log from any other. Its genesis record has 128 random bits, which the digest keeps
 * secret.
 */
export function logDigest(engine: Engine): string {
  const { genesis } = engine.state;
  const known = digests.get(genesis);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(JSON.stringify(genesis)).digest('hex').slice(0, 32);
  digests.set(genesis, digest);
  return digest;
}

/** Of genesis records, which never change. */
const digests = new WeakMap<Genesis, string>();

export function positionOf(engine: Engine): StoredPosition {
  return {
    cell: engine.state.genesis.cell,
    log: logDigest(engine),
    position: engine.position,
    epoch: engine.state.epochs.at(engine.position),
    hash: outcomeHash(engine),
    timeMs: engine.nowMs,
  };
}

export function samePosition(one: StoredPosition | null, other: StoredPosition | null): boolean {
  if (one === null || other === null) return one === other;
  const isSamePlace = one.position === other.position && one.log === other.log && one.epoch === other.epoch;
  return isSamePlace && one.hash === other.hash;
}

/** Whether a place is in the history of an engine. */
export function isOfHistory(place: Pick<StoredPosition, 'log' | 'position' | 'epoch'>, engine: Engine): boolean {
  if (engine.isEmpty || place.position > engine.position || place.log !== logDigest(engine)) return false;
  return engine.state.epochs.has(place.position, place.epoch);
}

/**
 * Compares a stored position with the replica at that position, or at the log's end if that comes
 * first.
 * @throws RepairNeededError
 */
export function requireOfThisLog(stored: StoredPosition, engine: Engine, place: string): void {
  const advice =
    '`holdfast reconcile` shows what differs, `holdfast reconcile --repair` builds the tables anew from the log';
  if (engine.isEmpty || stored.log !== logDigest(engine)) {
    throw new RepairNeededError(`${place} was written from another log than the one in this data folder: ${advice}`);
  }
  if (stored.position > engine.position) {
    throw new RepairNeededError(
      `${place} stands at position ${stored.position}, and the log ends at ${engine.position}: the log is an older copy, or the machine lost power ` +
        `and \`holdfast serve\` has not recovered it yet. Once it has: ${advice}`,
    );
  }
  if (!isOfHistory(stored, engine)) {
    throw new RepairNeededError(
      `${place} stands at position ${stored.position} of another history: a copy of this log that went on by itself, before a restore or elsewhere. ` +
        `Move it aside, for a new one to be made; or ${advice}`,
    );
  }
  if (stored.hash !== outcomeHash(engine)) {
    throw new RepairNeededError(
      `${place} stands at position ${stored.position} with outcomes that the log does not have there: it was written before an older copy was ` +
        `restored. ${advice}`,
    );
  }
}

/**
 * Before views go: they are of this log, or empty. `logs`: the digests that they were written from.
 * @throws RepairNeededError
 */
export function requireNoOther(logs: readonly string[], log: string | null, place: string): void {
  if (logs.every((each) => each === log)) return;
  throw new RepairNeededError(
    `${place} has the views of another store than the one in this data folder: it stays as it is. Name the database of this store, or none`,
  );
}
