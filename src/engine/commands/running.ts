/**
 * Commands about the store itself: genesis, settings, starts, clock, demonstration data. Cold: JSON
 * in the log.
 */
import type { CustomerDefinition } from './customers.ts';
import type { SaleDefinition } from './sales.ts';

/** The first record of every log: settings, and what every replica must agree on. */
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
  /** Max number of holds that one record expires. */
  readonly sweepLimit: number;
  /**
   * Max number of idempotency keys kept at a time; beyond it new keyed commands get KEYS_FULL. From
   * version 2 on, keys of free calls are counted apart.
   */
  readonly maxKeys: number;
  /**
   * Max number of keys of free calls (`isFree`) kept at a time, from version 2 on; left out: an
   * eighth of `maxKeys`.
   */
  readonly maxFreeKeys?: number;
  /**
   * Max number of waiting entries of a sale, for each unit of its capacity, from version 2 on; left
   * out: 10.
   */
  readonly waitingPerUnit?: number;
}

export interface SettingsChange extends Partial<Settings> {
  /** Raises the engine version; a lower one has no effect. */
  readonly engineVersion?: number;
}

/** A process has opened the log and continues it: the first record of each start. */
export interface Started {
  /**
   * Random, 12 lower-case hexadecimal digits: which history of the log begins here (`epochs.ts`).
   */
  readonly epoch: string;
  /** As in `ClockChange`; left out when civil time continues unchanged. */
  readonly offsetMs?: number;
}

export interface ClockChange {
  /** From here on civil time is log time plus this, ms; may be negative. */
  readonly offsetMs: number;
}

/** Demonstration data: one command, with effect only as the first of its kind. */
export interface SeedDefinition {
  readonly sales: readonly SaleDefinition[];
  readonly customers: readonly CustomerDefinition[];
}
