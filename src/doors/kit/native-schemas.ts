/** Shapes that all parts of the native API share. */
import { Type } from 'typebox';
import { fullTimePattern } from './times.ts';

/** So that a price times a quantity times the lines of an order stays an exact integer. */
export const maxAmount = 10_000_000_000;

/** Unknown fields are refused. */
export const closed = { additionalProperties: false };
export const nullable = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);

export const price = Type.Object(
  {
    amount: Type.Integer({ minimum: 0, maximum: maxAmount, description: 'Amount in minor units, such as cents.' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'Currency code from the current list of ISO 4217.' }),
  },
  closed,
);
/** RFC 3339. Whether the date exists is checked outside of the schema. */
export const time = Type.String({
  maxLength: 35,
  pattern: fullTimePattern,
  description: 'A time of RFC 3339 with seconds and an offset, in the years 1 to 9999 in UTC.',
});
/** Where and when a thing is true. */
export const position = Type.String({ description: 'Log position at which this is true.' });

export const problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  retryable: Type.Boolean(),
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
});
