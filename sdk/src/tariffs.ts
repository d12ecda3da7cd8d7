/** The tariff: stations, and what it costs to go from one to another. */
import type { TimeInput } from './shapes.ts';
import type { NewTariff, Tariff } from './tariff-shapes.ts';
import type { Answered, CallOptions, ReadOptions, Transport } from './transport.ts';

export interface TariffOptions extends ReadOptions {
  /** The tariff of journeys that begin then; by default now. */
  readonly effectiveAt?: TimeInput | undefined;
}

export class Tariffs {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /** @throws HoldfastError NOT_FOUND before the first tariff */
  get({ effectiveAt, at, ...options }: TariffOptions = {}): Promise<Answered<Tariff>> {
    const time = effectiveAt instanceof Date ? effectiveAt.toISOString() : effectiveAt;
    return this.transport.call({ method: 'GET', path: '/v1/tariff', query: { effectiveAt: time, at } }, options);
  }

  /**
   * Sets the tariff from `effectiveFrom` on; an operator's call. It has no key: sent twice, the
   * same tariff holds.
   * @throws HoldfastError INVALID_REQUEST with the place that is wrong, INVALID_TARIFF,
   * TARIFF_IN_PAST, TARIFF_LIMIT, CURRENCY_MISMATCH, UNAUTHORIZED
   */
  set(tariff: NewTariff, options?: CallOptions): Promise<Answered<Tariff>> {
    return this.transport.call({ method: 'PUT', path: '/v1/tariff', body: tariff }, options);
  }
}
