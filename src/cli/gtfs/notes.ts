/** What a tariff could not take over from a feed, in sentences for whoever imports it. */
const maxNamed = 5;

export class Notes {
  private readonly said = new Set<string>();

  add(sentence: string): void {
    this.said.add(sentence);
  }

  get sentences(): readonly string[] {
    return [...this.said];
  }
}

/** "a, b, c and 4 more" */
export function named(names: Iterable<string>): string {
  const all = [...new Set(names)];
  const more = all.length - maxNamed;
  return more > 0 ? `${all.slice(0, maxNamed).join(', ')} and ${more} more` : all.join(', ');
}
