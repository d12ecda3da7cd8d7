/**
 * /api/events: seated sales of this door. An event takes bookings only while its status is
 * `active`.
 */
import type { SaleChange, SaleDefinition } from '../../engine/commands/sales.ts';
import { doors, kinds } from '../../engine/command.ts';
import type { State } from '../../engine/state.ts';
import type { Answer } from '../../http/answer.ts';
import type { Node } from '../../node/node.ts';
import { formatTime } from '../kit/ids.ts';
import { keepsOldForm } from '../kit/old-form.ts';
import type { Operation, Read } from '../kit/operation.ts';
import { noSuchRow, orNoSuchRow } from '../kit/operation.ts';
import { countedSale } from '../kit/sale-definition.ts';
import { composed } from '../kit/texts.ts';
import { answer, created, deleted, updated } from './answers.ts';
import type { RecordChange } from './fields.ts';
import { changeIn, fieldsOf, idIn, recordChangeIn } from './fields.ts';
import type { Event } from './input.ts';
import { maxSeatsBooked, readEvent, readEventChange } from './input.ts';
import { setKey } from './keys.ts';
import { rowsThat } from './lists.ts';
import { eventRow, events, eventStatus, openStatus, show } from './records.ts';

/**
 * An event as the dialect makes it, without seats. `closedAtMs`: null for one that is open.
 */
export function eventDefinition(
  name: string,
  eventDate: string,
  status: string,
  closedAtMs: number | null,
): SaleDefinition {
  return {
    ...countedSale(name, 0, doors.seats, { closesAtMs: closedAtMs, maxPerOrder: maxSeatsBooked }),
    kind: 'seated',
    hall: { sections: [] },
    linePerSeat: true,
    attributes: { status, event_date: eventDate },
  };
}

const pastDate =
  'event_date is in the past. The event takes bookings all the same, since events run on: its status ends that.';

/** Open events in the future, by date. */
export function activeEvents(node: Node): Read<undefined> {
  return {
    read: () => undefined,
    answer: async (_, state) => {
      const nowMs = node.civil.nowMs();
      const isActive = (of: State, row: number): boolean =>
        eventStatus(of, row) === openStatus && dateMs(of, row) > nowMs;
      const rows = await rowsThat(state, events, isActive);
      rows.sort((one, other) => dateMs(state, one) - dateMs(state, other));
      return answer(rows.map((row) => show(state, events, row)));
    },
  };
}

export function createEvent(node: Node): Operation<Event> {
  return {
    read: (call, body) => readEvent(fieldsOf(call, body)),
    fill: ({ name, eventDateMs, status = openStatus }, _, command) => {
      // An event that is closed from the start has closed now: no later record can sell of it.
      const closedAtMs = status === openStatus ? null : Math.floor(node.civil.nowMs());
      const definition = eventDefinition(composed(name), formatTime(eventDateMs), composed(status), closedAtMs);
      command.reset(kinds.createSale).body = definition;
      return undefined;
    },
    keep: (key, asked, command) => setKey(command, key, ['create event', asked]),
    answer: ({ thing }, _, state) => createdEvent(state, thing),
  };
}

/** As it was made, without later changes: a retry gets the same. */
function createdEvent(state: State, row: number): Answer {
  const { made: definitions, createdAtMs, position } = state.sales;
  const made = definitions[row];
  if (made === undefined) throw new Error(`sale ${row} has no definition`);
  const record = { ...show(state, events, row), name: made.name, ...made.attributes };
  const isPast = Date.parse(made.attributes?.['event_date'] ?? '') < createdAtMs.get(row);
  return created(record, isPast && !keepsOldForm(state, position.get(row)) ? pastDate : undefined);
}

/**
 * Changes are made one after the other: each writes all attributes of its event, and must have read
 * what the one before wrote. They take no key, since they are idempotent.
 */
export function changeEvent(): Operation<RecordChange> {
  /** Settles with the last change that was begun. */
  let lastChange: Promise<unknown> = Promise.resolve();
  return {
    read: recordChangeIn,
    inTurn: (ask, state, submit) => {
      // A malformed request is refused at once, without waiting for its turn.
      eventChangeIn(ask, state);
      const changed = lastChange.then(submit, submit);
      lastChange = changed;
      return changed;
    },
    fill: (ask, state, command) => {
      const row = eventRow(state, ask.id);
      const change = eventChangeIn(ask, state);
      command.reset(kinds.updateSale).body = row < 0 ? { sale: noSuchRow } : saleChange(state, row, change);
      return undefined;
    },
    answer: ({ thing }, _, state) => updated(show(state, events, thing)),
  };
}

/** @throws HttpFailure 400 */
function eventChangeIn({ id, body }: RecordChange, state: State): Partial<Event> {
  return readEventChange(changeIn(body, state, events, id, eventRow(state, id)));
}

function saleChange(state: State, sale: number, { name, eventDateMs, status: asked }: Partial<Event>): SaleChange {
  const { sales, civilMs } = state;
  // The status that is shown is no change. A client may send a whole record back, with a status
  // that came from the native API.
  const status = asked === eventStatus(state, sale) ? undefined : asked;
  const attributes = {
    ...sales.attributes[sale],
    ...(status === undefined ? {} : { status: composed(status) }),
    ...(eventDateMs === undefined ? {} : { event_date: formatTime(eventDateMs) }),
  };
  const opens = status === openStatus;
  return {
    sale,
    ...(name === undefined ? {} : { name: composed(name) }),
    ...(status === undefined ? {} : { status: opens ? 'open' : 'closed' }),
    ...(opens && civilMs >= sales.closesAtMs.get(sale) ? { closesAtMs: null } : {}),
    attributes,
  };
}

export const removeEvent: Operation<number> = {
  read: idIn,
  fill: (id, state, command) => {
    command.reset(kinds.removeSale).body = { sale: orNoSuchRow(eventRow(state, id)) };
    return undefined;
  },
  keep: (key, id, command) => setKey(command, key, ['delete event', id]),
  answer: deleted,
};

/** NaN for an event without a date. */
function dateMs(state: State, row: number): number {
  return Date.parse(String(events.columns['event_date']!(state, row)));
}
