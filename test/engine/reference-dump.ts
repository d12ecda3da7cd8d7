/** The reference engine's state as a dump, for comparison with the engine's. */
import type {
  CustomerDump,
  HoldDump,
  LineDump,
  OrderDump,
  SaleDump,
  SeatDump,
  StateDump,
  WaitlistDump,
} from '../../src/engine/dump.ts';
import { kinds } from '../../src/engine/command.ts';
import { dumpTransit } from './reference-dump-cards.ts';
import type { Hold, Model, Standing } from './reference-model.ts';
import {
  aheadOf,
  capacityOf,
  heldBy,
  heldOf,
  namesOf,
  seatsOf,
  soldOf,
  standings,
  unitsOf,
} from './reference-model.ts';

/** Number of keys of free calls: registrations and joins. */
function freeKeys(model: Model): number {
  const free: readonly number[] = [kinds.createCustomer, kinds.joinWaitlist];
  return [...model.alive.values()].filter(({ answer }) => free.includes(answer.kind)).length;
}

export function dumpModel(model: Model): StateDump {
  const states = standings(model);
  return {
    position: model.position,
    nowMs: model.nowMs,
    version: model.version,
    keys: model.alive.size,
    freeKeys: freeKeys(model),
    idleMs: model.idleMs,
    epochs: model.epochs,
    cancellations: model.cancellations,
    offsets: model.offsets,
    sales: model.sales.map((sale, number): SaleDump => {
      const units: Record<string, number> = {};
      for (const { id } of sale.made.maxPerCustomer === null ? [] : model.customers) {
        const count = unitsOf(model, number, id);
        if (count > 0) units[id] = count;
      }
      return {
        name: sale.name,
        image: sale.image,
        state: sale.state,
        capacity: capacityOf(model, number),
        sold: soldOf(model, number),
        held: heldOf(model, number),
        price: sale.price === null ? null : { amount: sale.price.amount, currency: sale.price.currency },
        opensAtMs: sale.opensAtMs,
        closesAtMs: sale.closesAtMs,
        opened: sale.opened,
        createdAtMs: sale.createdAtMs,
        position: sale.position,
        door: sale.made.door,
        doorNumber: sale.doorNumber,
        kind: sale.made.kind,
        removed: sale.removed,
        linePerSeat: sale.made.linePerSeat ?? false,
        attributes: sale.attributes,
        seats: seatsOf(model, number).map((seat) => dumpSeat(model, seat, states[seat]!)),
        hallRows: hallRowsOf(model, number),
        units,
        heldByCustomer: heldUnits(model, number, (hold) => (hold.ofCustomer ? hold.customer : null)),
        heldByAddress: heldUnits(model, number, (hold) => (hold.address > 0 ? String(hold.address) : null)),
      };
    }),
    holds: model.holds.map((hold): HoldDump => ({
      sale: hold.sale,
      quantity: hold.quantity,
      customer: hold.customer,
      state: hold.state,
      amount: hold.amount,
      createdAtMs: hold.createdAtMs,
      deadlineMs: hold.deadlineMs,
      position: hold.position,
      order: hold.order,
      entry: hold.entry,
      seats: hold.seats,
      doorNumber: hold.doorNumber,
      placedBy: hold.placedBy,
      ofCustomer: hold.ofCustomer,
      address: hold.address,
    })),
    orders: model.orders.map((order): OrderDump => ({
      customer: order.customer,
      createdAtMs: order.createdAtMs,
      position: order.position,
      hold: order.hold,
      entry: order.entry,
      doorNumber: order.doorNumber,
      lines: order.lines.map((line): LineDump => ({
        sale: line.sale,
        quantity: line.quantity,
        amount: line.amount,
        remaining: line.remaining,
        cancelledAt: line.cancelledAt,
        seats: line.seats,
      })),
    })),
    customers: model.customers.map((customer): CustomerDump => ({
      id: customer.id,
      registered: customer.registered,
      removed: customer.removed,
      name: customer.name,
      email: customer.email,
      createdAtMs: customer.createdAtMs,
      door: customer.door,
      doorNumber: customer.doorNumber,
      names: customer.names,
    })),
    waitlist: model.waitlist.map((entry): WaitlistDump => ({
      sale: entry.sale,
      customer: entry.customer,
      quantity: entry.quantity,
      state: entry.state,
      ahead: entry.state === 'waiting' ? aheadOf(model, entry) : null,
      createdAtMs: entry.createdAtMs,
      position: entry.position,
      hold: entry.hold,
      books: entry.books,
      order: entry.order,
    })),
    owedOffers: [...model.owed],
    ...dumpTransit(model.transit),
  };
}

/** Units of active holds by the customer or address that they count for. */
function heldUnits(model: Model, sale: number, whose: (hold: Hold) => string | null): Record<string, number> {
  const held: Record<string, number> = {};
  // Customers in the order of their rows, as in the engine; addresses in the order of their first
  // hold.
  const names = [...model.customers.map(({ id }) => id), ...model.holds.map((hold) => whose(hold))];
  for (const name of names) {
    const units = name === null ? 0 : heldBy(model, sale, (hold) => whose(hold) === name);
    if (name !== null && units > 0) held[name] = units;
  }
  return held;
}

function dumpSeat(model: Model, number: number, { state, holder }: Standing): SeatDump {
  const { place, rank, accessible, changedAt, createdAtMs, doorNumber } = model.seats[number]!;
  const shown = { place, rank, accessible, state, holder, changedAt, createdAtMs, doorNumber };
  return { seat: number, ...namesOf(model, number), ...shown };
}

function hallRowsOf(model: Model, sale: number): { section: string; name: string; rank: number }[] {
  return model.hallRows
    .map(({ section, name, rank }) => ({ section: model.sections[section]!, name, rank }))
    .filter(({ section }) => section.sale === sale)
    .map(({ section, name, rank }) => ({ section: section.name, name, rank }));
}
