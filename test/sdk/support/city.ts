/** A small city in a real store: two stations in two zones, gates, and cards. */
import { createHash, randomUUID } from 'node:crypto';
import type { Card, Holdfast, NewTariff } from '../../../sdk/src/index.ts';

export const tariff: NewTariff = {
  currency: 'EUR',
  stations: [
    { id: 'north', name: 'North', zone: 1 },
    { id: 'south', name: 'South', zone: 2 },
  ],
  fares: {
    zones: [
      [200, 300],
      [300, 200],
    ],
  },
  minimumBalance: 200,
  maximumFare: 500,
};

/** Gates `north-1`, `north-2`, `south-1` and `bus`, which stands nowhere. */
export async function makeCity({ tariff: tariffs, gates }: Holdfast): Promise<void> {
  await tariffs.set(tariff);
  for (const id of ['north-1', 'north-2', 'south-1']) await gates.create({ id, station: id.split('-')[0] });
  await gates.create({ id: 'bus' });
}

export async function makeCards({ cards }: Holdfast, count: number, amount = 5000): Promise<Card[]> {
  const made: Promise<Card>[] = [];
  for (let card = 0; card < count; card += 1) made.push(cards.create({ balance: { amount, currency: 'EUR' } }));
  return await Promise.all(made);
}

/** The key of some gates. The store is told its hash alone. */
export async function makeGateKey(operator: Holdfast, gates: readonly string[]): Promise<string> {
  const key = randomUUID();
  const hash = createHash('sha256').update(key).digest('hex');
  await operator.request({ method: 'POST', path: '/v1/keys', body: { hash, gates }, keyed: true });
  return key;
}
