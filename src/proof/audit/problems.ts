/**
 * The problems that a run found, in sentences for people. Many of one kind are counted, not
 * repeated.
 */

/** How many of a kind are described in full. */
const toldOfEach = 5;

export class Problems {
  private readonly counts = new Map<string, number>();
  private readonly told: string[] = [];
  /** Prefix of each sentence: where in the run we are. */
  where = '';

  /** `kind`: one short sentence for all such problems; `account`: this one, with its figures. */
  add(kind: string, account: string): void {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    if (count <= toldOfEach) this.told.push(`${this.where}${kind}: ${account}`);
  }

  get count(): number {
    let sum = 0;
    for (const count of this.counts.values()) sum += count;
    return sum;
  }

  /** All sentences in the order of discovery, with the number of those left out at the end. */
  sentences(): string[] {
    const more = [...this.counts].filter(([, count]) => count > toldOfEach);
    return [...this.told, ...more.map(([kind, count]) => `${kind}: ${count - toldOfEach} more like that`)];
  }
}
