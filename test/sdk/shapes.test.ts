/** The client's tables and shapes are those of the server. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Static, TSchema } from 'typebox';
import type * as sdk from '../../sdk/src/index.ts';
import { errorCodes } from '../../sdk/src/index.ts';
import type * as schemas from '../../src/doors/v1/schemas.ts';
import { outcomes } from '../../src/engine/outcomes.ts';
import { problems } from '../../src/http/problems.ts';

type Schemas = typeof schemas;
type Of<Name extends keyof Schemas> = Schemas[Name] extends TSchema ? Static<Schemas[Name]> : never;

/** True when each is assignable to the other. */
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : 'too much is declared') : 'too little';
/** The fields whose types both sides write so that they can be compared: others are lists, and unions made in a loop. */
type Plain<Shape> = Omit<Shape, 'status' | 'lines'>;
/** True when what the store sends is what the client declares, and the other way round. */
type SameShape<One, Other> = SameFields<One, Other> extends true ? Same<Plain<One>, Plain<Other>> : 'other fields';
/** True when they have the same fields; the client takes Dates and undefined where the store takes text and nothing. */
type SameFields<One, Other> = Same<keyof One, keyof Other>;

/** What does not hold is an error of the type checker. */
const answers: Record<string, true> = {
  sale: true satisfies SameShape<Of<'sale'>, sdk.Sale>,
  order: true satisfies SameShape<Of<'order'>, sdk.Order>,
  hold: true satisfies SameShape<Of<'hold'>, sdk.Hold>,
  customer: true satisfies SameShape<Of<'customer'>, sdk.Customer>,
  waitlistEntry: true satisfies SameShape<Of<'waitlistEntry'>, sdk.WaitlistEntry>,
  buyers: true satisfies SameShape<Of<'buyers'>['items'][number], sdk.Buyer>,
};
const requests: Record<string, true> = {
  saleRequest: true satisfies SameFields<Of<'saleRequest'>, sdk.NewSale>,
  salePatch: true satisfies SameFields<Of<'salePatch'>, sdk.SaleChange>,
  orderRequest: true satisfies SameFields<Of<'orderRequest'>, sdk.NewOrder>,
  holdRequest: true satisfies SameFields<Of<'holdRequest'>, sdk.NewHold>,
  basketRequest: true satisfies SameFields<Of<'basketRequest'>, sdk.NewBasket>,
  customerRequest: true satisfies SameFields<Of<'customerRequest'>, sdk.NewCustomer>,
  waitlistRequest: true satisfies SameFields<Of<'waitlistRequest'>, sdk.NewWaitlistEntry>,
};

describe('the client', () => {
  test('declares what the store sends and takes', () => {
    assert.ok([...Object.values(answers), ...Object.values(requests)].every(Boolean));
  });

  test('knows every code the store answers with, and three of its own', () => {
    const refusals = Object.values(outcomes).filter(({ status }) => status >= 400);
    const codes = [...refusals, ...Object.values(problems)].map(({ code }) => code);
    const known: readonly string[] = errorCodes;
    assert.deepEqual(
      codes.filter((code) => !known.includes(code)),
      [],
    );
    assert.deepEqual(
      known.filter((code) => !codes.includes(code)),
      ['NETWORK', 'BAD_ANSWER', 'HTTP_ERROR'],
    );
  });
});
