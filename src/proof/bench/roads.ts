/**
 * The two roads of a request. On the operator's road the store has no key: every caller on this
 * machine is the operator and gets no token. On the public road an operator key is set and buyers
 * have none, as in a shop: access is checked, and each hold and order carries a token, which its
 * confirmation must present.
 */
import type { Endpoint, Server } from '../processes/servers.ts';
import { givenWithDrops, HoldfastServer, newOperatorKey, serverFor, startWithDrops } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';

export interface Road {
  readonly isPublic: boolean;
  readonly server: Server;
}

export interface RoadWithDrops extends Road {
  readonly drops: Endpoint;
}

/**
 * The server at the given address, on the road that it has; or one of our own for each road, on
 * empty folders.
 */
export async function openRoads({ url, operatorKey }: BenchSettings): Promise<Road[]> {
  if (url !== null) return [{ isPublic: operatorKey !== null, server: await serverFor({ url, operatorKey }) }];
  return [
    { isPublic: false, server: await HoldfastServer.start() },
    { isPublic: true, server: await HoldfastServer.start({ operatorKey: newOperatorKey() }) },
  ];
}

/** The same, with the drops dialect open. */
export async function openRoadsWithDrops({ url, operatorKey, dropsPort }: BenchSettings): Promise<RoadWithDrops[]> {
  if (url !== null) return [{ isPublic: operatorKey !== null, ...givenWithDrops(url, operatorKey, dropsPort) }];
  return [
    { isPublic: false, ...(await startWithDrops()) },
    { isPublic: true, ...(await startWithDrops(newOperatorKey())) },
  ];
}

/** A figure's id, or its beginning, by road. The operator's road has the plain id. */
export function idOn({ isPublic }: Road, id: string): string {
  return isPublic ? `public/${id}` : id;
}

/** A name, or a figure in words, by road. */
export function nameOn({ isPublic }: Road, name: string): string {
  return isPublic ? `${name}, public road` : name;
}

/** The sentences that say which road was measured. */
export function roadsNote(roads: readonly Road[]): string[] {
  const [road, ...more] = roads;
  if (more.length > 0)
    return [
      'public road: an operator key is set and buyers have none, so holds and orders carry tokens; otherwise no key is set',
    ];
  return road?.isPublic === true ? ['public road: the server has an operator key, and the buyers have none'] : [];
}
