/**
 * The epoch of the taps that this window makes. Two windows never share one, or their counters
 * would take each other's sequences. Epochs are used again, since a gate remembers only so many.
 */
import { isRecord, keep, recall } from '../shared/keep.ts';

/** Windows of one browser that tap at a time. */
const slots = 64;

let found: Promise<number> | null = null;

/** The same number as long as this window lives. */
export function ownEpoch(): Promise<number> {
  found ??= findEpoch();
  return found;
}

async function findEpoch(): Promise<number> {
  // There are locks on https and localhost only. Elsewhere each visit begins an epoch of its own.
  if (!('locks' in navigator)) return randomEpoch();
  for (let slot = 0; slot < slots; slot += 1) if (await takeSlot(slot)) return epochOf(slot);
  return randomEpoch();
}

/** Takes a slot until this window ends. False: another window has it. */
function takeSlot(slot: number): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(`holdfast.gates.${slot}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    });
  });
}

function epochOf(slot: number): number {
  const kept = recall('epochs');
  const epochs = isRecord(kept) ? kept : {};
  const known = epochs[slot];
  if (typeof known === 'number') return known;
  const fresh = randomEpoch();
  keep('epochs', { ...epochs, [slot]: fresh });
  return fresh;
}

/** Even: the crowd's epoch is the odd one behind it. */
function randomEpoch(): number {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
  return Math.max(2, word & 0xfffffffe) >>> 0;
}
