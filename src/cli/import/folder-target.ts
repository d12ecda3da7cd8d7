/** A stopped folder as the target of an import. Its commands are those that the doors make of the same bodies, with the same keys. */
import { formatId, parseId } from '../../doors/kit/ids.ts';
import { setKey } from '../../doors/seats/context.ts';
import { fillEventCreation } from '../../doors/seats/events.ts';
import { readEvent } from '../../doors/seats/input.ts';
import { events } from '../../doors/seats/records.ts';
import { fingerprintAsked } from '../../doors/v1/context.ts';
import { fillSaleCreation } from '../../doors/v1/sales.ts';
import * as schemas from '../../doors/v1/schemas.ts';
import { SeatMaps } from '../../doors/v1/seat-map.ts';
import { compactSeats } from '../../doors/v1/seat-schemas.ts';
import { checkAddition, fillAddition } from '../../doors/v1/seats.ts';
import { saleView } from '../../doors/v1/views.ts';
import { Command, scopes } from '../../engine/command.ts';
import type { State } from '../../engine/state.ts';
import { HttpFailure } from '../../http/problems.ts';
import { checkOf } from '../../doors/kit/validation.ts';
import { LogLockedError } from '../../log/log.ts';
import { UserError } from '../../store/user-error.ts';
import type { Store } from '../../store/open.ts';
import { openStopped } from '../opened.ts';
import type { EventBody, KnownEvent, Made, SaleView, SeatedSale, SeatMap, SeatsBody, Target } from './target.ts';

const checkView = checkOf(schemas.sale);
const checkMap = checkOf(compactSeats);

export class FolderTarget implements Target {
  /** So many share a sync of the disk. */
  readonly eventsAtOnce = 256;
  private readonly store: Store;
  private readonly command = new Command();
  private readonly maps = new SeatMaps();

  constructor(store: Store) {
    this.store = store;
  }

  /** @throws UserError while a server holds the folder */
  static async open(folder: string): Promise<FolderTarget> {
    try {
      return new FolderTarget(await openStopped(folder));
    } catch (error) {
      if (!(error instanceof LogLockedError)) throw error;
      throw new UserError(`${error.message}. A running store takes it with --url, such as --url http://127.0.0.1:3000`);
    }
  }

  async sales(): Promise<SaleView[]> {
    const { state } = this;
    const { position } = this.store.node.engine;
    const views: SaleView[] = [];
    for (let row = 0; row < state.sales.count; row += 1)
      if (state.sales.removed.get(row) === 0) views.push(checkView(saleView(state, row, position)));
    return views;
  }

  async events(): Promise<KnownEvent[]> {
    const { state } = this;
    const known: KnownEvent[] = [];
    for (let id = 1; id <= events.count(state); id += 1) {
      const row = events.find(state, id);
      if (row < 0) continue;
      const [name, date] = [state.sales.name[row] ?? '', state.sales.attributes[row]?.['event_date'] ?? null];
      known.push({ id, name, date, sale: formatId('sale', state.genesis.cell, row) });
    }
    return known;
  }

  async eventStands(id: number): Promise<boolean> {
    return events.find(this.state, id) >= 0;
  }

  async seatMap(sale: string): Promise<SeatMap> {
    return checkMap(JSON.parse(await this.maps.compactText(this.store.node.engine, this.rowOf(sale))));
  }

  async createSale(body: SeatedSale, key: string): Promise<Made> {
    const asked = formed(() => fillSaleCreation(this.command, body));
    this.command.setKey(scopes.operator, 0, key);
    fingerprintAsked(this.command, asked);
    return this.submit((row) => formatId('sale', this.state.genesis.cell, row));
  }

  async createEvent(body: EventBody, key: string): Promise<Made> {
    const asked = formed(() => readEvent({ ...body }));
    setKey(this.command, key, fillEventCreation(this.command, asked, this.store.node.civil.nowMs()));
    return this.submit((row) => this.state.sales.doorNumber.get(row));
  }

  async addSeats(sale: string, body: SeatsBody, key: string): Promise<Made> {
    const row = this.rowOf(sale);
    const asked = formed(() => checkAddition(body));
    fillAddition(this.state, this.command, row, asked);
    this.command.setKey(scopes.sale, row, key);
    fingerprintAsked(this.command, asked);
    return this.submit(() => null);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private get state(): State {
    return this.store.node.engine.state;
  }

  private rowOf(sale: string): number {
    return parseId('sale', this.state.genesis.cell, sale);
  }

  /** Submits the command as it is filled. `idOf`: what is called what was made, by its row. @throws UserError when it is refused */
  private async submit(idOf: (row: number) => string | number | null): Promise<Made> {
    const { ok, sentence, made } = await this.store.node.submit(
      this.command,
      ({ ok, row, thing, replayed }) => ({
        ok,
        sentence: row.sentence,
        made: { id: ok ? idOf(thing) : null, replayed },
      }),
      undefined,
    );
    if (!ok) throw new UserError(sentence);
    return made;
  }
}

/** What a door checks of a body, with its refusal in the words of the command line. @throws UserError */
function formed<Value>(check: () => Value): Value {
  try {
    return check();
  } catch (error) {
    throw error instanceof HttpFailure ? new UserError(error.detail) : error;
  }
}
