/**
 * Answers lists only while their index is vouched for: it belongs to this log's history, and its
 * follower runs and agrees with the store. An index of another history would list other people's
 * things, under ids that were reused.
 */
import { readFollowerRecord } from '../store/follower-records.ts';
import type {
  Listed,
  ListedEntries,
  ListedJourneys,
  ListedKeys,
  Listings,
  Page,
  TrueAt,
} from '../followers/sql/listing.ts';
import { isOfHistory } from '../followers/sql/place-in-log.ts';
import { DatabaseUnavailableError } from '../followers/sql/database.ts';
import type { Engine } from '../engine/engine.ts';
import { stateOf } from './follower-details.ts';

export interface VouchedListsOptions {
  readonly listings: Listings;
  readonly engine: Engine;
  readonly dataFolder: string;
  /** The record's name of the follower that keeps the index. */
  readonly keeper: string;
}

export class VouchedLists implements Listings {
  private readonly options: VouchedListsOptions;

  constructor(options: VouchedListsOptions) {
    this.options = options;
  }

  ordersOfCustomer(customer: string, page: Page): Promise<Listed> {
    return this.vouched((listings) => listings.ordersOfCustomer(customer, page));
  }

  holdsOfCustomer(customer: string, page: Page): Promise<Listed> {
    return this.vouched((listings) => listings.holdsOfCustomer(customer, page));
  }

  ordersOfSale(sale: number, page: Page): Promise<Listed> {
    return this.vouched((listings) => listings.ordersOfSale(sale, page));
  }

  keysOfOrders(ids: readonly number[]): Promise<ListedKeys> {
    return this.vouched((listings) => listings.keysOfOrders(ids));
  }

  journeysOfCard(card: number, page: Page): Promise<ListedJourneys> {
    return this.vouched((listings) => listings.journeysOfCard(card, page));
  }

  entriesOfCard(card: number, page: Page): Promise<ListedEntries> {
    return this.vouched((listings) => listings.entriesOfCard(card, page));
  }

  close(): Promise<void> {
    return this.options.listings.close();
  }

  /** @throws DatabaseUnavailableError while the index is not vouched for */
  private async vouched<Read extends TrueAt>(read: (listings: Listings) => Promise<Read>): Promise<Read> {
    const { listings, engine } = this.options;
    this.requireKeeper();
    const listed = await read(listings);
    const { of, position } = listed;
    if (of === null) throw new DatabaseUnavailableError('the index is empty still');
    if (!isOfHistory({ ...of, position }, engine))
      throw new DatabaseUnavailableError(`the index is at position ${position} of another history`);
    return listed;
  }

  private requireKeeper(): void {
    const { dataFolder, keeper } = this.options;
    const record = readFollowerRecord(dataFolder, keeper);
    const state = record === null ? 'absent' : stateOf(record);
    if (['absent', 'stopped', 'diverged'].includes(state))
      throw new DatabaseUnavailableError(`what keeps the index is ${state}`);
  }
}
