/**
 * What is said of a route without what it does: who may call it, what it takes, what it answers.
 */
import type { TSchema } from 'typebox';
import type { Right } from './rights.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RouteAnswer {
  readonly description: string;
  /** Of what is JSON. */
  readonly schema?: TSchema;
  /** The type of what is not. */
  readonly type?: string;
}

export interface RouteTerms {
  readonly method: Method;
  /** With `:name` for parameters, as Bun's router takes it. */
  readonly path: string;
  /** What a caller must have a right to. (Tokens of holds and orders are the door's own matter.) */
  readonly needs: Right;
  readonly summary: string;
  /**
   * Whether it answers under any Host, or none, also on a store without a key: for checks by
   * proxies.
   */
  readonly anyHost?: boolean;
  /**
   * Whether a cache may give the answer to anybody: it depends on the target alone. Left out where
   * it depends on a token, an operator or a key, or tells what is true just now.
   */
  readonly shared?: true;
  /** Whether it costs the client nothing and stays: an address may do so many (`free-calls.ts`). */
  readonly free?: true;
  /** The same schemas validate requests and make the OpenAPI document. */
  readonly body?: TSchema;
  /** The longest body that is taken, bytes; 64 KiB where none is named. */
  readonly maxBodyBytes?: number;
  /** Whether the body may be a form, too (`call.isForm`). */
  readonly takesForms?: boolean;
  readonly query?: Readonly<Record<string, TSchema>>;
  /** Whether an Idempotency-Key header is taken: not at all, if sent, or it must be there. */
  readonly key?: 'optional' | 'required';
  readonly token?: boolean;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
}
