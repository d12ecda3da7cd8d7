/** /v1/gates: make known, list, read; skip taps that a gate lost. */
import type { Static } from 'typebox';
import type { GateDefinition, TapsSkip } from '../../engine/commands/gates.ts';
import { kinds, scopes } from '../../engine/command.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { State } from '../../engine/state.ts';
import type { Route } from '../../http/door.ts';
import { HttpFailure } from '../../http/problems.ts';
import { atPosition } from '../kit/at-position.ts';
import { jsonOf } from '../kit/input.ts';
import { answerAt, answerNow, madeAt } from '../kit/native-answers.ts';
import type { Operation, Read } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import { cursorParameter, limitParameter, readPage } from '../kit/paging.ts';
import { writePosition } from '../kit/positions.ts';
import { fingerprintAsked } from '../kit/requests.ts';
import { checkOf, invalidField } from '../kit/validation.ts';
import { checkId } from './cards.ts';
import type { GateKeys } from './gate-keys.ts';
import * as schemas from './schemas.ts';

const checkGate = checkOf(schemas.gateRequest);
const checkSkip = checkOf(schemas.skipRequest);

export function gateRoutes(operations: Operations, keys: GateKeys): Route[] {
  const at = { at: schemas.gate.properties.position };
  const { node } = operations;
  return [
    operations.operation(
      {
        method: 'POST',
        path: '/v1/gates',
        needs: 'run',
        summary: 'Make a gate known',
        body: schemas.gateRequest,
        key: 'optional',
        answers: { 201: { description: 'The gate, with its number. `Location` has its URL.', schema: schemas.gate } },
      },
      addGate,
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/gates',
        needs: 'see',
        summary: 'List gates, newest first',
        query: { ...limitParameter, ...cursorParameter, ...at },
        answers: { 200: { description: 'A page of gates.', schema: schemas.gateList } },
      },
      atPosition(node, listGates),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/gates/:id',
        needs: 'tap',
        summary: 'Get a gate',
        query: at,
        answers: { 200: { description: 'The gate.', schema: schemas.gate } },
      },
      atPosition(node, oneGate(keys)),
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/v1/gates/:id/skip',
        needs: 'tap',
        summary: 'Say that a gate lost taps and will never send them',
        body: schemas.skipRequest,
        key: 'optional',
        answers: { 200: { description: 'The mark moved behind them.', schema: schemas.skipped } },
      },
      skip(keys),
    ),
  ];
}

type GateAsk = Static<typeof schemas.gateRequest>;

const addGate: Operation<GateAsk> = {
  read: (call, bytes) => {
    const asked = checkGate(jsonOf(call, bytes));
    checkId(asked.id, '/id');
    return asked;
  },
  fill: ({ id, number, station }, _, command) => {
    const definition: GateDefinition = { id, number: number ?? null, station: station ?? null };
    command.reset(kinds.addGate).body = definition;
    return undefined;
  },
  keep: (key, asked, command) => {
    command.setKey(scopes.operator, 0, key);
    fingerprintAsked(command, asked);
  },
  answer: ({ thing, position }, { id }, state) =>
    madeAt(state, position, `/v1/gates/${encodeURIComponent(id)}`, JSON.stringify(gateView(state, thing, position))),
};

/** Nothing of a gate ever changes. */
function gateView(state: State, gate: number, position: number): Record<string, unknown> {
  const { gates, tariffs } = state;
  const station = gates.stationOf(gate);
  return {
    id: gates.idOf(gate),
    number: gates.numberOf(gate),
    station: station === 0 ? null : tariffs.stationId(station),
    position: writePosition(state, position),
  };
}

/** @throws HttpFailure 404 */
function gateOf(state: State, id: string): number {
  const row = state.gates.find(id);
  if (row < 0) throw new HttpFailure(outcomes.UNKNOWN_GATE);
  return row;
}

const listGates: Read<URLSearchParams> = {
  read: (call) => call.url.searchParams,
  answer: (query, state) => {
    const { items, next } = readPage(query, state, state.gates.count, () => true);
    const { position } = state;
    return answerNow(state, JSON.stringify({ items: items.map((gate) => gateView(state, gate, position)), next }));
  },
};

interface OneGateAsk {
  readonly gate: string;
  readonly key: number;
}

function oneGate(keys: GateKeys): Read<OneGateAsk> {
  return {
    read: (call) => ({ gate: call.param('id'), key: call.keyRow }),
    answer: ({ gate, key }, state) => {
      const row = gateFor(state, keys, gate, key);
      return answerNow(state, JSON.stringify(gateView(state, row, state.position)));
    },
  };
}

/**
 * A gate's key learns of no other gate whether it exists.
 * @throws HttpFailure 403, 404
 */
function gateFor(state: State, keys: GateKeys, id: string, key: number): number {
  keys.require(key, state.gates.find(id));
  return gateOf(state, id);
}

interface SkipAsk extends OneGateAsk {
  readonly asked: Static<typeof schemas.skipRequest>;
}

function skip(keys: GateKeys): Operation<SkipAsk> {
  return {
    read: (call, bytes) => {
      const asked = checkSkip(jsonOf(call, bytes));
      if (asked.to < asked.from) throw invalidField('/to', 'must not be less than from');
      return { gate: call.param('id'), key: call.keyRow, asked };
    },
    fill: ({ gate: id, key, asked: { epoch = 0, from, to, reason } }, state, command) => {
      const gate = gateFor(state, keys, id, key);
      command.reset(kinds.skipTaps).body = { gate, epoch, from, to, reason } satisfies TapsSkip;
      return undefined;
    },
    keep: (key, { gate, asked }, command) => {
      // Of the gate, whoever asks: two gates may use one key. Behind that of what operators make.
      command.setKey(scopes.operator, (command.body as TapsSkip).gate + 1, key);
      fingerprintAsked(command, { gate, ...asked });
    },
    answer: ({ thing, remaining, position }, { asked: { epoch = 0, from, to } }, state) => {
      const view = { gate: state.gates.idOf(thing), epoch, from, to, mark: remaining };
      return answerAt(state, position, JSON.stringify({ ...view, position: writePosition(state, position) }));
    },
  };
}
