/** Customers: names to show beside what they buy. Buying needs no registration. */
import type { Customer, NewCustomer } from './shapes.ts';
import type { Answered, CallOptions, CommandOptions, Transport } from './transport.ts';

export class Customers {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /** Registers a customer. @throws HoldfastError CUSTOMER_EXISTS, INVALID_REQUEST, KEY_REUSED */
  create(customer: NewCustomer, options?: CommandOptions): Promise<Answered<Customer>> {
    return this.transport.call({ method: 'POST', path: '/v1/customers', body: customer, keyed: true }, options);
  }

  /** One who registered, or is known from an order or hold; an operator's call. @throws HoldfastError NOT_FOUND, UNAUTHORIZED */
  get(id: string, options?: CallOptions): Promise<Answered<Customer>> {
    return this.transport.call({ method: 'GET', path: `/v1/customers/${encodeURIComponent(id)}` }, options);
  }
}
