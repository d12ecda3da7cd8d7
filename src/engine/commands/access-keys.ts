/** Commands about the access keys of gates. Cold: JSON in the log. The keys never stand there. */

/** Makes a key known. A caller who shows it may do for these gates what its right allows. */
export interface KeyDefinition {
  /** SHA-256 of the key, 64 lower-case hexadecimal digits. */
  readonly hash: string;
  readonly right: 'tap';
  /** Ids of the gates. */
  readonly gates: readonly string[];
  /** For people: whose it is. */
  readonly label: string | null;
}

export interface KeyRemoval {
  /** Row of the key. */
  readonly key: number;
}
