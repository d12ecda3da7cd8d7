/** Taps by HTTP: for tools, and gates with few passages. A busy gate uses `holdfast-sdk/gate`. */
import type { NewTap, TapOutcomes, TapTotals } from './tap-shapes.ts';
import type { Answered, CallOptions, ReadOptions, Transport } from './transport.ts';

export class Taps {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /**
   * Sends taps in their order, up to 4,096, at most 1,024 of one gate. They need no key: a tap that
   * is sent again counts once, and has its first outcome. Each outcome is to be looked at: a tap
   * after a gap was not applied.
   * @throws HoldfastError INVALID_REQUEST, UNAUTHORIZED for a gate of another key
   */
  send(taps: readonly NewTap[], options?: CallOptions): Promise<Answered<TapOutcomes>> {
    return this.transport.call({ method: 'POST', path: '/v1/taps', body: taps }, options);
  }

  /** The sums over all cards and taps; an operator's call. @throws HoldfastError UNAUTHORIZED */
  totals(options: ReadOptions = {}): Promise<Answered<TapTotals>> {
    return this.transport.call({ method: 'GET', path: '/v1/taps/totals', query: { at: options.at } }, options);
  }
}
