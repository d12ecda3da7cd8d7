/**
 * Terms of the dialect's routes: what they take and answer, and what right a caller needs.
 */
import type { TSchema } from 'typebox';
import type { Method, RouteAnswer, RouteTerms } from '../../http/route.ts';
import { listQuery } from './lists.ts';
import type { RecordKind } from './records.ts';
import * as schemas from './schemas.ts';

const said = (description: string): RouteAnswer => ({ description, schema: schemas.errorAnswer });
export const refusals = {
  malformed: { 400: said('The request is invalid. The message says what to change.') },
  missing: { 404: said('No record was found.') },
  taken: { 409: said('The request conflicts with the current state. The message says how.') },
  keyed: {
    422: said('The idempotency key was already used for a different request.'),
    503: said('The request may not have been processed. Retry it with the same idempotency key.'),
  },
};

export const byOperator = { needs: 'run' } as const;
export const keyed = { key: 'optional' } as const;
/** Anybody may read it, and caches may keep it. */
export const shared = { shared: true } as const;

/** Terms without method and path. Anybody may call the route unless `needs` says otherwise. */
type Row = Omit<RouteTerms, 'method' | 'path' | 'needs'> & Partial<Pick<RouteTerms, 'needs'>>;
type More = Partial<Row>;

export function terms(method: Method, path: string, row: Row): RouteTerms {
  const takesForms = method === 'POST' || method === 'PUT' || row.body !== undefined;
  return { method, path, needs: 'buy', ...(takesForms ? { takesForms } : {}), ...row };
}

export function page(path: string, summary: string, kind: RecordKind, schema: TSchema, more: More): RouteTerms {
  const ok = { description: 'A page of records, ordered by ID.', schema };
  return terms('GET', path, { summary, query: listQuery(kind), answers: { 200: ok, ...refusals.malformed }, ...more });
}

export function all(path: string, summary: string, schema: TSchema): RouteTerms {
  return terms('GET', path, { summary, answers: { 200: { description: 'The complete list.', schema } }, ...shared });
}

export function one(path: string, summary: string, schema: TSchema, more: More): RouteTerms {
  const answers = { 200: { description: 'The record.', schema }, ...refusals.missing };
  return terms('GET', path, { summary, answers, ...more });
}

export function creation(path: string, summary: string, body: TSchema, schema: TSchema, more: More): RouteTerms {
  const { malformed, taken } = refusals;
  const answers = { 201: { description: 'The created record.', schema }, ...malformed, ...taken, ...refusals.keyed };
  return terms('POST', path, { summary, body, ...keyed, answers, ...more });
}

export function change(path: string, summary: string, body: TSchema, schema: TSchema, more: More): RouteTerms {
  const { malformed, missing, taken } = refusals;
  const answers = { 200: { description: 'The updated record.', schema }, ...malformed, ...missing, ...taken };
  return terms('PUT', path, { summary, body, answers, ...more });
}

export function removal(path: string, summary: string): RouteTerms {
  const { missing, taken } = refusals;
  const ok = { description: 'The record was deleted.', schema: schemas.deletedAnswer };
  const answers = { 200: ok, ...missing, ...taken, ...refusals.keyed };
  return terms('DELETE', path, { summary, ...byOperator, ...keyed, answers });
}
