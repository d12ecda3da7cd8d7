/** /v1/tariff: the tariff in force at a time, and setting another one. */
import { Type } from 'typebox';
import type { TariffDefinition } from '../../engine/commands/tariff.ts';
import { kinds } from '../../engine/command.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { State } from '../../engine/state.ts';
import type { TariffVersion } from '../../engine/tables/tariff-version.ts';
import type { Node } from '../../node/node.ts';
import type { Route } from '../../http/door.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import { atPosition } from '../kit/at-position.ts';
import { formatTime } from '../kit/ids.ts';
import { jsonOf } from '../kit/input.ts';
import { answerAt, answerNow } from '../kit/native-answers.ts';
import type { Operation, Read } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import { invalidParameter } from '../kit/requests.ts';
import { timeFlaw, timeMsOf } from '../kit/times.ts';
import { checkNumbers, maxTariffBytes, tariffOf } from './tariff-compile.ts';
import * as schemas from './tariff-schemas.ts';
import { tariffView } from './tariff-view.ts';

export function tariffRoutes(operations: Operations): Route[] {
  const effectiveAt = Type.String({ description: 'The tariff of journeys that begin then; now when it is left out.' });
  return [
    operations.read(
      {
        method: 'GET',
        path: '/v1/tariff',
        needs: 'buy',
        summary: 'Get the stations and what it costs',
        query: { effectiveAt, at: schemas.tariff.properties.position },
        answers: { 200: { description: 'The tariff.', schema: schemas.tariff } },
      },
      atPosition(operations.node, readTariff(operations.node)),
    ),
    operations.operation(
      {
        method: 'PUT',
        path: '/v1/tariff',
        needs: 'run',
        summary: 'Set the stations and what it costs, from a time on',
        body: schemas.tariffRequest,
        maxBodyBytes: maxTariffBytes,
        answers: { 200: { description: 'The tariff as it was set.', schema: schemas.tariff } },
      },
      setTariff(operations.node),
    ),
  ];
}

function readTariff({ civil }: Node): Read<number | null> {
  return {
    read: (call) => {
      const text = call.url.searchParams.get('effectiveAt');
      if (text === null) return null;
      const ms = timeMsOf(text);
      if (ms === null) throw invalidParameter('effectiveAt', timeFlaw(text));
      return ms;
    },
    answer: (effectiveAtMs, state) => {
      // The clock's time: a tariff holds from its time on, be there a record since or not.
      const version = state.tariffs.at(effectiveAtMs ?? civil.nowMs());
      if (version === null)
        throw new HttpFailure(problems.NOT_FOUND, 'No tariff was set yet: PUT /v1/tariff sets one.');
      return answerNow(state, JSON.stringify(tariffView(state, version)));
    },
  };
}

interface TariffAsk {
  readonly definition: TariffDefinition;
}

function setTariff({ civil }: Node): Operation<TariffAsk> {
  return {
    read: (call, bytes) => ({ definition: tariffOf(jsonOf(call, bytes), civil.nowMs()) }),
    fill: ({ definition }, state, command) => {
      checkNumbers(definition, state.tariffs);
      command.reset(kinds.setTariff).body = definition;
      const same = sameVersion(state, definition, civil.nowMs());
      return same === null ? undefined : answerNow(state, JSON.stringify(tariffView(state, same)));
    },
    answer: ({ thing, position }, _, state) =>
      answerAt(state, position, JSON.stringify(tariffView(state, state.tariffs.numbered(thing)!, position))),
    refused: ({ row }, _, state) => {
      const place = placeOf(row.number, state);
      if (place === null) return null;
      throw new HttpFailure(row, place);
    },
  };
}

/**
 * The version that says the same already, from the same time on, or from before where now is meant.
 * So a PUT that is sent again changes nothing, and neither does one of what GET answers.
 */
function sameVersion(state: State, definition: TariffDefinition, civilMs: number): TariffVersion | null {
  const fromMs = definition.effectiveFromMs;
  const version = state.tariffs.at(fromMs ?? civilMs);
  if (version === null || (fromMs !== null && version.effectiveFromMs !== fromMs)) return null;
  return meaningOf(state, version.definition) === meaningOf(state, definition) ? version : null;
}

/**
 * All but when it begins, how its time zone was resolved, and how a number was chosen. The order of
 * names counts.
 */
function meaningOf({ tariffs }: State, definition: TariffDefinition): string {
  const stations = definition.stations.map((station) => ({
    ...station,
    number: station.number ?? tariffs.stationNumber(station.id),
  }));
  return JSON.stringify({ ...definition, stations, effectiveFromMs: null, offsets: null });
}

/** What is wrong, with its place in the request; null for what has none. */
function placeOf(refusal: number, { tariffs, civilMs }: State): string | null {
  if (refusal === outcomes.TARIFF_IN_PAST.number) {
    return `/effectiveFrom is before ${formatTime(civilMs)}: leave it out for "from now on", or re-rate the past.`;
  }
  if (refusal === outcomes.CURRENCY_MISMATCH.number) {
    return `/currency is not ${tariffs.currency}, the currency of this store.`;
  }
  return null;
}
