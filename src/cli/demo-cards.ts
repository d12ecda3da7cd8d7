/** The gates and the cards of the demonstration's city. */
import type { CardDefinition } from '../engine/commands/cards.ts';
import type { GateDefinition } from '../engine/commands/gates.ts';
import type { TariffDefinition } from '../engine/commands/tariff.ts';

/** The well-known account, which `seed cards` makes as well. */
export const knownAccount = {
  id: '6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1',
  name: 'Demonstration account',
  category: 'adult',
  balance: 10_000,
} as const satisfies Omit<CardDefinition, 'currency'>;

const demoCardCount = 1000;
/** Of ten riders one is a child and two are students. */
const categories = [
  'adult',
  'adult',
  'child',
  'adult',
  'student',
  'adult',
  'adult',
  'student',
  'adult',
  'adult',
] as const;
/** The lowest balances are too low to enter. */
const balances = [2000, 5000, 1250, 800, 3000, 150, 10_000] as const;

/** Two gates at each station, and a bus, which names the station in each tap. */
export function demoGates({ stations }: TariffDefinition): GateDefinition[] {
  const atStations = stations.flatMap(({ id }) => [1, 2].map((at) => ({ id: `${id}-${at}`, station: id })));
  return [...atStations, { id: 'bus-1', station: null }].map((gate, index) => ({ ...gate, number: index + 1 }));
}

/** The well-known account, and cards `demo-0001` to `demo-0999`. */
export function demoCards(currency: string): CardDefinition[] {
  const others = Array.from({ length: demoCardCount - 1 }, (_, index) => ({
    id: `demo-${String(index + 1).padStart(4, '0')}`,
    name: null,
    category: categories[index % categories.length]!,
    balance: balances[index % balances.length]!,
    currency,
  }));
  return [{ ...knownAccount, currency }, ...others];
}
