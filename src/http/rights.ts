/** What a caller may do. A set of rights is the sum of their numbers. */
export const rights = {
  /** Look at what is on sale, buy and hold, come back with a token: what everybody may. */
  buy: 1,
  /** Tap cards at a gate. */
  tap: 2,
  /** Change a hall and what stands in it, as at a box office. */
  sell: 4,
  /** See who bought what: lists of orders, holds and customers. */
  see: 8,
  /** Make sales and change them. */
  run: 16,
} as const;

export type Right = keyof typeof rights;

export const ofEverybody: number = rights.buy;
/** All there are: an operator's. */
export const ofOperators: number = rights.buy | rights.tap | rights.sell | rights.see | rights.run;
