/**
 * Every answer that the engine can give: stable number, code, HTTP status, sentence, and whether
 * the same request can succeed later. Numbers are in the log's outcome hashes, so they never
 * change; new ones are added. When several refusals apply to a command, the lowest number wins. So
 * this table is the order of precedence: the key, the thing named, the request itself, the state of
 * the hold or order, the window, the limits, the stock.
 */
export interface OutcomeRow {
  readonly number: number;
  readonly code: string;
  readonly status: number;
  /** True when the same request, sent again later, may succeed. */
  readonly retryable: boolean;
  readonly sentence: string;
}

function row(number: number, code: string, status: number, retryable: boolean, sentence: string): OutcomeRow {
  return { number, code, status, retryable, sentence };
}

export const outcomes = {
  OK: row(0, 'OK', 200, false, 'Done.'),
  NO_EFFECT: row(
    1,
    'NO_EFFECT',
    200,
    false,
    'A command that has effect only once was already applied; nothing changed.',
  ),
  KEY_REUSED: row(
    10,
    'KEY_REUSED',
    422,
    false,
    'This idempotency key was used for another request. Use a new key for a new request.',
  ),
  KEYS_FULL: row(
    12,
    'KEYS_FULL',
    503,
    true,
    'The store of idempotency keys is full. Nothing was done. Retry later with the same key.',
  ),
  TOO_LATE: row(
    14,
    'TOO_LATE',
    503,
    true,
    'The request waited too long and was dropped without effect. Retry with the same key.',
  ),
  UNKNOWN_SALE: row(20, 'UNKNOWN_SALE', 404, false, 'There is no such sale.'),
  UNKNOWN_HOLD: row(21, 'UNKNOWN_HOLD', 404, false, 'There is no such hold.'),
  UNKNOWN_ORDER: row(22, 'UNKNOWN_ORDER', 404, false, 'There is no such order.'),
  UNKNOWN_LINE: row(23, 'UNKNOWN_LINE', 404, false, 'The order has no such line. Lines are numbered from 0.'),
  CUSTOMER_EXISTS: row(24, 'CUSTOMER_EXISTS', 409, false, 'A customer with this id exists already.'),
  UNKNOWN_ENTRY: row(25, 'UNKNOWN_ENTRY', 404, false, 'There is no such place on the waitlist.'),
  UNKNOWN_SEAT: row(26, 'UNKNOWN_SEAT', 404, false, 'There is no such seat in this sale.'),
  UNKNOWN_SECTION: row(27, 'UNKNOWN_SECTION', 404, false, 'There is no such section in this sale.'),
  UNKNOWN_CUSTOMER: row(28, 'UNKNOWN_CUSTOMER', 404, false, 'There is no such customer.'),
  EMAIL_TAKEN: row(29, 'EMAIL_TAKEN', 409, false, 'Another customer has this e-mail.'),
  INVALID_QUANTITY: row(30, 'INVALID_QUANTITY', 400, false, 'The quantity must be a whole number of at least 1.'),
  CUSTOMER_REQUIRED: row(31, 'CUSTOMER_REQUIRED', 400, false, 'This sale has a limit per customer: name the customer.'),
  CURRENCY_MISMATCH: row(
    32,
    'CURRENCY_MISMATCH',
    400,
    false,
    'The currency differs: all lines of an order, and all prices of a sale, share one currency.',
  ),
  INVALID_WINDOW: row(33, 'INVALID_WINDOW', 400, false, 'The sale would close before it opens.'),
  SEATS_REQUIRED: row(
    34,
    'SEATS_REQUIRED',
    400,
    false,
    'This sale has numbered seats: name the seats, or ask for the best.',
  ),
  NO_SEATS: row(35, 'NO_SEATS', 400, false, 'This sale has no numbered seats: give a quantity.'),
  NOT_YOURS: row(36, 'NOT_YOURS', 403, false, 'This belongs to another customer.'),
  SEAT_REPEATED: row(37, 'SEAT_REPEATED', 400, false, 'A seat is named twice in the request.'),
  BEST_ALONE: row(
    38,
    'BEST_ALONE',
    400,
    false,
    'The best seats of a sale are asked for in one line, without other lines on the same sale.',
  ),
  CAPACITY_FOLLOWS: row(
    39,
    'CAPACITY_FOLLOWS',
    400,
    false,
    'The capacity of a seated sale follows its seats: add, remove or block seats.',
  ),
  HOLD_CONFIRMED: row(40, 'HOLD_CONFIRMED', 409, false, 'The hold was confirmed already and became an order.'),
  HOLD_RELEASED: row(41, 'HOLD_RELEASED', 410, false, 'The hold was released; its stock went back.'),
  HOLD_EXPIRED: row(42, 'HOLD_EXPIRED', 410, false, 'The hold has expired; its stock went back. Place a new one.'),
  ORDER_CANCELLED: row(44, 'ORDER_CANCELLED', 409, false, 'The order is cancelled already.'),
  LINE_CANCELLED: row(45, 'LINE_CANCELLED', 409, false, 'A line of the order is cancelled already.'),
  ENTRY_ENDED: row(46, 'ENTRY_ENDED', 410, false, 'This place on the waitlist has ended: it was served or left.'),
  SEAT_EXISTS: row(48, 'SEAT_EXISTS', 409, false, 'The hall has a seat with this name or at this place already.'),
  CLOSED: row(50, 'CLOSED', 409, false, 'The sale is closed.'),
  PAUSED: row(51, 'PAUSED', 409, true, 'The sale is paused. Retry when it goes on.'),
  NOT_OPEN: row(52, 'NOT_OPEN', 409, true, 'The sale is not open yet. Retry when it opens.'),
  LIMIT_REACHED: row(60, 'LIMIT_REACHED', 409, false, 'The quantity would pass the limit per order or per customer.'),
  HOLDS_TOO_MUCH: row(
    61,
    'HOLDS_TOO_MUCH',
    409,
    true,
    'This customer, or this address, would hold more of the sale than one may. Buy what is held, or let it go.',
  ),
  SOLD_OUT: row(70, 'SOLD_OUT', 409, false, 'Fewer units are left than were asked for.'),
  SEAT_TAKEN: row(71, 'SEAT_TAKEN', 409, false, 'A seat is held, sold or blocked. Choose another.'),
  STILL_AVAILABLE: row(
    72,
    'STILL_AVAILABLE',
    409,
    false,
    'There is stock for this and nobody is waiting: buy or hold it.',
  ),
  NOT_TOGETHER: row(
    73,
    'NOT_TOGETHER',
    409,
    false,
    'So many seats next to each other are not left. Ask for fewer, or allow a split.',
  ),
  WAITLIST_FULL: row(
    74,
    'WAITLIST_FULL',
    409,
    true,
    'As many wait for this sale as may. Retry when the line is shorter.',
  ),
  CAPACITY_TOO_LOW: row(80, 'CAPACITY_TOO_LOW', 409, false, 'The capacity cannot be less than what is sold and held.'),
  SALE_NOT_EMPTY: row(82, 'SALE_NOT_EMPTY', 409, false, 'Something of the sale is sold or held: it cannot be removed.'),
  UNKNOWN_CARD: row(90, 'UNKNOWN_CARD', 404, false, 'There is no such card.'),
  UNKNOWN_GATE: row(91, 'UNKNOWN_GATE', 404, false, 'There is no such gate.'),
  UNKNOWN_STATION: row(92, 'UNKNOWN_STATION', 404, false, 'There is no such station.'),
  CARD_EXISTS: row(93, 'CARD_EXISTS', 409, false, 'A card with this id exists already.'),
  GATE_EXISTS: row(94, 'GATE_EXISTS', 409, false, 'A gate with this id or this number exists already.'),
  UNKNOWN_CATEGORY: row(95, 'UNKNOWN_CATEGORY', 400, false, 'No tariff has this rider category.'),
  TARIFF_IN_PAST: row(96, 'TARIFF_IN_PAST', 409, false, 'A tariff cannot hold from a time in the past: re-rate it.'),
  INVALID_TARIFF: row(97, 'INVALID_TARIFF', 400, false, 'The tariff contradicts itself.'),
  BALANCE_LIMIT: row(98, 'BALANCE_LIMIT', 409, false, 'The balance would pass what a card can hold.'),
  INVALID_AMOUNT: row(99, 'INVALID_AMOUNT', 400, false, 'The amount must be a whole number of minor units above 0.'),
  MARK_MOVED: row(100, 'MARK_MOVED', 409, false, 'The gate stands at another sequence: skip from the one it expects.'),
  ADJUSTED_ALREADY: row(101, 'ADJUSTED_ALREADY', 409, false, 'This run has adjusted that card and day already.'),
  SUM_MOVED: row(102, 'SUM_MOVED', 409, true, 'What the card paid for that day has changed: compute it again.'),
  UNKNOWN_KEY: row(103, 'UNKNOWN_KEY', 404, false, 'There is no such access key.'),
  TARIFF_LIMIT: row(
    104,
    'TARIFF_LIMIT',
    409,
    false,
    'The store keeps as many tariffs, stations or rider categories as it can.',
  ),
} as const satisfies Record<string, OutcomeRow>;

export type OutcomeCode = keyof typeof outcomes;

const byNumber: (OutcomeRow | undefined)[] = [];
for (const outcome of Object.values(outcomes)) byNumber[outcome.number] = outcome;

/**
 * The row of a number.
 * @throws when no row has the number: the log does not fit this program
 */
export function outcomeOf(number: number): OutcomeRow {
  const outcome = byNumber[number];
  if (outcome === undefined) throw new Error(`no outcome has the number ${number}`);
  return outcome;
}

/** The one of two refusals with the lower number; null for none. */
export function lower(one: OutcomeRow | null, other: OutcomeRow | null): OutcomeRow | null {
  if (one === null) return other;
  if (other === null) return one;
  return other.number < one.number ? other : one;
}
