/**
 * Shapes of the drops dialect, for its OpenAPI part. `input.ts` checks requests, in the dialect's
 * own words.
 */
import { Type } from 'typebox';
import { namePattern } from '../kit/texts.ts';
import { timePattern } from '../kit/times.ts';
import { maxNameCharacters, maxStock, maxUsernameCharacters, priceLimits } from './input.ts';

const open = { additionalProperties: true };
const smallId = Type.Integer({ minimum: 1 });
const time = Type.String({ format: 'date-time' });
const nullable = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);
/** Also the value that forms send for an empty field. */
const unset = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null(), Type.Literal('')]);

export const errorAnswer = Type.Object({ error: Type.String() });

export const healthAnswer = Type.Object({ status: Type.Literal('OK'), message: Type.String() });

const user = Type.Object({ id: smallId, username: Type.String(), createdAt: time, updatedAt: time });

const text = (maxLength: number) =>
  Type.Union([
    Type.String({
      minLength: 1,
      maxLength,
      pattern: namePattern,
      description: 'The length is counted in UTF-16 units.',
    }),
    Type.Number({ description: 'Converted to text.' }),
  ]);

export const userRequest = Type.Object({ username: text(maxUsernameCharacters) });
export const userAnswer = Type.Object({ user });
export const usersAnswer = Type.Object({ users: Type.Array(user) });

const dropFields = {
  id: smallId,
  name: Type.String(),
  price: nullable(Type.Number({ minimum: 0 })),
  availableStock: Type.Integer({ minimum: 0 }),
  totalStock: Type.Integer({ minimum: 0 }),
  dropStartTime: time,
  available_stock: Type.Integer({ minimum: 0 }),
  total_stock: Type.Integer({ minimum: 0 }),
  drop_start_time: time,
  createdAt: time,
  updatedAt: time,
};

const drop = Type.Object(dropFields);

export const dropAnswer = Type.Object({
  ...dropFields,
  recentPurchases: Type.Array(Type.Object({ username: nullable(Type.String()), timestamp: time }), { maxItems: 3 }),
});
export const dropsAnswer = Type.Array(dropAnswer);

export function dropRequestIn(currency: string) {
  const { most, decimals } = priceLimits(currency);
  const digits = decimals === 0 ? '^\\d{1,9}$' : `^\\d{1,9}(\\.\\d{1,${decimals}})?$`;
  const description = `In ${currency}; decimals: at most ${decimals}.`;
  return Type.Object(
    {
      name: text(maxNameCharacters),
      price: Type.Union([Type.Number({ minimum: 0, maximum: most, description }), Type.String({ pattern: digits })]),
      totalStock: Type.Union([
        Type.Integer({ minimum: 1, maximum: maxStock }),
        Type.String({ pattern: '^\\d{1,10}$' }),
      ]),
      dropStartTime: Type.Optional(
        unset(Type.String({ pattern: timePattern, description: 'ISO 8601. Without a zone it is in UTC.' })),
      ),
      holdSeconds: Type.Optional(
        unset(
          Type.Integer({
            minimum: 1,
            maximum: 86_400,
            default: 60,
            description: 'How long a reservation lasts, in seconds.',
          }),
        ),
      ),
    },
    open,
  );
}
export const dropMadeAnswer = Type.Object({ message: Type.String(), drop: dropAnswer });

export const byUserRequest = Type.Object(
  { userId: Type.Union([smallId, Type.String({ pattern: '^[1-9]\\d{0,9}$' })]) },
  open,
);

export const reservationAnswer = Type.Object({
  message: Type.String(),
  reservation: Type.Object(
    {
      id: smallId,
      status: Type.Literal('ACTIVE'),
      userId: smallId,
      dropId: smallId,
      expires_at: time,
      expiresAt: time,
      createdAt: time,
    },
    open,
  ),
  expiresAt: time,
});

export const purchaseAnswer = Type.Object({
  message: Type.String(),
  purchase: Type.Object({ id: smallId, userId: smallId, dropId: smallId, createdAt: time }, open),
  drop,
});
