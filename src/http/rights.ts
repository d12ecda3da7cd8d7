/** What a caller may do. A set of rights is a bit mask: the sum of their numbers. */
export const rights = {
  /** See what is on sale, buy and hold, come back with a token: public. */
  buy: 1,
  /** Tap cards at a gate. */
  tap: 2,
  /** Change a hall and its seats, as at a box office. */
  sell: 4,
  /** See the buyers: lists of orders, holds and customers. */
  see: 8,
  /** Create sales and change them. */
  run: 16,
} as const;

export type Right = keyof typeof rights;

export const ofEverybody: number = rights.buy;
export const ofGates: number = rights.buy | rights.tap;
/** All rights: an operator's. */
export const ofOperators: number = rights.buy | rights.tap | rights.sell | rights.see | rights.run;
