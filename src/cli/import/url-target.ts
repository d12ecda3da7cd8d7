/** A running store as the target of an import: its doors v1 and seats, as any client uses them. */
import { Type } from 'typebox';
import { eventDone, eventPage } from '../../doors/seats/schemas.ts';
import * as schemas from '../../doors/v1/schemas.ts';
import { compactSeats, seatList } from '../../doors/v1/seat-schemas.ts';
import { checkOf } from '../../doors/kit/validation.ts';
import { UserError } from '../../store/user-error.ts';
import type { StoreClient } from './store-client.ts';
import type { EventBody, KnownEvent, Made, SaleView, SeatedSale, SeatMap, SeatsBody, Target } from './target.ts';

const checkSale = checkOf(schemas.sale);
const checkSales = checkOf(schemas.saleList);
const checkEvents = checkOf(eventPage);
const checkEvent = checkOf(eventDone);
const checkMap = checkOf(compactSeats);
const checkAdded = checkOf(Type.Pick(seatList, ['items']));

/** Most that one page of each list has. */
const salesPerPage = 100;
const eventsPerPage = 1000;
/** How often events and their sales are read anew because they changed in between. */
const mostReadings = 5;

export class UrlTarget implements Target {
  /** Two connections may overtake each other. */
  readonly eventsAtOnce = 1;
  private readonly client: StoreClient;

  constructor(client: StoreClient) {
    this.client = client;
  }

  async sales(): Promise<SaleView[]> {
    const sales: SaleView[] = [];
    let next: string | null = null;
    do {
      const cursor: string = next === null ? '' : `&cursor=${encodeURIComponent(next)}`;
      const page = await this.client.get(`/v1/sales?limit=${salesPerPage}${cursor}`, checkSales);
      sales.push(...page.items);
      ({ next } = page);
    } while (next !== null);
    return sales;
  }

  /**
   * Neither API names an event by both of its ids. Both lists are in the order in which events were made, so the n-th is the n-th
   * of the other, as long as name and time of creation agree.
   */
  async events(): Promise<KnownEvent[]> {
    for (let reading = 1; reading <= mostReadings; reading += 1) {
      const events = await this.dialectEvents();
      const sales = (await this.sales()).filter(({ door }) => door === 'seats').reverse();
      const agree = events.every(({ name, created_at }, i) => {
        const sale = sales[i];
        return sale?.name === name && sale.createdAt === created_at;
      });
      // Sales made since the events were read stand behind theirs.
      if (agree)
        return events.map(({ id, name, event_date }, i) => ({ id, name, date: event_date, sale: sales[i]!.id }));
    }
    throw new UserError(`the events of ${this.client.url} change while they are read; run the command again`);
  }

  eventStands(id: number): Promise<boolean> {
    return this.client.has(`/api/events/${id}`);
  }

  seatMap(sale: string): Promise<SeatMap> {
    return this.client.get(`/v1/sales/${sale}/seats?form=compact`, checkMap);
  }

  async createSale(body: SeatedSale, key: string): Promise<Made> {
    const { value, replayed } = await this.client.post('/v1/sales', body, key, checkSale);
    return { id: value.id, replayed };
  }

  async createEvent(body: EventBody, key: string): Promise<Made> {
    const { value, replayed } = await this.client.post('/api/events', body, key, checkEvent);
    return { id: value.data.id, replayed };
  }

  async addSeats(sale: string, body: SeatsBody, key: string): Promise<Made> {
    const { replayed } = await this.client.post(`/v1/sales/${sale}/seats`, body, key, checkAdded);
    return { id: null, replayed };
  }

  async close(): Promise<void> {}

  private async dialectEvents(): Promise<
    { id: number; name: string; event_date: string | null; created_at: string }[]
  > {
    const events: Awaited<ReturnType<UrlTarget['dialectEvents']>> = [];
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
