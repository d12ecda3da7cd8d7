/** The last buyers of a sale. */
import type { Buyer } from '../../../sdk/src/index.ts';

/** Maximum number of buyers shown. */
const maxBuyers = 3;

/** Merges known and newly received buyers: each once, newest first, up to the maximum. */
export function newestBuyers(known: readonly Buyer[], told: readonly Buyer[]): Buyer[] {
  const seen = new Map<string, Buyer>();
  for (const buyer of [...known, ...told]) seen.set(`${buyer.at} ${buyer.name ?? ''} ${buyer.quantity}`, buyer);
  return [...seen.values()].sort((one, other) => (one.at < other.at ? 1 : -1)).slice(0, maxBuyers);
}
