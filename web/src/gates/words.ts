/** What an outcome means to a rider, and what to do next. */
import type { Money, TapDirection, TapOutcome } from '../../../sdk/src/index.ts';
import { formatPrice, HoldfastError } from '../../../sdk/src/index.ts';

const reasons: Readonly<Record<string, string>> = {
  LOW_BALANCE: 'The balance is below what a journey may need. Top the card up, then tap again.',
  CARD_BLOCKED: 'This card is blocked. Unblock it, or take another one.',
  PASSBACK: 'The card has just been tapped here the same way. Wait a moment, or tap out first.',
  UNKNOWN_CARD: 'The store does not know this card any more. Take another one.',
  UNKNOWN_GATE: 'The store does not know this gate any more. Load the page anew.',
  UNKNOWN_STATION: 'The tariff in force does not have this station. Choose another one.',
  NO_TARIFF: 'There is no tariff yet, so there is no fare. Set one, then tap again.',
  TIME_AHEAD: "This device's clock is ahead of the store's. Set it right, then tap again.",
  TIME_TOO_OLD: "This device's clock is days behind the store's. Set it right, then tap again.",
  TOO_MANY_EPOCHS: 'This gate has begun its counter anew too often. Tap at another gate.',
};

const flags: Readonly<Record<string, string>> = {
  NO_ENTRY: 'No entry was found for this exit, so it costs the maximum fare.',
  UNFINISHED: 'The journey before had no exit: it was charged the maximum fare.',
  OVERTIME: 'The journey took longer than allowed: it counts as two.',
  DISTANT: 'Less than a minute ago the card was at another station.',
  OUT_OF_ORDER: 'It is older than the last tap of the card: the fare follows at the end of the day.',
  PASSBACK: 'The card had just been tapped here the same way.',
  LOW_BALANCE: 'The balance is below what a journey may need.',
};

/** The sentence of a refusal. */
export function reasonWords(reason: string | null): string {
  return reason === null ? '' : (reasons[reason] ?? `The store said ${reason}.`);
}

export function flagWords(outcome: TapOutcome): readonly string[] {
  return outcome.flags.map((flag) => flags[flag]).filter((words) => words !== undefined);
}

/** An amount; below 0 with its sign in front. */
export function amountOf({ amount, currency }: Money): string {
  if (currency === null) return '0';
  const shown = formatPrice({ amount: Math.abs(amount), currency });
  return amount < 0 ? `−${shown}` : shown;
}

/** The rule of a fare as a sentence. */
export function ruleWords({ rule }: TapOutcome): string {
  if (rule === null || rule === '') return '';
  return `${rule.charAt(0).toUpperCase()}${rule.slice(1)}.`;
}

/** What happened, for ears. */
export function spoken(gate: string, direction: TapDirection, outcome: TapOutcome): string {
  const { result, fare, balance, reason } = outcome;
  if (result !== 'open') return `Gate ${gate} stays shut. ${reasonWords(reason)}`;
  const charged =
    fare.amount > 0 ? ` Fare ${amountOf(fare)}.` : direction === 'in' ? ' The journey begins.' : ' Nothing to pay.';
  const left = balance === null ? '' : ` Balance ${amountOf(balance)}.`;
  return [`Gate ${gate} opens.${charged}${left}`, ruleWords(outcome), ...flagWords(outcome)].join(' ').trim();
}

/** Why something could not be done, and what to do next. `again`: the button to press. */
export function troubleWords(error: unknown, again: string): string {
  if (!(error instanceof HoldfastError)) return `Something in this page went wrong. Press ${again} again.`;
  if (error.status === 401 || error.status === 403)
    return 'The store wants an operator key for this. Load the page anew and give it.';
  if (error.code === 'BALANCE_LIMIT') return 'The card cannot hold more than that. Spend some of it first.';
  if (error.status === 0 || error.status === 503 || error.status === 429) {
    return `The store cannot be reached just now. Press ${again} again: it counts once.`;
  }
  return `The store said no: ${error.detail} (${error.code})`;
}
