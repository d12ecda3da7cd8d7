/** Demonstration data: sales and customers in one command, once. */
import type { SeedDefinition } from '../commands/running.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { lower } from '../outcomes.ts';
import { registerSeeded } from './customers.ts';
import { createSale } from './sales.ts';
import { refusalOfHall } from './seats.ts';
import type { State } from '../state.ts';

/** A second seed has no effect, whatever its content. */
export function refusalOfSeed(state: State, { sales }: SeedDefinition): OutcomeRow | null {
  let refusal: OutcomeRow | null = null;
  if (!state.seeded) for (const sale of sales) refusal = lower(refusal, refusalOfHall(sale));
  return refusal;
}

export function seed(state: State, body: SeedDefinition): void {
  state.seeded = true;
  for (const sale of body.sales) createSale(state, sale);
  for (const customer of body.customers) registerSeeded(state, customer);
}
