/** What registers, changes and removes a customer. Cold: JSON in the log. */
export interface CustomerDefinition {
  /** The caller's id; null asks the engine for one. */
  readonly id: string | null;
  readonly name: string | null;
  readonly email: string | null;
  /** Door number whose namespace of small ids the customer joins; left out for none. */
  readonly door?: number;
  /** Refuses an e-mail that another customer of the same door has; left out for no. */
  readonly uniqueEmail?: boolean;
  /** Refuses an id that anything has made known, registered or not; left out for no. */
  readonly onlyNew?: boolean;
}

export interface CustomerChange {
  /** Customer index. */
  readonly customer: number;
  readonly name?: string | null;
  readonly email?: string | null;
}

export interface CustomerRemoval {
  /** Customer index. */
  readonly customer: number;
}
