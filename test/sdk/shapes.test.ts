/** The client's tables and shapes are those of the server. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Static, TSchema } from 'typebox';
import type * as sdk from '../../sdk/src/index.ts';
import { errorCodes } from '../../sdk/src/index.ts';
import type * as listSchemas from '../../src/doors/gates/list-schemas.ts';
import type * as gateSchemas from '../../src/doors/gates/schemas.ts';
import type * as tariffSchemas from '../../src/doors/gates/tariff-schemas.ts';
import type * as seatSchemas from '../../src/doors/v1/seat-schemas.ts';
import type * as schemas from '../../src/doors/v1/schemas.ts';
import { outcomes } from '../../src/engine/outcomes.ts';
import { problems } from '../../src/http/problems.ts';

type Schemas = typeof schemas;
type SeatSchemas = typeof seatSchemas;
type ListOf<Name extends 'journey' | 'entry'> = Static<(typeof listSchemas)[Name]>;
type GateSchemas = typeof gateSchemas;
type GateOf<Name extends keyof GateSchemas> = GateSchemas[Name] extends TSchema ? Static<GateSchemas[Name]> : never;
type TariffOf<Name extends 'tariff' | 'tariffRequest'> = Static<(typeof tariffSchemas)[Name]>;
type Of<Name extends keyof Schemas> = Schemas[Name] extends TSchema ? Static<Schemas[Name]> : never;

/** True when each is assignable to the other. */
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : 'too much is declared') : 'too little';
/**
 * The fields whose types can be compared on both sides. The others are lists, and unions made in a
 * loop.
 */
type Plain<Shape> = Omit<Shape, 'status' | 'lines' | 'state' | 'seats' | 'numbers' | 'places' | 'ranks' | 'accessible'>;
/** True when what the store sends is what the client declares, and the other way round. */
type SameShape<One, Other> = SameFields<One, Other> extends true ? Same<Plain<One>, Plain<Other>> : 'other fields';
/**
 * True when they have the same fields; the client takes Dates and undefined where the store takes
 * text and nothing.
 */
type SameFields<One, Other> = Same<keyof One, keyof Other>;

/** The same of each form that a request can have. */
type SameForms<Forms extends Record<keyof Forms, TSchema>, Shape> = {
  [Name in keyof Forms]: SameFields<Static<Forms[Name]>, Extract<Shape, Readonly<Record<Name, unknown>>>>;
}[keyof Forms];
type SeatOf<Name extends keyof SeatSchemas> = SeatSchemas[Name] extends TSchema ? Static<SeatSchemas[Name]> : never;
type CompactRow = SeatOf<'compactSeats'>['sections'][number]['rows'][number];

/** What does not hold is an error of the type checker. */
const answers: Record<string, true> = {
  sale: true satisfies SameShape<Of<'sale'>, sdk.Sale>,
  order: true satisfies SameShape<Omit<Of<'order'>, 'active'>, Omit<sdk.Order, 'active'>>,
  active: true satisfies SameShape<Of<'order'>['active'], sdk.Order['active']>,
  madeOrder: true satisfies SameShape<Of<'madeOrder'>, sdk.MadeOrder>,
  hold: true satisfies SameShape<Of<'hold'>, sdk.Hold>,
  customer: true satisfies SameShape<Of<'customer'>, sdk.Customer>,
  waitlistEntry: true satisfies SameShape<Of<'waitlistEntry'>, sdk.WaitlistEntry>,
  seat: true satisfies SameShape<SeatOf<'seat'>, sdk.Seat>,
  seatList: true satisfies SameFields<SeatOf<'seatList'>, sdk.SeatList>,
  compactSeats: true satisfies SameFields<SeatOf<'compactSeats'>, sdk.CompactSeats>,
  compactRow: true satisfies SameShape<CompactRow, sdk.CompactRow>,
  card: true satisfies SameShape<GateOf<'card'>, sdk.Card>,
  topUp: true satisfies SameShape<GateOf<'topUp'>, sdk.TopUpMade>,
  refund: true satisfies SameShape<GateOf<'refund'>, sdk.RefundMade>,
  cardStatus: true satisfies SameShape<GateOf<'cardStatus'>, sdk.CardState>,
  journey: true satisfies SameFields<ListOf<'journey'>, sdk.Journey>,
  statementEntry: true satisfies SameFields<ListOf<'entry'>, sdk.StatementEntry>,
  denyList: true satisfies SameFields<GateOf<'denyList'>, sdk.DenyListFeed>,
  denyListItem: true satisfies SameFields<GateOf<'denyList'>['items'][number], sdk.DenyListItem>,
  gate: true satisfies SameShape<GateOf<'gate'>, sdk.KnownGate>,
  skipped: true satisfies SameShape<GateOf<'skipped'>, sdk.TapsSkipped>,
  outcome: true satisfies SameFields<GateOf<'outcome'>, sdk.TapOutcome>,
  outcomes: true satisfies SameFields<GateOf<'outcomes'>, sdk.TapOutcomes>,
  totals: true satisfies SameShape<GateOf<'totals'>, sdk.TapTotals>,
  tariff: true satisfies SameFields<TariffOf<'tariff'>, sdk.Tariff>,
  buyers: true satisfies SameShape<Of<'buyers'>['items'][number], sdk.Buyer>,
};
const requests: Record<string, true> = {
  countedSaleRequest: true satisfies SameFields<Of<'countedSaleRequest'>, sdk.NewCountedSale>,
  seatedSaleRequest: true satisfies SameFields<Of<'seatedSaleRequest'>, sdk.NewSeatedSale>,
  salePatch: true satisfies SameFields<Of<'salePatch'>, sdk.SaleChange>,
  orderRequest: true satisfies SameForms<Schemas['orderRequests'], sdk.NewOrder>,
  holdRequest: true satisfies SameForms<Schemas['holdRequests'], sdk.NewHold>,
  lineRequest: true satisfies SameForms<Schemas['lineRequests'], sdk.NewLine>,
  basketRequest: true satisfies SameFields<Of<'basketRequest'>, sdk.NewBasket>,
  customerRequest: true satisfies SameFields<Of<'customerRequest'>, sdk.NewCustomer>,
  hallSeat: true satisfies SameFields<SeatOf<'hallSeat'>, sdk.HallSeat>,
  seatsRequest: true satisfies SameFields<SeatOf<'seatsRequest'>['seats'][number], sdk.NewSeat>,
  seatPatch: true satisfies SameFields<SeatOf<'seatPatch'>, sdk.SeatChange>,
  cardRequest: true satisfies SameFields<GateOf<'cardRequest'>, sdk.NewCard>,
  topUpRequest: true satisfies SameFields<GateOf<'topUpRequest'>, sdk.TopUp>,
  refundRequest: true satisfies SameFields<GateOf<'refundRequest'>, sdk.Refund>,
  gateRequest: true satisfies SameFields<GateOf<'gateRequest'>, sdk.NewGate>,
  skipRequest: true satisfies SameFields<GateOf<'skipRequest'>, sdk.TapsSkip>,
  tap: true satisfies SameFields<GateOf<'tap'>, sdk.NewTap>,
  tariffRequest: true satisfies SameFields<TariffOf<'tariffRequest'>, sdk.NewTariff>,
  waitlistRequest: true satisfies SameFields<Of<'waitlistRequest'>, sdk.NewWaitlistEntry>,
};

describe('the client', () => {
  test('the client declares what the store sends and takes', () => {
    assert.ok([...Object.values(answers), ...Object.values(requests)].every(Boolean));
  });

  test('the client knows every code the store answers with, and three of its own', () => {
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
