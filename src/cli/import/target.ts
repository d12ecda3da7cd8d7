/** The target of an import: the doors v1 and seats of a store, used as by any client. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { MappedSeat, NewSeat, NewSeatedSale } from '../../../sdk/src/index.ts';
import { SeatMap } from '../../../sdk/src/index.ts';
import { checkOf } from '../../doors/kit/validation.ts';
import { eventDone, eventPage } from '../../doors/seats/schemas.ts';
import * as schemas from '../../doors/v1/schemas.ts';
import { compactSeats, seatList } from '../../doors/v1/seat-schemas.ts';
import { UserError } from '../../store/user-error.ts';
import type { StoreClient } from './client.ts';
import type { Made } from './once.ts';

/** As the native API shows it. */
export type SaleView = Static<typeof schemas.sale>;

/** Body of POST /api/events. */
export interface EventBody {
  readonly name: string;
  readonly event_date: string;
  readonly status?: string;
}

/** An existing event of the seats dialect. */
export interface KnownEvent {
  /** Small id in the dialect. */
  readonly id: number;
  readonly name: string;
  /** RFC 3339 in UTC with milliseconds; null for an event without a date. */
  readonly date: string | null;
  /** Id of its sale in the native API. */
  readonly sale: string;
}

/** A seat of a hall, in any state. */
export type StandingSeat = Omit<MappedSeat, 'id' | 'state'>;

const checkSale = checkOf(schemas.sale);
const checkSales = checkOf(schemas.saleList);
const checkEvents = checkOf(eventPage);
const checkEvent = checkOf(eventDone);
const checkMap = checkOf(compactSeats);
const checkAdded = checkOf(Type.Pick(seatList, ['items']));

/** Maximum page size of each list. */
const salesPerPage = 100;
const eventsPerPage = 1000;
/** How often events and their sales are read again when they changed in between. */
const maxReadings = 5;

/** Each method throws a UserError if the store cannot be reached, or refuses. */
export class Target {
  private readonly client: StoreClient;

  constructor(client: StoreClient) {
    this.client = client;
  }

  /** All sales, newest first. */
  async sales(): Promise<SaleView[]> {
    const sales: SaleView[] = [];
    let cursor: string | null = null;
    do {
      const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await this.client.get(`/v1/sales?limit=${salesPerPage}${after}`, checkSales);
      sales.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return sales;
  }

  /**
   * All events, in the order of their ids. Neither API names both ids of an event. But both lists
   * have the order of creation, so the n-th of one is the n-th of the other, as long as name and
   * creation time agree.
   */
  async events(): Promise<KnownEvent[]> {
    for (let reading = 1; reading <= maxReadings; reading += 1) {
      const events = await this.dialectEvents();
      const sales = (await this.sales()).filter(({ door }) => door === 'seats').reverse();
      const agree = events.every(({ name, created_at }, i) => {
        const sale = sales[i];
        return sale?.name === name && sale.createdAt === created_at;
      });
      // Sales that were made after the events were read come last.
      if (agree)
        return events.map(({ id, name, event_date }, i) => ({ id, name, date: event_date, sale: sales[i]!.id }));
    }
    throw new UserError(`the events of ${this.client.url} change while they are read; run the command again`);
  }

  eventStands(id: number): Promise<boolean> {
    return this.client.has(`/api/events/${id}`);
  }

  /** The seats of a hall, in its order. */
  async seats(sale: string): Promise<StandingSeat[]> {
    const map = await this.client.get(`/v1/sales/${sale}/seats?form=compact`, checkMap);
    return [...new SeatMap(map).seats.values()];
  }

  async createSale(body: NewSeatedSale, key: string): Promise<Made> {
    const { value, replayed } = await this.client.post('/v1/sales', body, key, checkSale);
    return { id: value.id, replayed };
  }

  async createEvent(body: EventBody, key: string): Promise<Made> {
    const { value, replayed } = await this.client.post('/api/events', body, key, checkEvent);
    return { id: value.data.id, replayed };
  }

  async addSeats(sale: string, seats: readonly NewSeat[], key: string): Promise<Made> {
    const { replayed } = await this.client.post(`/v1/sales/${sale}/seats`, { seats }, key, checkAdded);
    return { id: null, replayed };
  }

  private async dialectEvents(): Promise<Static<typeof eventPage>['data']> {
    const events: Static<typeof eventPage>['data'] = [];
    for (let page = 1; ; page += 1) {
      const { data, pagination } = await this.client.get(
        `/api/events?limit=${eventsPerPage}&page=${page}`,
        checkEvents,
      );
      events.push(...data);
      if (data.length === 0 || page * eventsPerPage >= pagination.total) return events;
    }
  }
}
