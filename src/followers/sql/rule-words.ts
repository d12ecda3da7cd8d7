/** The rules of fares in words, as they were when the fare was made. */
import type { State } from '../../engine/state.ts';
import { ruleText } from '../../engine/rule-text.ts';
import type { RuleNames } from '../../engine/rule-text.ts';
import { minorDigits } from '../../../sdk/src/money.ts';
import { sqlTextOrNull } from './cells.ts';

/** Most fares have a rule that many others have. Above this many the texts are made anew. */
const maxKnown = 100_000;

class RuleWords {
  private readonly names: RuleNames;
  /** By terms, then by ends. */
  private readonly known = new Map<number, Map<number, string | null>>();
  private count = 0;

  constructor({ tariffs }: State) {
    this.names = {
      digits: tariffs.currency === null ? 2 : minorDigits(tariffs.currency),
      categories: tariffs.categories,
      stationId: (number) => tariffs.stationId(number),
    };
  }

  of(terms: number, ends: number, cappedBy: number): string | null {
    // What a cap took off is another amount each time.
    if (cappedBy !== 0) return sqlTextOrNull(ruleText(terms, ends, cappedBy, this.names));
    const ofTerms = this.ofTerms(terms);
    const known = ofTerms.get(ends);
    if (known !== undefined) return known;
    const made = sqlTextOrNull(ruleText(terms, ends, 0, this.names));
    ofTerms.set(ends, made);
    this.count += 1;
    return made;
  }

  private ofTerms(terms: number): Map<number, string | null> {
    if (this.count >= maxKnown) {
      this.known.clear();
      this.count = 0;
    }
    const known = this.known.get(terms);
    if (known !== undefined) return known;
    const made = new Map<number, string | null>();
    this.known.set(terms, made);
    return made;
  }
}

const words = new WeakMap<State, RuleWords>();

/** Null where no rule made a fare. Called for fares alone: the store has a currency by then. */
export function ruleOf(state: State, terms: number, ends: number, cappedBy: number): string | null {
  if (terms === 0) return null;
  let known = words.get(state);
  if (known === undefined) {
    known = new RuleWords(state);
    words.set(state, known);
  }
  return known.of(terms, ends, cappedBy);
}
