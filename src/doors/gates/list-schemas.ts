/** Shapes of a card's journeys and of its statement. */
import { Type } from 'typebox';
import { entryKinds, journeyStates } from '../../engine/tables/journal.ts';
import { nullable, time } from '../kit/native-schemas.ts';
import { money } from './schemas.ts';

function words(names: object): ReturnType<typeof Type.Union> {
  return Type.Union(Object.keys(names).map((name) => Type.Literal(name)));
}

const rule = nullable(Type.String({ description: 'What made the fare, such as `zones 1-3, peak, capped by 1.20`.' }));
const end = Type.Object({ gate: Type.String(), station: Type.String(), at: time });

export const journey = Type.Object({
  id: Type.String(),
  card: Type.String(),
  category: Type.String(),
  entry: Type.Union([end, Type.Null()], { description: 'Null for an exit without an entry.' }),
  exit: Type.Union([end, Type.Null()], { description: 'Null while it is open, and for an entry without an exit.' }),
  fare: money,
  rule,
  capped: Type.Union([money, Type.Null()], { description: 'What a cap took off; null if none did.' }),
  chain: nullable(
    Type.String({ description: 'The first journey of its chain of interchanges; null if it goes on with none.' }),
  ),
  status: words({ open: null, ...journeyStates }),
});

export const entry = Type.Object({
  id: Type.String(),
  kind: words(entryKinds),
  amount: money,
  balance: money,
  journey: nullable(Type.String({ description: 'Of a fare or refund: the journey.' })),
  rule,
  at: Type.Union([time, Type.Null()], { description: 'Of a fare: when the card was tapped, by the gate.' }),
  bookedAt: time,
});
