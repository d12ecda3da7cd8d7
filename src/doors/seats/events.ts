/** /api/events: seated sales of this door. Whatever their status says but `active`, they take no bookings. */
import type { Command } from '../../engine/command.ts';
import type { SaleChange, SaleDefinition } from '../../engine/commands/sales.ts';
import { doors, kinds } from '../../engine/command.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { State } from '../../engine/state.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { formatTime } from '../kit/ids.ts';
import { readId } from '../kit/input.ts';
import { keepsOldForm } from '../kit/old-form.ts';
import { composed } from '../kit/texts.ts';
import { countedSale } from '../kit/sale-definition.ts';
import type { Context } from './context.ts';
import { answer, created, deleted, updated } from './context.ts';
import { noSuchRow } from '../kit/operation.ts';
import { missing } from './errors.ts';
import { changeIn, readFields } from './fields.ts';
import type { Event } from './input.ts';
import { maxSeatsBooked, readEvent, readEventChange } from './input.ts';
import { list, rowsThat } from './lists.ts';
import { eventRow, events, eventStatus, openStatus, show } from './records.ts';

/** An event as the dialect makes it, without a seat yet. `closedAtMs`: null for one that is open. */
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

/** Fills the command that makes an event. Returns what a key stands for. `nowMs`: log time. */
export function fillEventCreation(command: Command, asked: Event, nowMs: number): unknown {
  const { name, eventDateMs, status = openStatus } = asked;
  // One that is closed from the start has closed at a time which no record of the log can be before.
  const closedAtMs = status === openStatus ? null : Math.floor(nowMs);
  command.reset(kinds.createSale).body = eventDefinition(
    composed(name),
    formatTime(eventDateMs),
    composed(status),
    closedAtMs,
  );
  return ['create event', asked];
}

const pastDate =
  'event_date is in the past. The event takes bookings all the same, since events run on: its status ends that.';

/** NaN for an event without a date. */
function dateMs(state: State, row: number): number {
  return Date.parse(String(events.columns['event_date']!(state, row)));
}

export class Events {
  private readonly context: Context;
  /** Ends with the last change that was begun. */
  private lastChange: Promise<unknown> = Promise.resolve();

  constructor(context: Context) {
    this.context = context;
  }

  list(call: Call): Promise<Answer> {
    return list(this.context.state, events, call);
  }

  /** All of those to come that are open, by date. */
  async listActive(): Promise<Answer> {
    const { state, node } = this.context;
    const nowMs = node.civil.nowMs();
    const rows = await rowsThat(
      state,
      events,
      (_, row) => eventStatus(state, row) === openStatus && dateMs(state, row) > nowMs,
    );
    rows.sort((one, other) => dateMs(state, one) - dateMs(state, other));
    return answer(rows.map((row) => show(state, events, row)));
  }

  one(call: Call): Answer {
    const { state } = this.context;
    const row = events.find(state, readId(call.param('id')));
    if (row < 0) throw missing();
    return answer(show(state, events, row));
  }

  async create(call: Call): Promise<Answer> {
    const asked = readEvent(await readFields(call));
    const { context } = this;
    const named = fillEventCreation(context.command, asked, context.node.civil.nowMs());
    return context.submit(call, named, (outcome) => this.renderCreated(outcome));
  }

  /** As it was made, whatever it was changed to since. */
  private renderCreated(outcome: Outcome): Answer {
    const { state } = this.context;
    const made = state.sales.made[outcome.thing];
    if (made === undefined) throw new Error(`sale ${outcome.thing} has no definition`);
    const record = { ...show(state, events, outcome.thing), name: made.name, ...made.attributes };
    const { createdAtMs, position } = state.sales;
    const isPast = Date.parse(made.attributes?.['event_date'] ?? '') < createdAtMs.get(outcome.thing);
    return created(outcome, record, isPast && !keepsOldForm(state, position.get(outcome.thing)) ? pastDate : undefined);
  }

  /** One after the other: each writes all attributes of its event, and must have read what the one before wrote. */
  async change(call: Call): Promise<Answer> {
    const { state } = this.context;
    const id = readId(call.param('id'));
    const asked = readEventChange(changeIn(await readFields(call), state, events, id, eventRow(state, id)));
    const change = (): Answer | Promise<Answer> => this.changeNow(call, asked);
    const changed = this.lastChange.then(change, change);
    this.lastChange = changed;
    return changed;
  }

  private changeNow(call: Call, asked: Partial<Event>): Answer | Promise<Answer> {
    const { context } = this;
    const { state } = context;
    const row = eventRow(state, readId(call.param('id')));
    context.command.reset(kinds.updateSale).body = row < 0 ? { sale: noSuchRow } : this.changeOf(row, asked);
    return context.submit(call, null, (outcome) => updated(outcome, show(state, events, outcome.thing)));
  }

  private changeOf(sale: number, { name, eventDateMs, status: asked }: Partial<Event>): SaleChange {
    const { state } = this.context;
    const { sales, civilMs } = state;
    // What it is shown with is no change of it: a whole record may be sent back with the status that the native API gave it.
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

  async remove(call: Call): Promise<Answer> {
    await call.readBytes();
    const { context } = this;
    const id = readId(call.param('id'));
    const row = eventRow(context.state, id);
    context.command.reset(kinds.removeSale).body = { sale: row < 0 ? noSuchRow : row };
    return context.submit(call, ['delete event', id], deleted);
  }
}
