/** Rules of fares between areas, found by their areas. An empty area is one that is not named. */
interface BetweenAreas {
  readonly from: string;
  readonly to: string;
}

export class RuleIndex<Rule extends BetweenAreas> {
  private readonly rules = new Map<string, Map<string, Rule[]>>();

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      const byTo = this.rules.get(rule.from) ?? new Map<string, Rule[]>();
      this.rules.set(rule.from, byTo);
      const same = byTo.get(rule.to);
      if (same === undefined) byTo.set(rule.to, [rule]);
      else same.push(rule);
    }
  }

  /** Those that name one of the areas at either end, or none. */
  between(from: readonly string[], to: readonly string[]): readonly Rule[] {
    return ['', ...from].flatMap((start) => {
      const byTo = this.rules.get(start);
      return byTo === undefined ? [] : ['', ...to].flatMap((end) => byTo.get(end) ?? []);
    });
  }
}
