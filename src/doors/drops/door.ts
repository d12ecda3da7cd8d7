/**
 * The drops dialect: limited drops, one unit held for a minute, bought by its holder. DESIGN.md
 * lists what differs.
 */
import type { Door } from '../../http/door.ts';
import type { Tokens } from '../kit/tokens.ts';
import type { Node } from '../../node/node.ts';
import { Operations } from '../kit/operations.ts';
import { Owners } from '../kit/owners.ts';
import type { Shares } from '../kit/shares.ts';
import { clientFileRoute } from './client-files.ts';
import { dialect, failed } from './errors.ts';
import { Live } from './live.ts';
import { dropsRoutes } from './routes.ts';
import { errorAnswer } from './schemas.ts';

/** `currency`: of the prices in requests. `maxUnsentBytes`: for all live listeners together. */
export function dropsDoor(
  node: Node,
  currency: string,
  tokens: Tokens,
  shares: Shares | null = null,
  maxUnsentBytes?: number,
): Door {
  const live = new Live(node, maxUnsentBytes);
  const operations = new Operations(node, dialect);
  return {
    name: 'drops',
    routes: [
      ...dropsRoutes(operations, { currency, owners: new Owners(node, tokens), shares }),
      clientFileRoute(operations),
    ],
    prefixes: ['/api', '/socket.io'],
    anyCase: true,
    failed,
    errors: { contentType: 'application/json', schema: errorAnswer },
    sockets: live.sockets,
    close: () => live.close(),
  };
}
