/**
 * Cards, gates and taps: the native API of a city's fares. Cards are accounts that are loaded and
 * debited at gates, by a tariff.
 */
import type { Node } from '../../node/node.ts';
import type { Door } from '../../http/door.ts';
import type { Logger } from '../../http/logging.ts';
import { dialect, problemAnswer } from '../kit/native-errors.ts';
import { problem } from '../kit/native-schemas.ts';
import { Operations } from '../kit/operations.ts';
import { adjustmentRoutes } from './adjustments.ts';
import { cardRoutes } from './cards.ts';
import { denyListRoutes } from './deny-list.ts';
import { GateKeys } from './gate-keys.ts';
import { gateRoutes } from './gates.ts';
import { keyRoutes } from './keys.ts';
import type { CardLists } from './lists.ts';
import { cardListRoutes } from './lists.ts';
import { Names } from './names.ts';
import { TapStreams } from './stream.ts';
import { tapRoutes } from './taps.ts';
import { TapsFiller } from './taps-fill.ts';
import { tariffRoutes } from './tariff.ts';
import { totalsRoutes } from './totals.ts';

/**
 * `logger`: for errors of streams, which no answer of the listener carries. `lists`: where journeys
 * and entries are read from; null without one.
 */
export function gatesDoor(node: Node, logger: Pick<Logger, 'error'>, lists: CardLists | null = null): Door {
  const operations = new Operations(node, dialect);
  const { state } = node.engine;
  const keys = new GateKeys(state);
  const filler = new TapsFiller(new Names(state), keys);
  return {
    name: 'gates',
    routes: [
      ...cardRoutes(operations),
      ...adjustmentRoutes(operations),
      ...denyListRoutes(operations),
      ...gateRoutes(operations, keys),
      ...keyRoutes(operations),
      ...tariffRoutes(operations),
      ...tapRoutes(operations, filler),
      ...totalsRoutes(operations),
      ...cardListRoutes(operations, lists),
    ],
    prefixes: ['/v1'],
    failed: (failure) => problemAnswer(failure.row, failure.detail, failure.errors),
    errors: { contentType: 'application/problem+json', schema: problem },
    sockets: new TapStreams(node, filler, logger).sockets,
  };
}
