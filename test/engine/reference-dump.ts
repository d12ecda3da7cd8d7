/** The reference engine's state in the form in which it is compared with the other's. */
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
import type { Model, Standing } from './reference-model.ts';
import { aheadOf, capacityOf, heldOf, namesOf, seatsOf, soldOf, standings, unitsOf } from './reference-model.ts';

export function dumpModel(model: Model): StateDump {
  const states = standings(model);
  return {
    position: model.position,
    nowMs: model.nowMs,
    version: model.version,
    keys: model.alive.size,
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
  };
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
