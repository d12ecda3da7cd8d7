/** Customers: names to show beside what they buy. Buying needs no registration. */
import type { Customer, NewCustomer } from './shapes.ts';
import type { Answered, CallOptions, CommandOptions, Transport } from './transport.ts';

export class Customers {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /**
   * Registers a customer. An id may be known already, from a registration, an order, a hold or a
   * place in line. Then the call needs the token of one of those, with its id:
   * `token: 'order_0_5:TOKEN'`; without it, TOKEN_REQUIRED.
   * @throws HoldfastError TOKEN_REQUIRED, CUSTOMER_EXISTS, INVALID_REQUEST, KEY_REUSED
   */
  create(customer: NewCustomer, options?: CommandOptions): Promise<Answered<Customer>> {
    return this.transport.call({ method: 'POST', path: '/v1/customers', body: customer, keyed: true }, options);
  }

  /**
   * A customer who registered, or is known from an order or hold; an operator's call. @throws
   * HoldfastError NOT_FOUND, UNAUTHORIZED
   */
  get(id: string, options?: CallOptions): Promise<Answered<Customer>> {
    return this.transport.call({ method: 'GET', path: `/v1/customers/${encodeURIComponent(id)}` }, options);
  }
}
