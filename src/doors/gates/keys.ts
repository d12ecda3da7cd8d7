/**
 * /v1/keys: the access keys of gates. The server is told the hash of a key alone, and whoever made
 * the key has shown it to the gate by then.
 */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { kinds, scopes } from '../../engine/command.ts';
import type { KeyDefinition, KeyRemoval } from '../../engine/commands/access-keys.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { State } from '../../engine/state.ts';
import type { Route } from '../../http/door.ts';
import { formatId, formatTime, parseId } from '../kit/ids.ts';
import { jsonOf } from '../kit/input.ts';
import { answerAt, answerNow, madeAt } from '../kit/native-answers.ts';
import { problemAnswer } from '../kit/native-errors.ts';
import { closed, nullable } from '../kit/native-schemas.ts';
import type { Operation, Read } from '../kit/operation.ts';
import { orNoSuchRow } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import { cursorParameter, limitParameter, readPage } from '../kit/paging.ts';
import { writePosition } from '../kit/positions.ts';
import { fingerprintAsked } from '../kit/requests.ts';
import { composedOrNull, textPattern } from '../kit/texts.ts';
import { checkOf } from '../kit/validation.ts';

/** Gates of one key. */
const maxGates = 256;

const keyRequest = Type.Object(
  {
    hash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the key, in hexadecimal digits.' }),
    gates: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
      minItems: 1,
      maxItems: maxGates,
      uniqueItems: true,
      description: 'Ids of the gates at which the key taps.',
    }),
    label: Type.Optional(nullable(Type.String({ maxLength: 200, pattern: textPattern, description: 'For people.' }))),
  },
  closed,
);

/** A key as it is shown: nothing in it opens a gate. */
export const accessKey = Type.Object({
  id: Type.String(),
  gates: Type.Array(Type.String()),
  label: nullable(Type.String()),
  createdAt: Type.String(),
});

export const accessKeyList = Type.Object({ items: Type.Array(accessKey), next: nullable(Type.String()) });

const checkKey = checkOf(keyRequest);

export function keyRoutes(operations: Operations): Route[] {
  return [
    operations.operation(
      {
        method: 'POST',
        path: '/v1/keys',
        needs: 'run',
        summary: 'Make the key of a gate known, by its hash',
        body: keyRequest,
        key: 'optional',
        answers: { 201: { description: 'The key opens from now on. `Location` has its URL.', schema: accessKey } },
      },
      addKey,
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/keys',
        needs: 'run',
        summary: "List gates' keys, newest first",
        query: { ...limitParameter, ...cursorParameter },
        answers: { 200: { description: 'A page of keys that open.', schema: accessKeyList } },
      },
      listKeys,
    ),
    operations.operation(
      {
        method: 'DELETE',
        path: '/v1/keys/:id',
        needs: 'run',
        summary: 'Remove the key of a gate',
        answers: { 204: { description: 'The key opens nothing any more.' } },
      },
      removeKey,
    ),
  ];
}

const addKey: Operation<Static<typeof keyRequest>> = {
  read: (call, bytes) => checkKey(jsonOf(call, bytes)),
  fill: ({ hash, gates, label }, _, command) => {
    const definition: KeyDefinition = { hash, right: 'tap', gates, label: composedOrNull(label) };
    command.reset(kinds.addKey).body = definition;
    return undefined;
  },
  keep: (key, asked, command) => {
    command.setKey(scopes.operator, 0, key);
    fingerprintAsked(command, asked);
  },
  refused: ({ row, position }, { gates }, state) => {
    if (row !== outcomes.UNKNOWN_GATE) return null;
    const unknown = gates.filter((id) => state.gates.find(id) < 0).slice(0, 5);
    const named = unknown.map((id) => JSON.stringify(id)).join(', ');
    const detail = `No gate has the id ${named}. POST /v1/gates makes one known.`;
    return problemAnswer(row, detail, [], { 'Holdfast-Position': writePosition(state, position) });
  },
  answer: ({ thing, position }, _, state) =>
    madeAt(state, position, `/v1/keys/${keyId(state, thing)}`, JSON.stringify(keyView(state, thing))),
};

const listKeys: Read<URLSearchParams> = {
  read: (call) => call.url.searchParams,
  answer: (query, state) => {
    const { accessKeys } = state;
    const { items, next } = readPage(query, state, accessKeys.count, (key) => !accessKeys.isRemoved(key));
    return answerNow(state, JSON.stringify({ items: items.map((key) => keyView(state, key)), next }));
  },
};

const removeKey: Operation<string> = {
  read: (call) => call.param('id'),
  fill: (id, { genesis }, command) => {
    const key = orNoSuchRow(parseId('key', genesis.cell, id));
    command.reset(kinds.removeKey).body = { key } satisfies KeyRemoval;
    return undefined;
  },
  answer: ({ position }, _, state) => answerAt(state, position, '', 204),
};

/** Nothing of a key ever changes. */
function keyView(state: State, key: number): Static<typeof accessKey> {
  const { gates, label, createdAtMs } = state.accessKeys.rows[key]!;
  return { id: keyId(state, key), gates: [...gates], label, createdAt: formatTime(createdAtMs) };
}

function keyId({ genesis }: State, key: number): string {
  return formatId('key', genesis.cell, key);
}
