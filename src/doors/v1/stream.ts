/** GET /v1/stream: what a reader asks for, and what it gets first. */
import { Type } from 'typebox';
import type { State } from '../../engine/state.ts';
import type { Answer } from '../../http/answer.ts';
import type { Route } from '../../http/door.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import type { Node } from '../../node/node.ts';
import type { StreamEvent } from '../kit/event-stream.ts';
import { parseId } from '../kit/ids.ts';
import type { Operations } from '../kit/operations.ts';
import type { Caller } from '../kit/operation.ts';
import type { Owners } from '../kit/owners.ts';
import type { ReadPosition } from '../kit/positions.ts';
import { readPosition } from '../kit/positions.ts';
import { invalidParameter } from '../kit/requests.ts';
import * as schemas from './schemas.ts';
import type { SeatMaps } from './seat-map.ts';
import type { Topics } from './stream-feed.ts';
import { StreamFeed } from './stream-feed.ts';
import type { StreamTimes } from './stream-readers.ts';
import { StreamReaders, streamTimes } from './stream-readers.ts';

/** Maximum of holds, and of places in line, that one reader watches. */
const maxWatched = 20;

export function streamRoutes(operations: Operations, streams: Streams): Route[] {
  const ids = Type.String({ description: 'Ids, separated by commas.' });
  const own = Type.String({
    description:
      'Ids, separated by commas, each with its token as `ID:TOKEN`. Tokens may be sent in `Holdfast-Token` instead, separated by commas. Operators need none.',
  });
  const hall = Type.String({ description: 'Id of a seated sale whose seat changes to stream as well.' });
  return [
    operations.read(
      {
        method: 'GET',
        path: '/v1/stream',
        needs: 'buy',
        summary: 'Stream live changes as Server-Sent Events',
        query: { sales: ids, seats: hall, holds: own, waitlist: own, since: schemas.sale.properties.position },
        answers: {
          200: {
            description: 'Events: time, sale, removed, seats, purchase, hold, waitlist, ready and reset.',
            type: 'text/event-stream',
          },
        },
      },
      {
        read: (call): StreamAsk => ({
          query: call.url.searchParams,
          lastEventId: call.header('last-event-id'),
          caller: call,
        }),
        answer: (ask, state) => streams.open(ask, state),
      },
    ),
  ];
}

interface StreamAsk {
  readonly query: URLSearchParams;
  readonly lastEventId: string | null;
  readonly caller: Caller;
}

export class Streams {
  readonly readers: StreamReaders;
  private readonly owners: Owners;
  private readonly feed: StreamFeed;
  private readonly unwatch: () => void;

  constructor(node: Node, owners: Owners, maps: SeatMaps, times: Partial<StreamTimes> = {}) {
    this.owners = owners;
    this.feed = new StreamFeed(node, maps);
    this.readers = new StreamReaders(this.feed, { ...streamTimes, ...times });
    this.unwatch = node.watch((changes) => {
      this.feed.collect(changes);
      this.readers.changed();
    });
  }

  close(): void {
    this.unwatch();
    this.readers.close();
  }

  open({ query, lastEventId, caller }: StreamAsk, state: State): Answer {
    // The header is newer: a reader sends it when it reconnects.
    const since = readSince(lastEventId || query.get('since'), state);
    const named = new NamedRows(state, this.owners, caller, since !== null);
    const chosen = query.has('sales') ? named.rows('sale', query.get('sales'), Infinity) : null;
    const topics = { sales: chosen, hall: named.hall(query.get('seats')) };
    const own = {
      holds: named.ownRows('hold', query.get('holds')),
      entries: named.ownRows('waitlist', query.get('waitlist')),
    };
    const first = [
      this.feed.timeEvent(),
      ...this.states(since, named.isAllThere, topics),
      ...this.feed.ownPresent(own),
      this.feed.readyEvent(),
    ];
    return this.readers.add(first, topics, own);
  }

  /** What a reader must be sent to be right from here on. */
  private states(since: ReadPosition | null, isAllThere: boolean, topics: Topics): StreamEvent[] {
    const { feed } = this;
    if (since === null) return feed.present(topics);
    if (since.kind === 'none') return this.reset('that is no position', topics);
    // The position is of another store or history: the reader's state is of no use.
    if (since.kind === 'elsewhere') return this.reset('the position is of another history', topics);
    if (since.position > feed.position) return this.reset('the position is not reached yet', topics);
    if (!isAllThere) return this.reset('something that is followed is not there', topics);
    return feed.missed(since.position, topics) ?? this.reset('the position is too old', topics);
  }

  private reset(reason: string, topics: Topics): StreamEvent[] {
    return [{ event: 'reset', data: JSON.stringify({ reason }) }, ...this.feed.present(topics)];
  }
}

function readSince(text: string | null, state: State): ReadPosition | null {
  return text === null || text === '' ? null : readPosition(state, text);
}

/**
 * What a reader names. A reconnecting one may name things of another history. An answer other than
 * a stream would end a browser's EventSource for good, so these are ignored and the reader gets
 * `reset`.
 */
class NamedRows {
  isAllThere = true;
  private readonly state: State;
  private readonly owners: Owners;
  private readonly caller: Caller;
  private readonly comesBack: boolean;

  constructor(state: State, owners: Owners, caller: Caller, comesBack: boolean) {
    this.state = state;
    this.owners = owners;
    this.caller = caller;
    this.comesBack = comesBack;
  }

  /** Row of the sale whose seats are watched, or -1. */
  hall(id: string | null): number {
    const [sale = -1, ...more] = this.rows('sale', id, Infinity, 'seats');
    if (more.length > 0) throw invalidParameter('seats', 'names more than one sale');
    if (sale < 0 || this.state.sales.seated.get(sale) === 1) return sale;
    this.missing(invalidParameter('seats', 'names a sale without numbered seats'));
    return -1;
  }

  /**
   * Rows of a reader's own things, each opened by its token: after its id, since a browser's
   * EventSource sends no headers, or in the header.
   * @throws HttpFailure 400,
   * 403
   */
  ownRows(noun: 'hold' | 'waitlist', text: string | null): ReadonlySet<number> {
    const asked = (text ?? '').split(',').map((one) => one.split(':', 2));
    if (asked.length > maxWatched) throw invalidParameter(nameOf(noun), `names more than ${maxWatched}`);
    const { owners, state } = this;
    const ids: string[] = [];
    for (const [id = '', token] of asked) {
      if (id === '') continue;
      if (owners.isShown(this.caller, noun, parseId(noun, state.genesis.cell, id), token)) ids.push(id);
      else this.missing(new HttpFailure(problems.TOKEN_REQUIRED));
    }
    return this.rows(noun, ids.join(','), maxWatched);
  }

  rows(
    noun: 'sale' | 'hold' | 'waitlist',
    text: string | null,
    max: number,
    name: string = nameOf(noun),
  ): ReadonlySet<number> {
    const rows = new Set<number>();
    const { sales, holds, waitlist, genesis } = this.state;
    const count = { sale: sales.count, hold: holds.count, waitlist: waitlist.count }[noun];
    for (const id of (text ?? '').split(',')) {
      if (id === '') continue;
      const row = parseId(noun, genesis.cell, id);
      if (row >= 0 && row < count) rows.add(row);
      else this.missing(invalidParameter(name, `names ${id.slice(0, 80)}, which is not there`));
    }
    if (rows.size > max) throw invalidParameter(name, `names more than ${max}`);
    return rows;
  }

  private missing(failure: HttpFailure): void {
    if (!this.comesBack) throw failure;
    this.isAllThere = false;
  }
}

/** The parameter that names such things. */
function nameOf(noun: 'sale' | 'hold' | 'waitlist'): string {
  return noun === 'waitlist' ? noun : `${noun}s`;
}
