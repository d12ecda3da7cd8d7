/** Explains failures in words that say what to do next. */
import { HoldfastError } from '../../../sdk/src/index.ts';

export type Attempt = 'reserve' | 'buy' | 'release' | 'join' | 'leave' | 'register';

const again: Readonly<Record<Attempt, string>> = {
  reserve: 'Press Reserve again: you will not be given two.',
  buy: 'Press Buy again: you cannot be charged twice.',
  release: 'Press Let go again, or leave it: it returns by itself when its time is up.',
  join: 'Press Join again: you keep one place.',
  leave: 'Press Leave again.',
  register: 'Try again in a moment.',
};

const sentences: Readonly<Record<string, string>> = {
  SOLD_OUT:
    'Somebody was quicker: the last one just went. Join the waitlist, and the next that comes back is yours to take.',
  UNKNOWN_SECTION: 'The hall was changed, and this section is gone. Choose another.',
  STILL_AVAILABLE: 'There is stock again, so no need to wait: reserve one now.',
  LIMIT_REACHED: 'You have as many as one person may have of this. Another drop may still be open.',
  NOT_OPEN: 'This is not open yet. The button wakes up at the second it opens.',
  PAUSED: 'The store has paused this sale. Stay here: it goes on without a reload.',
  CLOSED: 'This sale has closed. Have a look at what else is live.',
  HOLD_EXPIRED: 'The time was up, so it went back on the shelf. Reserve again while there is stock.',
  HOLD_RELEASED: 'It was let go, maybe in another window. Reserve again while there is stock.',
  HOLD_CONFIRMED: 'This was bought already, maybe in another window. It is among your things below.',
  ENTRY_ENDED: 'That place in line has ended. Join again if you still want one.',
  UNKNOWN_SALE: 'This sale is no longer in the store. Have a look at what else is live.',
  UNKNOWN_HOLD: 'The store does not know this reservation any more. Reserve again.',
  FOREIGN_ORIGIN: 'The store takes no orders from this address. Use another one, or tell whoever runs it.',
};

/**
 * Why a wish for the best seats cannot be met, by the store's code: seats outside the wish may be
 * free.
 */
export const wishSentences: Readonly<Record<string, string>> = {
  NOT_TOGETHER: 'So many are not free side by side there. Ask for fewer, for another section, or take them apart.',
  SOLD_OUT: 'So many are not free there. Ask for fewer, or elsewhere.',
};

/** A sentence for the visitor. For an unknown code it includes the code, for support. */
export function explain(error: unknown, attempt: Attempt): string {
  if (!(error instanceof HoldfastError)) return `Something in this page went wrong. ${again[attempt]}`;
  if (error.code === 'SOLD_OUT' && attempt === 'join')
    return 'There never were that many, so waiting would not help. Have a look at what else is live.';
  const known = sentences[error.code];
  if (known !== undefined) return known;
  if (error.status === 0) {
    const heard = error.resultUnknown ? 'No answer came back.' : 'The store cannot be reached just now.';
    return `${heard} ${again[attempt]}`;
  }
  if (error.status === 503 || error.status === 429) return `The store is catching its breath. ${again[attempt]}`;
  return `The store said no: ${error.detail} (${error.code})`;
}

/** Whether the store has judged the request. Then the next try is a new request, with a new key. */
export function isSettled(error: unknown): boolean {
  return error instanceof HoldfastError && !error.resultUnknown && error.status !== 0 && error.status < 500;
}
