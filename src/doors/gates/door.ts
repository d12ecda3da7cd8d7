/**
 * Cards, gates and taps: the native API of a city's fares. Cards are accounts that are loaded and
 * debited at gates, by a tariff.
 */
import type { Node } from '../../node/node.ts';
import type { Door } from '../../http/door.ts';
import { dialect, problemAnswer } from '../kit/native-errors.ts';
import { problem } from '../kit/native-schemas.ts';
import { Operations } from '../kit/operations.ts';
import { cardRoutes } from './cards.ts';
import { denyListRoutes } from './deny-list.ts';
import { keyRoutes } from './keys.ts';
import { tariffRoutes } from './tariff.ts';

export function gatesDoor(node: Node): Door {
  const operations = new Operations(node, dialect);
  return {
    name: 'gates',
    routes: [
      ...cardRoutes(operations),
      ...denyListRoutes(operations),
      ...tariffRoutes(operations),
      ...keyRoutes(operations),
    ],
    prefixes: ['/v1'],
    failed: (failure) => problemAnswer(failure.row, failure.detail, failure.errors),
    errors: { contentType: 'application/problem+json', schema: problem },
  };
}
