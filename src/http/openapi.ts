/** OpenAPI 3.1 from the routes and the same schemas that validate. */
import type { TSchema } from 'typebox';
import type { Door, Route } from './door.ts';
import type { RouteAnswer } from './route.ts';

/** Path of each listener's description of itself. */
const path = '/openapi.json';
const headers = { 'Content-Type': 'application/json;charset=utf-8' } as const;

export interface ApiDescription {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

/**
 * The route of a listener's description of itself. `doors`: all doors open there, whichever of them
 * has this route.
 */
export function descriptionRoute(doors: () => readonly Door[], api: ApiDescription): Route {
  let text: string | null = null;
  return {
    method: 'GET',
    path,
    needs: 'buy',
    shared: true,
    summary: 'Get this description',
    answers: { 200: { description: 'An OpenAPI 3.1 document.' } },
    handle: () => ({ status: 200, headers, body: (text ??= JSON.stringify(openApi(doors(), api))) }),
  };
}

function openApi(doors: readonly Door[], api: ApiDescription): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const door of doors) {
    for (const route of door.routes) {
      const template = route.path.replaceAll(/:(\w+)/g, '{$1}');
      (paths[template] ??= {})[route.method.toLowerCase()] = operation(door, route);
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: api.title, version: api.version, description: api.description },
    paths,
    components: {
      securitySchemes: {
        operator: {
          type: 'http',
          scheme: 'bearer',
          description: 'The operator key. Not needed on loopback while none is set.',
        },
      },
    },
  };
}

function operation(door: Door, route: Route): Record<string, unknown> {
  const parameters = [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)];
  const responses: Record<string, unknown> = {};
  for (const [status, answer] of Object.entries(route.answers)) {
    responses[status] = {
      description: answer.description,
      ...contentOf(answer),
    };
  }
  const { errors } = door;
  if (errors !== undefined) {
    responses['default'] = { description: 'The error.', content: { [errors.contentType]: { schema: errors.schema } } };
  }
  return {
    tags: [door.name],
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body === undefined ? {} : { requestBody: { required: true, content: bodyContent(route.body, route) } }),
    responses,
    ...(route.needs !== 'buy' ? { security: [{ operator: [] }] } : {}),
  };
}

function bodyContent(schema: TSchema, { takesForms, takes }: Route): object {
  return {
    'application/json': { schema },
    ...(takesForms === true ? { 'application/x-www-form-urlencoded': { schema } } : {}),
    ...(takes === undefined ? {} : { [takes]: { schema: { type: 'string', format: 'binary' } } }),
  };
}

function contentOf({ schema, type }: RouteAnswer): object {
  if (schema !== undefined) return { content: { 'application/json': { schema } } };
  return type === undefined ? {} : { content: { [type]: { schema: { type: 'string' } } } };
}

function pathParameters(route: Route): object[] {
  return Array.from(route.path.matchAll(/:(\w+)/g), ([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(route: Route): object[] {
  return Object.entries(route.query ?? {}).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
}

function headerParameters(route: Route): object[] {
  const headers: object[] = [];
  if (route.key !== undefined) {
    headers.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: route.key === 'required',
      description:
        'A secret value, unique for each request. A retry with the same key gets the first answer, tokens included.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    });
  }
  if (route.token === true) {
    headers.push({
      name: 'Holdfast-Token',
      in: 'header',
      required: false,
      description: 'The token that came with the hold or order. Operators need none.',
      schema: { type: 'string' },
    });
  }
  return headers;
}
