/** Gates that the store knows. A gate itself runs the client of `holdfast-sdk/gate`. */
import type { PageOptions } from './sales.ts';
import type { Page } from './shapes.ts';
import type { KnownGate, NewGate, TapsSkip, TapsSkipped } from './tap-shapes.ts';
import type { Answered, CommandOptions, ReadOptions, Transport } from './transport.ts';

export class Gates {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /**
   * Makes a gate known; an operator's call. @throws HoldfastError GATE_EXISTS, UNKNOWN_STATION,
   * INVALID_REQUEST, UNAUTHORIZED, KEY_REUSED
   */
  create(gate: NewGate, options?: CommandOptions): Promise<Answered<KnownGate>> {
    return this.transport.call({ method: 'POST', path: '/v1/gates', body: gate, keyed: true }, options);
  }

  /** @throws HoldfastError UNKNOWN_GATE, UNAUTHORIZED */
  get(id: string, options: ReadOptions = {}): Promise<Answered<KnownGate>> {
    return this.transport.call({ method: 'GET', path: pathOf(id), query: { at: options.at } }, options);
  }

  /** A page of all gates, newest first. @throws HoldfastError INVALID_REQUEST */
  list({ limit, cursor, at, ...options }: PageOptions = {}): Promise<Answered<Page<KnownGate>>> {
    return this.transport.call({ method: 'GET', path: '/v1/gates', query: { limit, cursor, at } }, options);
  }

  /**
   * Tells the store that a gate has lost these taps for good, so that it takes the next one. Only
   * for a gap that the store has reported.
   * @throws HoldfastError UNKNOWN_GATE, MARK_MOVED when the store expects another sequence than
   * `from`, KEY_REUSED
   */
  skip(id: string, skip: TapsSkip, options?: CommandOptions): Promise<Answered<TapsSkipped>> {
    return this.transport.call({ method: 'POST', path: `${pathOf(id)}/skip`, body: skip, keyed: true }, options);
  }
}

function pathOf(id: string): string {
  return `/v1/gates/${encodeURIComponent(id)}`;
}
