/**
 * Serves a stopped folder's store to this process alone, while an import runs. It listens on a
 * loopback port of its own and asks for a fresh key that nobody else has. So an import into a
 * folder takes the same road as one into a running store.
 */
import { randomBytes } from 'node:crypto';
import { gatesDoor } from '../../doors/gates/door.ts';
import { historyOf } from '../../doors/kit/owners.ts';
import { Tokens } from '../../doors/kit/tokens.ts';
import { seatsDoor } from '../../doors/seats/door.ts';
import { v1Door } from '../../doors/v1/door.ts';
import { AccessControl } from '../../http/access.ts';
import type { Door } from '../../http/door.ts';
import { Listener } from '../../http/listener.ts';
import { createLogger } from '../../http/logging.ts';
import type { Node } from '../../node/node.ts';
import type { StoreAddress } from './client.ts';

export interface OwnListener extends StoreAddress {
  /** Lets requests in flight finish, and frees the port. */
  close(): Promise<void>;
}

/** How long requests in flight at the end may take, ms. */
const graceMs = 5000;

export function serveToOurselves(node: Node): OwnListener {
  const secret = (): string => randomBytes(32).toString('base64url');
  const operatorKey = secret();
  // An import makes nothing with a token, so the folder's secret is not needed, and none is made in
  // it.
  const tokens = new Tokens(historyOf(node), secret());
  const logger = createLogger('warn');
  const listener = new Listener({
    port: 0,
    host: '127.0.0.1',
    doors: [v1Door(node, tokens), seatsDoor(node), gatesDoor(node, logger)].map(forOperators),
    access: new AccessControl({ operatorKey, open: false, origins: [] }),
    logger,
  });
  return {
    url: `http://127.0.0.1:${listener.port}`,
    operatorKey,
    failure: () => node.failureReason?.message ?? null,
    close: () => listener.close(graceMs),
  };
}

/** Makes every route need the operator key: for all other callers this store is stopped. */
function forOperators(door: Door): Door {
  return { ...door, routes: door.routes.map((route) => ({ ...route, needs: 'run' })) };
}
