/**
 * A store of this process, served to this process alone for as long as an import runs: on a port of
 * its own on loopback, to whoever has a key that was made for it and told to nobody. So a stopped
 * folder is imported into on the road of a running store.
 */
import { randomBytes } from 'node:crypto';
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
  /** Lets what is in flight finish, and gives the port back. */
  close(): Promise<void>;
}

/** How long a request may take that is in flight at the end, ms. */
const graceMs = 5000;

export function serveToOurselves(node: Node): OwnListener {
  const secret = (): string => randomBytes(32).toString('base64url');
  const operatorKey = secret();
  // An import makes nothing that has a token, so the secret of the folder is not needed, and none
  // is made in it.
  const tokens = new Tokens(historyOf(node), secret());
  const listener = new Listener({
    port: 0,
    host: '127.0.0.1',
    doors: [v1Door(node, tokens), seatsDoor(node)].map(forOperators),
    access: new AccessControl({ operatorKey, open: false, origins: [] }),
    logger: createLogger('warn'),
  });
  return {
    url: `http://127.0.0.1:${listener.port}`,
    operatorKey,
    failure: () => node.failureReason?.message ?? null,
    close: () => listener.close(graceMs),
  };
}

/**
 * What anybody may do at a store that is open: nobody else may, at one that is stopped for
 * everybody else.
 */
function forOperators(door: Door): Door {
  return { ...door, routes: door.routes.map((route) => ({ ...route, needs: 'run' })) };
}
