/**
 * The client of a gate, and the binary form of taps. For browsers, too; a file for the queue needs
 * Node or Bun.
 */
export { Gate } from './gate.ts';
export type { Conflict, Decided, GateOptions, GateReason, Tap } from './gate-options.ts';
export type { RiskLimit } from './risk.ts';
export type { FareBase, TapFlag, TapReason, WireOutcome, WireRule, WireTap } from './tap-bytes.ts';
export { readOutcome, readTap, tapBytes, tapFlags, tapReasons, tapsType, tapWindow, writeTap } from './tap-bytes.ts';
export type { BatchAnswer, TapStreamOptions } from './tap-stream.ts';
export { newBatch, tapAt, TapStream } from './tap-stream.ts';
export type { UplinkState } from './uplink.ts';
