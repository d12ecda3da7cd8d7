/** A route without its behaviour: who may call it, what it takes, what it answers. */
import type { TSchema } from 'typebox';
import type { Right } from './rights.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RouteAnswer {
  readonly description: string;
  /** Schema of a JSON body. */
  readonly schema?: TSchema;
  /** Media type of any other body. */
  readonly type?: string;
}

export interface RouteTerms {
  readonly method: Method;
  /** With `:name` for parameters, as in Bun's router. */
  readonly path: string;
  /** The right that a caller needs. (The door itself checks tokens of holds and orders.) */
  readonly needs: Right;
  readonly summary: string;
  /**
   * Whether it answers under any Host, or none, even in a store without a key: for health checks by
   * proxies.
   */
  readonly anyHost?: boolean;
  /**
   * Whether a shared cache may keep the answer: it depends on the target alone. Leave it out where
   * the answer depends on a token, an operator or a key, or on the present state.
   */
  readonly shared?: true;
  /**
   * Whether it costs the client nothing and creates something permanent; such calls have an
   * allowance by address (`free-calls.ts`).
   */
  readonly free?: true;
  /** The same schemas validate requests and make the OpenAPI document. */
  readonly body?: TSchema;
  /** Maximum length of a body, bytes; 64 KiB by default. */
  readonly maxBodyBytes?: number;
  /** A media type besides JSON that the body may have (`call.isOfTakenType`). */
  readonly takes?: string;
  /** Whether the body may also be a form (`call.isForm`). */
  readonly takesForms?: boolean;
  readonly query?: Readonly<Record<string, TSchema>>;
  /** Whether an Idempotency-Key header is ignored, optional or required. */
  readonly key?: 'optional' | 'required';
  readonly token?: boolean;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
}
