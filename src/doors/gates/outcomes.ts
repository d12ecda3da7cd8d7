/**
 * Outcomes of taps, straight from the columns of the journal: as JSON, or as rows of bytes. They
 * are read while the record is the one that was applied last.
 */
import { minorDigits } from '../../../sdk/src/money.ts';
import { noCard } from '../../engine/commands/taps.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { ruleText } from '../../engine/rule-text.ts';
import type { State } from '../../engine/state.ts';
import { cardId } from '../../engine/tables/cards.ts';
import { tapFlags, tapReasons, tapResults } from '../../engine/tap-outcomes.ts';
import type { Bytes } from '../../http/answer.ts';
import { writePosition } from '../kit/positions.ts';
import { BinaryTaps, writeOutcomes } from './binary.ts';
import { formatJourney } from './ids.ts';
import type { SentTaps } from './taps-fill.ts';

const resultTexts = byNumber(tapResults);
const reasonTexts = byNumber(tapReasons);
const flagNames = Object.entries(tapFlags);
const { gap, unknown } = tapResults;

/** Texts of rules and sets of flags that are kept. */
const maxTexts = 4096;

function byNumber(names: Readonly<Record<string, number>>): (string | undefined)[] {
  const texts: (string | undefined)[] = [];
  for (const [name, number] of Object.entries(names)) texts[number] = JSON.stringify(name);
  return texts;
}

export class OutcomeTexts {
  private readonly rules = new Map<string, string>();
  private readonly flags = new Map<number, string>();

  /** The answer to a request, in its order. */
  json(state: State, sent: SentTaps, outcome: Outcome): string {
    const { taps, firstTap } = state.journal;
    const start = taps.at(firstTap);
    const { currency } = state.tariffs;
    const unit = `,"currency":${JSON.stringify(currency)}}`;
    const { cell } = state.genesis;
    let text = '{"outcomes":[';
    for (let i = 0; i < outcome.thing; i += 1) {
      const row = start + i;
      const result = taps.result[row]!;
      const reason = taps.reason[row]!;
      const flags = taps.flags[row]!;
      const journey = taps.journey[row]!;
      const card = taps.card[row]!;
      text +=
        `${i === 0 ? '' : ','}{"gate":${gateText(state, sent, i, taps.gate[row]!)}` +
        `,"sequence":${taps.sequence[row]!}` +
        `,"card":${cardText(state, sent, i, card)}` +
        `,"result":${resultTexts[result]}` +
        `,"reason":${reason === 0 ? 'null' : reasonTexts[reason]}` +
        `,"rule":${this.rule(state, taps.ruleTerms[row]!, taps.ruleEnds[row]!, taps.cappedBy[row]!)}` +
        `,"flags":${flags === 0 ? '[]' : this.flagsText(flags)}` +
        (result === gap ? `,"expected":${taps.expected[row]!}` : '') +
        `,"fare":{"amount":${taps.fare[row]!}${unit}` +
        `,"balance":${knowsBalance(card, result, reason) ? `{"amount":${taps.balance[row]!}${unit}` : 'null'}` +
        `,"journey":${journey === 0 ? 'null' : `"${formatJourney(cell, journey)}"`}` +
        `,"replayed":${taps.replayed[row] === 1}}`;
    }
    return `${text}],"position":"${writePosition(state, outcome.position)}"}`;
  }

  private rule(state: State, terms: number, ends: number, cappedBy: number): string {
    if (terms === 0) return 'null';
    const key = `${terms} ${ends} ${cappedBy}`;
    const known = this.rules.get(key);
    if (known !== undefined) return known;
    const { tariffs } = state;
    const text = JSON.stringify(
      ruleText(terms, ends, cappedBy, {
        digits: tariffs.currency === null ? 0 : minorDigits(tariffs.currency),
        categories: tariffs.categories,
        stationId: (number) => tariffs.stationId(number),
      }),
    );
    if (this.rules.size >= maxTexts) this.rules.clear();
    this.rules.set(key, text);
    return text;
  }

  private flagsText(flags: number): string {
    const known = this.flags.get(flags);
    if (known !== undefined) return known;
    const text = JSON.stringify(flagNames.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name));
    if (this.flags.size >= maxTexts) this.flags.clear();
    this.flags.set(flags, text);
    return text;
  }
}

/** Whether the store looked at the card: of a tap out of turn it tells nothing. */
function knowsBalance(card: number, result: number, reason: number): boolean {
  if (card === noCard || result === gap || result === unknown) return false;
  return reason !== tapReasons.UNKNOWN_GATE && reason !== tapReasons.TOO_MANY_EPOCHS;
}

/** The gate as the request names it; for a binary one, by its id. */
function gateText(state: State, sent: SentTaps, i: number, gate: number): string {
  if (!(sent instanceof BinaryTaps)) return JSON.stringify(sent.taps[i]!.gate);
  return gate < state.gates.count ? JSON.stringify(state.gates.idOf(gate)) : `"${sent.gate(i)}"`;
}

/**
 * The card as the request names it. In a binary one that is a UUID, or the id of the card with the
 * number: null when there is none.
 */
function cardText(state: State, sent: SentTaps, i: number, card: number): string {
  if (!(sent instanceof BinaryTaps)) return JSON.stringify(sent.taps[i]!.card);
  if (sent.namesUuid(i)) return `"${sent.cardUuid(i)}"`;
  return card === noCard ? 'null' : JSON.stringify(cardId(state, card));
}

/** The same as rows of bytes, behind `start` bytes that are left to the caller. */
export function outcomeBytes(state: State, sent: SentTaps, outcome: Outcome, start = 0): Bytes {
  const { taps, firstTap: first } = state.journal;
  return writeOutcomes({ taps, first, count: outcome.thing, gate: (i) => gateNumber(state, sent, i) }, start);
}

function gateNumber({ gates }: State, sent: SentTaps, i: number): number {
  if (sent instanceof BinaryTaps) return sent.gate(i);
  const row = gates.find(sent.taps[i]!.gate);
  return row < 0 ? 0 : gates.numberOf(row);
}
