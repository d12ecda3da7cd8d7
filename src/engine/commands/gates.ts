/**
 * Commands that make a gate known, and that tell of taps which a gate lost. Cold: JSON in the log.
 */
export interface GateDefinition {
  /** At most 255 bytes of UTF-8. */
  readonly id: string;
  /** The number in binary taps, from 1; null gives the next free one. */
  readonly number: number | null;
  /** Id of the station that it stands at; null for a gate that names one in each tap. */
  readonly station: string | null;
}

/** The gate never sends the taps from `from` to `to`: they are lost. */
export interface TapsSkip {
  /** Row of the gate. */
  readonly gate: number;
  readonly epoch: number;
  /** The number that the gate's mark expects next. */
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}
