/** /openapi.json: complete, well-formed, and true of the answers that calls really get. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Compile } from 'typebox/schema';
import type { Route } from '../../src/http/door.ts';
import type { Answer } from './support/client.ts';
import { pathNowhere, pathOf, routesOf, sampleOf, stockUp, withEveryRoute, withQuery } from './support/samples.ts';
import type { TestStore } from './support/store.ts';
import { operatorKey } from './support/store.ts';

type Schema = Readonly<Record<string, unknown>>;
type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: Schema }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
}

interface Description {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: object };
}

function templateOf(route: Route): string {
  return route.path.replaceAll(/:(\w+)/g, '{$1}');
}

async function withDescription(use: (api: Description, store: TestStore) => Promise<void>): Promise<void> {
  await withEveryRoute(async (store) => {
    const answer = await store.get('/openapi.json');
    assert.equal(answer.status, 200);
    await use(answer.json as Description, store);
  });
}

function operationOf(api: Description, route: Route): Operation {
  const operation = api.paths[templateOf(route)]?.[route.method.toLowerCase()];
  assert.ok(operation !== undefined, `${route.method} ${route.path} is not described`);
  return operation;
}

/** All schemas of an operation, with where they stand. */
function schemasOf(operation: Operation): (readonly [string, Schema])[] {
  const contents: (readonly [string, Content])[] = Object.entries(operation.responses).map(([status, { content }]) => [
    status,
    content ?? {},
  ]);
  if (operation.requestBody !== undefined) contents.push(['request', operation.requestBody.content]);
  const found = contents.flatMap(([where, content]) =>
    Object.values(content).map(({ schema }) => [where, schema] as const),
  );
  return [...found, ...(operation.parameters ?? []).map(({ name, schema }) => [name, schema] as const)];
}

describe('the description', () => {
  test('the description is of version 3.1, with a title and the version of the program', () =>
    withDescription(async (api) => {
      assert.match(api.openapi, /^3\.1\.\d$/);
      assert.equal(api.info.title, 'Holdfast');
      assert.match(api.info.version, /^\d+\.\d+\.\d+/);
    }));

  test('the description has every route of every open door, and no other', () =>
    withDescription(async (api, store) => {
      const routes = routesOf(store).map((route) => `${route.method} ${templateOf(route)}`);
      const described = Object.entries(api.paths).flatMap(([path, item]) =>
        Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
      );
      assert.deepEqual(described.sort(), routes.sort());
    }));

  test('the description names every parameter in a path, once, and every scheme it asks for', () =>
    withDescription(async (api, store) => {
      for (const route of routesOf(store)) {
        const { parameters = [], security = [], summary, responses } = operationOf(api, route);
        const inPath = parameters.filter((parameter) => parameter.in === 'path');
        const named = [...templateOf(route).matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        assert.deepEqual(
          inPath.map(({ name }) => name),
          named,
          route.path,
        );
        assert.ok(inPath.every(({ required }) => required));
        assert.equal(new Set(parameters.map(({ name, in: place }) => `${place} ${name}`)).size, parameters.length);
        for (const scheme of security.flatMap((one) => Object.keys(one)))
          assert.ok(scheme in api.components.securitySchemes);
        assert.ok(summary.length > 3 && Object.keys(responses).length > 0);
        for (const { description } of Object.values(responses)) assert.ok(description.length > 1);
      }
    }));

  test('the description says of each route what key, token and operator it needs', () =>
    withDescription(async (api, store) => {
      for (const route of routesOf(store)) {
        const { parameters = [], security } = operationOf(api, route);
        const key = parameters.find(({ name }) => name === 'Idempotency-Key');
        assert.equal(key?.required, route.key === undefined ? undefined : route.key === 'required', route.path);
        assert.equal(
          parameters.some(({ name }) => name === 'Holdfast-Token'),
          route.token === true,
        );
        assert.equal(security !== undefined, route.needs !== 'buy');
        for (const name of Object.keys(route.query ?? {}))
          assert.ok(parameters.some((one) => one.name === name && one.in === 'query'));
      }
    }));

  test('the description has schemas that compile, without marks of the library that made them', () =>
    withDescription(async (api, store) => {
      assert.doesNotMatch(JSON.stringify(api), /"~|\$ref|\[object|undefined/);
      for (const route of routesOf(store)) {
        for (const [where, schema] of schemasOf(operationOf(api, route))) {
          assert.doesNotThrow(() => Compile(schema), `${route.path} ${where}`);
        }
        assert.equal(operationOf(api, route).requestBody !== undefined, route.body !== undefined, route.path);
      }
    }));

  test('the description takes the samples of its own requests', () =>
    withDescription(async (api, store) => {
      for (const route of routesOf(store)) {
        const { requestBody } = operationOf(api, route);
        if (requestBody !== undefined)
          assert.ok(Compile(requestBody.content['application/json']!.schema).Check(sampleOf(route)), route.path);
      }
    }));
});

/** Members of an answer that no schema names, by their paths. */
function undocumented(schema: Schema, value: unknown, at = ''): string[] {
  const options = schema['anyOf'] as readonly Schema[] | undefined;
  if (options !== undefined) {
    const [fitting] = options.filter((option) => Compile(option).Check(value));
    return fitting === undefined ? [at] : undocumented(fitting, value, at);
  }
  if (Array.isArray(value))
    return value.flatMap((item, i) => undocumented(schema['items'] as Schema, item, `${at}/${i}`));
  if (typeof value !== 'object' || value === null || schema['additionalProperties'] === true) return [];
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  return Object.entries(value).flatMap(([name, inner]) => {
    const known = properties[name];
    return known === undefined ? [`${at}/${name}`] : undocumented(known, inner, `${at}/${name}`);
  });
}

/** The answer is one that the description names. */
function assertDescribed(api: Description, route: Route, answer: Answer): void {
  const { responses } = operationOf(api, route);
  const response = responses[answer.status] ?? responses['default'];
  const where = `${route.method} ${route.path} ${answer.status} ${answer.text.slice(0, 300)}`;
  assert.ok(response !== undefined, `not described: ${where}`);
  if (response.content === undefined) return;
  const type = answer.header('Content-Type').split(';', 1)[0]!;
  const content = response.content[type];
  assert.ok(content !== undefined, `of type ${type}: ${where}`);
  const value = type.endsWith('json') ? answer.json : answer.text;
  assert.ok(Compile(content.schema).Check(value), where);
  assert.deepEqual(undocumented(content.schema, value), [], where);
}

describe('answers are as described', () => {
  let keys = 0;
  const key = (): string => `openapi-${(keys += 1)}`;

  test('to proper calls of every route', () =>
    withDescription(async (api, store) => {
      await stockUp(store);
      const last = ['POST /v1/holds/:id/confirm', 'DELETE /v1/holds/:id', 'POST /v1/orders/:id/cancel'];
      const routes = routesOf(store).toSorted(
        (one, other) => last.indexOf(`${one.method} ${one.path}`) - last.indexOf(`${other.method} ${other.path}`),
      );
      for (const route of routes) {
        const releases = route.method === 'DELETE' && route.path === '/v1/holds/:id';
        if (releases) await store.post('/v1/sales/sale_0_1/holds', { quantity: 1 }, 'another hold');
        const path = releases ? '/v1/holds/hold_0_2' : pathOf(route);
        const json = route.body === undefined ? undefined : sampleOf(route);
        const answer = await store.ask(route.method, path, { json, headers: { 'Idempotency-Key': key() } });
        assert.ok(answer.status < 300, `${route.method} ${path}: ${answer.text}`);
        assertDescribed(api, route, answer);
      }
    }));

  test('to calls that are refused', () =>
    withDescription(async (api, store) => {
      await stockUp(store);
      for (const route of routesOf(store)) {
        // A sale with stock left, and one that is sold out.
        const elsewhere = pathOf(route).replace(/(?<=sale_0_)[13]/, (row) => (row === '1' ? '3' : '1'));
        for (const path of [elsewhere, pathNowhere(route), withQuery(pathOf(route), 'limit=0&at=x&since=x&sales=x')]) {
          for (const body of route.method === 'GET'
            ? [undefined]
            : ['', '{', '{"unknown":1}', JSON.stringify(route.body === undefined ? {} : sampleOf(route))]) {
            for (const headers of [{}, { 'Idempotency-Key': key() }, { 'Idempotency-Key': 'k'.repeat(300) }]) {
              assertDescribed(
                api,
                route,
                await store.ask(route.method, path, { headers, ...(body === undefined ? {} : { body }) }),
              );
            }
          }
        }
      }
    }));

  test('to who may not, and when the store has stopped', () =>
    withEveryRoute(
      async (store) => {
        const api = (await store.get('/openapi.json')).json as Description;
        const asked = (route: Route): Promise<Answer> => {
          const json = route.body === undefined ? undefined : sampleOf(route);
          return store.ask(route.method, pathOf(route), { json, headers: { 'Idempotency-Key': key() } });
        };
        for (const route of routesOf(store)) assertDescribed(api, route, await asked(route));
        await store.node.close();
        for (const route of routesOf(store)) assertDescribed(api, route, await asked(route));
      },
      { environment: { HOLDFAST_OPERATOR_KEY: operatorKey } },
    ));
});
