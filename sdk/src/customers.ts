/** Customers: names to show beside what they buy. Buying needs no registration. */
import type { Customer, NewCustomer } from './shapes.ts';
import type { Answered, CallOptions, CommandOptions, Transport } from './transport.ts';

export class Customers {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /**
   * Registers a customer. An id that is known already, registered or only from an order, a hold or
   * a place in line, is TOKEN_REQUIRED for who shows no token of one of those, with the id that it
   * is of: `token: 'order_0_5:TOKEN'`.
   * @throws HoldfastError TOKEN_REQUIRED, CUSTOMER_EXISTS, INVALID_REQUEST, KEY_REUSED
   */
  create(customer: NewCustomer, options?: CommandOptions): Promise<Answered<Customer>> {
    return this.transport.call({ method: 'POST', path: '/v1/customers', body: customer, keyed: true }, options);
  }

  /**
   * One who registered, or is known from an order or hold; an operator's call. @throws
   * HoldfastError NOT_FOUND, UNAUTHORIZED
   */
  get(id: string, options?: CallOptions): Promise<Answered<Customer>> {
    return this.transport.call({ method: 'GET', path: `/v1/customers/${encodeURIComponent(id)}` }, options);
  }
}
