/** Commands that register, change and remove a customer. Cold: JSON in the log. */
export interface CustomerDefinition {
  /** The caller's id; null asks the engine for one. */
  readonly id: string | null;
  readonly name: string | null;
  readonly email: string | null;
  /** The door whose namespace of small ids the customer joins; left out for none. */
  readonly door?: number;
  /** Whether an e-mail that another customer of the same door has is refused; left out for no. */
  readonly uniqueEmail?: boolean;
  /** Whether an id that is known already, registered or not, is refused; left out for no. */
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
