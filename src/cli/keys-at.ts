/** The store that the commands of keys ask: a running one, or a stopped folder. */
import type { Place } from './import/arguments.ts';
import { placeOf } from './import/arguments.ts';
import { StoreClient } from './import/client.ts';
import { withStoreAt } from './import/run.ts';

/** Flags of each of these commands. */
export const placeFlags = { data: 'string', url: 'string' } as const;

/** @throws UserError */
export function withKeys<Result>(
  flags: { readonly data?: string; readonly url?: string },
  use: (client: StoreClient) => Promise<Result>,
): Promise<Result> {
  const place: Place = placeOf(flags);
  return withStoreAt(place, false, (address) => use(new StoreClient(address, 'door gates is')));
}
