/** /v1/sales/{id}/seats: the map of a seated sale, and the operator's changes to its hall. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { SeatChange, SeatRemoval, SeatsAddition } from '../../engine/commands/seats.ts';
import { kinds, scopes } from '../../engine/command.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { State } from '../../engine/state.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import type { Route } from '../../http/door.ts';
import { HttpFailure } from '../../http/problems.ts';
import { jsonOf } from '../kit/input.ts';
import type { Operation, Read } from '../kit/operation.ts';
import { noSuchRow } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import { readPosition } from '../kit/positions.ts';
import { checkOf } from '../kit/validation.ts';
import { answerAt, answerNow, headersAt } from '../kit/native-answers.ts';
import { atPosition } from '../kit/at-position.ts';
import { fingerprintAsked, invalidParameter } from '../kit/requests.ts';
import { saleOf, standingSaleOf } from './rows.ts';
import { seatText } from './seat-layout.ts';
import type { MapForm, SeatMaps } from './seat-map.ts';
import { compactEnd, listEnd, listText, wholeEnd } from './seat-map.ts';
import type { SeatAddress } from './seat-request.ts';
import { addressIn, seatNamed } from './seat-request.ts';
import * as schemas from './seat-schemas.ts';

const checkAddition = checkOf(schemas.seatsRequest);
const checkPatch = checkOf(schemas.seatPatch);

/** A thousand seats with long names. */
const maxAdditionBytes = 256 * 1024;

export function seatRoutes(operations: Operations, maps: SeatMaps): Route[] {
  const position = Type.String({ description: 'A position from an earlier answer or event.' });
  return [
    operations.read(
      {
        method: 'GET',
        path: '/v1/sales/:id/seats',
        needs: 'buy',
        shared: true,
        summary: 'Get the map of a hall: every seat, or those that changed since a position',
        query: {
          form: Type.Literal('compact', { description: 'Returns the whole map in a compact form.' }),
          since: position,
          at: position,
        },
        answers: {
          200: {
            description: 'The seats in the order of the hall.',
            schema: Type.Union([schemas.seatList, schemas.compactSeats]),
          },
        },
      },
      atPosition(operations.node, seatMap(maps)),
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/v1/sales/:id/seats',
        needs: 'sell',
        summary: 'Add seats to a hall',
        body: schemas.seatsRequest,
        maxBodyBytes: maxAdditionBytes,
        key: 'optional',
        answers: { 201: { description: 'The added seats.', schema: schemas.seatList } },
      },
      addSeats,
    ),
    operations.operation(
      {
        method: 'PATCH',
        path: '/v1/sales/:id/seats/:seat',
        needs: 'sell',
        summary: 'Change or block a seat that is neither held nor sold',
        body: schemas.seatPatch,
        answers: { 200: { description: 'The seat after the change.', schema: schemas.seat } },
      },
      changeSeat,
    ),
    operations.operation(
      {
        method: 'DELETE',
        path: '/v1/sales/:id/seats/:seat',
        needs: 'sell',
        summary: 'Remove a seat that is neither held nor sold',
        answers: { 204: { description: 'The seat was removed.' } },
      },
      removeSeat,
    ),
  ];
}

interface MapAsk {
  readonly sale: string;
  readonly form: 'compact' | null;
  readonly since: string | null;
  readonly caller: Pick<Call, 'header'>;
}

function seatMap(maps: SeatMaps): Read<MapAsk> {
  return {
    read: (call) => {
      const { searchParams } = call.url;
      const form = searchParams.get('form');
      if (form !== null && form !== 'compact')
        throw invalidParameter('form', 'is not known: it is compact or left out');
      const since = searchParams.get('since');
      if (form !== null && since !== null) throw invalidParameter('since', 'goes without a form');
      return { sale: call.param('id'), form, since, caller: call };
    },
    answer: ({ sale: id, form, since: sinceText, caller }, state) => {
      const sale = standingSaleOf(state, id);
      if (state.sales.seated.get(sale) === 0) throw new HttpFailure(outcomes.NO_SEATS);
      const whole = async (mapForm: MapForm, endOf: (state: State, position: number) => string): Promise<Answer> => {
        const { body, position } = await maps.whole(state, sale, mapForm, caller);
        return body.answer(caller, endOf(state, position), headersAt(state, position));
      };
      if (form !== null) return whole('compact', compactEnd);
      if (sinceText === null) return whole('full', listEnd);
      const since = readPosition(state, sinceText);
      // Changes of one history cannot be applied to another history's map.
      const isKnown = since.kind === 'here' && since.position <= state.position;
      const changed = isKnown ? maps.changed(state, sale, since.position) : null;
      return changed === null ? whole('full', wholeEnd) : answerNow(state, listText(state, changed, state.position));
    },
  };
}

interface AdditionAsk {
  readonly sale: string;
  readonly body: Static<typeof schemas.seatsRequest>;
}

const addSeats: Operation<AdditionAsk> = {
  read: (call, bytes) => {
    const body = checkAddition(jsonOf(call, bytes));
    return { sale: call.param('id'), body };
  },
  fill: ({ sale: id, body }, state, command) => {
    const sale = saleOf(state, id);
    const seats = body.seats.map((seat) => ({ ...seat, ...addressIn(state, sale, seat) }));
    command.reset(kinds.addSeats).body = { sale, seats } satisfies SeatsAddition;
    return undefined;
  },
  keep: (key, { body }, command) => {
    command.setKey(scopes.sale, (command.body as SeatsAddition).sale, key);
    fingerprintAsked(command, body);
  },
  /** As they were made. A replay has the body of the first call, so it has as many rows. */
  answer: ({ thing, position }, { body }, state) => {
    const made = body.seats.map((_, i) => seatText(state, thing + i, state.seats.madeState.get(thing + i)));
    return answerAt(state, position, listText(state, made, position), 201);
  },
};

interface SeatAsk {
  readonly sale: string;
  readonly seat: string;
}

interface ChangeAsk extends SeatAsk {
  readonly body: Static<typeof schemas.seatPatch>;
}

const changeSeat: Operation<ChangeAsk> = {
  read: (call, bytes) => {
    const body = checkPatch(jsonOf(call, bytes));
    return { sale: call.param('id'), seat: call.param('seat'), body };
  },
  fill: ({ sale: id, seat: label, body }, state, command) => {
    const sale = saleOf(state, id);
    const seat = seatNamed(state, sale, label);
    const change = { ...body, ...changedAddress(state, sale, seat, body), sale, seat };
    command.reset(kinds.changeSeat).body = change satisfies SeatChange;
    return undefined;
  },
  answer: ({ thing, position }, _, state) => answerAt(state, position, seatText(state, thing)),
};

const removeSeat: Operation<SeatAsk> = {
  read: (call) => ({ sale: call.param('id'), seat: call.param('seat') }),
  fill: ({ sale: id, seat }, state, command) => {
    const sale = saleOf(state, id);
    command.reset(kinds.removeSeat).body = { sale, seat: seatNamed(state, sale, seat) } satisfies SeatRemoval;
    return undefined;
  },
  answer: ({ position }, _, state) => answerAt(state, position, '', 204),
};

/** The parts of a seat's address that a change names, as they will be kept. */
function changedAddress(state: State, sale: number, seat: number, asked: Partial<SeatAddress>): Partial<SeatAddress> {
  const parts = (['section', 'row', 'number'] as const).filter((part) => asked[part] !== undefined);
  if (seat === noSuchRow || parts.length === 0) return {};
  const { seats } = state;
  const present = { section: seats.section(seat), row: seats.rowOf(seat), number: seats.number(seat) };
  const address = addressIn(state, sale, { ...present, ...asked });
  return Object.fromEntries(parts.map((part) => [part, address[part]]));
}
