/** /v1/sales/{id}/seats: the map of a seated sale, and the operator's changes to its hall. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { Command } from '../../engine/command.ts';
import type { SeatChange, SeatRemoval, SeatsAddition } from '../../engine/commands/seats.ts';
import { kinds, scopes } from '../../engine/command.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { State } from '../../engine/state.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { readPosition } from '../kit/positions.ts';
import { HttpFailure } from '../../http/problems.ts';
import type { Route } from '../../http/door.ts';
import { noSuchRow } from '../kit/operation.ts';
import { checkOf } from '../kit/validation.ts';
import type { SeatAddress } from './seat-request.ts';
import { addressIn, seatNamed } from './seat-request.ts';
import type { Context } from './context.ts';
import { invalidParameter } from './context.ts';
import { saleOf, standingSaleOf } from './sales.ts';
import * as schemas from './seat-schemas.ts';
import { seatText } from './seat-layout.ts';
import type { MapForm } from './seat-map.ts';
import { compactEnd, listEnd, listText, wholeEnd } from './seat-map.ts';

/** @throws HttpFailure 400 */
export const checkAddition = checkOf(schemas.seatsRequest);
const checkPatch = checkOf(schemas.seatPatch);

/** A thousand seats with long names. */
const maxAdditionBytes = 256 * 1024;

export function seatRoutes(context: Context): Route[] {
  const bound = new Seats(context);
  const position = Type.String({ description: 'A position that an answer or an event named.' });
  return [
    {
      method: 'GET',
      path: '/v1/sales/:id/seats',
      needs: 'buy',
      shared: true,
      summary: 'The map of a hall: every seat, or those that changed since a position',
      query: {
        form: Type.Literal('compact', { description: 'The whole map in few bytes.' }),
        since: position,
        at: position,
      },
      answers: {
        200: {
          description: 'The seats in the order of the hall',
          schema: Type.Union([schemas.seatList, schemas.compactSeats]),
        },
      },
      handle: (call) => bound.read(call),
    },
    {
      method: 'POST',
      path: '/v1/sales/:id/seats',
      needs: 'sell',
      summary: 'Add seats to a hall',
      body: schemas.seatsRequest,
      maxBodyBytes: maxAdditionBytes,
      key: 'optional',
      answers: { 201: { description: 'The seats as they were added', schema: schemas.seatList } },
      handle: (call) => bound.add(call),
    },
    {
      method: 'PATCH',
      path: '/v1/sales/:id/seats/:seat',
      needs: 'sell',
      summary: 'Change or block a seat that is neither held nor sold',
      body: schemas.seatPatch,
      answers: { 200: { description: 'The seat as it is now', schema: schemas.seat } },
      handle: (call) => bound.change(call),
    },
    {
      method: 'DELETE',
      path: '/v1/sales/:id/seats/:seat',
      needs: 'sell',
      summary: 'Take away a seat that is neither held nor sold',
      answers: { 204: { description: 'Taken away' } },
      handle: (call) => bound.remove(call),
    },
  ];
}

/** Fills the command that adds the seats of a body to a sale. The body is what a key stands for. */
export function fillAddition(
  state: State,
  command: Command,
  sale: number,
  asked: Static<typeof schemas.seatsRequest>,
): void {
  const seats = asked.seats.map((seat) => ({ ...seat, ...addressIn(state, sale, seat) }));
  command.reset(kinds.addSeats).body = { sale, seats } satisfies SeatsAddition;
}

class Seats {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  async read(call: Call): Promise<Answer> {
    const { context } = this;
    const { searchParams } = call.url;
    const form = searchParams.get('form');
    if (form !== null && form !== 'compact') throw invalidParameter('form', 'is not known: it is compact or left out');
    const sinceText = searchParams.get('since');
    if (form !== null && sinceText !== null) throw invalidParameter('since', 'goes without a form');
    await context.reachAsked(call);
    const { state, maps } = context;
    const sale = standingSaleOf(context, call);
    if (state.sales.seated.get(sale) === 0) throw new HttpFailure(outcomes.NO_SEATS);
    if (form !== null) return this.whole(call, sale, 'compact', compactEnd);
    if (sinceText === null) return this.whole(call, sale, 'full', listEnd);
    const since = readPosition(state, sinceText);
    // Who has a map of another history, or says no position, has nothing that changes could be added to.
    const known = since.kind === 'here' && since.position <= context.node.engine.position;
    const changed = known ? maps.changed(state, sale, since.position) : null;
    if (changed === null) return this.whole(call, sale, 'full', wholeEnd);
    return context.read(listText(state, changed, context.node.engine.position));
  }

  private async whole(
    call: Call,
    sale: number,
    form: MapForm,
    endOf: (state: State, position: number) => string,
  ): Promise<Answer> {
    const { context } = this;
    const { body, position } = await context.maps.whole(context.node.engine, sale, form, call);
    return body.answer(call, endOf(context.state, position), context.headersAt(position));
  }

  async add(call: Call): Promise<Answer> {
    const { context } = this;
    const body = checkAddition(await call.readJson());
    const sale = saleOf(context, call);
    const { command } = context;
    fillAddition(context.state, command, sale, body);
    if (context.optionalKey(call, scopes.sale, sale)) context.fingerprint(body);
    return context.node.submit(command, (outcome) => this.renderAdded(outcome, call, body.seats.length), undefined);
  }

  async change(call: Call): Promise<Answer> {
    const { context } = this;
    const body = checkPatch(await call.readJson());
    const sale = saleOf(context, call);
    const command = context.command.reset(kinds.changeSeat);
    const seat = seatNamed(context.state, sale, call.param('seat'));
    command.body = { ...body, ...changedAddress(context.state, sale, seat, body), sale, seat } satisfies SeatChange;
    return context.node.submit(command, this.renderChanged, call);
  }

  async remove(call: Call): Promise<Answer> {
    const { context } = this;
    // A body has no meaning here, but one that is too large is refused like any other.
    await call.readBytes();
    const sale = saleOf(context, call);
    const command = context.command.reset(kinds.removeSeat);
    command.body = { sale, seat: seatNamed(context.state, sale, call.param('seat')) } satisfies SeatRemoval;
    return context.node.submit(command, this.renderRemoved, call);
  }

  /** As they were made: they are the rows from the first one on, also for a replay, whose body is the first one's. */
  private renderAdded(outcome: Outcome, call: Call, count: number): Answer {
    const { context } = this;
    if (!outcome.ok) return context.refused(outcome, call);
    const { state } = context;
    const made = (_: unknown, i: number): string => {
      const seat = outcome.thing + i;
      return seatText(state, seat, state.seats.madeState.get(seat));
    };
    return context.answer(outcome, 201, listText(state, Array.from({ length: count }, made), outcome.position));
  }

  private readonly renderChanged = (outcome: Outcome, call: Call): Answer => {
    const { context } = this;
    if (!outcome.ok) return context.refused(outcome, call);
    return context.answer(outcome, 200, seatText(context.state, outcome.thing));
  };

  private readonly renderRemoved = (outcome: Outcome, call: Call): Answer => {
    const { context } = this;
    return outcome.ok ? context.answer(outcome, 204, '') : context.refused(outcome, call);
  };
}

/** What of a seat's address a change names, as it is to be kept. */
function changedAddress(state: State, sale: number, seat: number, asked: Partial<SeatAddress>): Partial<SeatAddress> {
  const parts = (['section', 'row', 'number'] as const).filter((part) => asked[part] !== undefined);
  if (seat === noSuchRow || parts.length === 0) return {};
  const { seats } = state;
  const present = { section: seats.section(seat), row: seats.rowOf(seat), number: seats.number(seat) };
  const address = addressIn(state, sale, { ...present, ...asked });
  return Object.fromEntries(parts.map((part) => [part, address[part]]));
}
