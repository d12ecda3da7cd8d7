/**
 * What a store says of itself: genesis, settings, its starts, its clock, its demonstration. Cold:
 * JSON in the log.
 */
import type { CustomerDefinition } from './customers.ts';
import type { SaleDefinition } from './sales.ts';

/** What lasts and what every replica must agree on: the first record of every log. */
export interface Genesis extends Settings {
  readonly engineVersion: number;
  readonly cell: number;
  /** 128-bit key of the hash of ids and idempotency keys, four unsigned 32-bit words. */
  readonly hashKey: readonly [number, number, number, number];
}

export interface Settings {
  /** How long the keys of orders and creates are kept, ms of log time. */
  readonly orderKeyRetentionMs: number;
  /** How long the keys of a hold's operations are kept after its end, ms of log time. */
  readonly holdKeyRetentionMs: number;
  /** Most holds that one record expires. */
  readonly sweepLimit: number;
  /**
   * Most idempotency keys kept at a time; beyond it new keyed commands get KEYS_FULL. From version
   * 2 on those of free calls are apart.
   */
  readonly maxKeys: number;
  /**
   * Most keys of free calls (`isFree`) kept at a time, from version 2 on; left out: an eighth of
   * `maxKeys`.
   */
  readonly maxFreeKeys?: number;
  /**
   * Most entries that wait for a sale, for each unit of its capacity, from version 2 on; left out:
   * 10.
   */
  readonly waitingPerUnit?: number;
}

export interface SettingsChange extends Partial<Settings> {
  /** Raises the engine version; a lower one has no effect. */
  readonly engineVersion?: number;
}

/** A process has opened the log and goes on with it: the first record of each start. */
export interface Started {
  /** Random, 12 lower-case hexadecimal digits: which history this is from here (`epochs.ts`). */
  readonly epoch: string;
  /** As in `ClockChange`; left out where civil time goes on as it was. */
  readonly offsetMs?: number;
}

export interface ClockChange {
  /** Civil time is log time plus this, ms, from here on; may be negative. */
  readonly offsetMs: number;
}

/** Demonstration data: one command, with effect only as the first of its kind. */
export interface SeedDefinition {
  readonly sales: readonly SaleDefinition[];
  readonly customers: readonly CustomerDefinition[];
}
