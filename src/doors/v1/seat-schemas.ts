/** Shapes of halls and seats, and of requests for seats. */
import type { TSchema } from 'typebox';
import { Type } from 'typebox';
import { namePattern } from '../kit/texts.ts';

/** Maximum of seats in one request. */
export const maxSeats = 512;
export const maxHallSeats = 100_000;
/** Places of a row. */
export const maxRowSeats = 4096;
export const maxRank = 1_000_000;
/** Maximum of seats that one call adds to a hall. */
export const maxAddedSeats = 1000;

const closed = { additionalProperties: false };

/** Names of sections, rows and seats, which make up labels. */
export const maxSeatNameCharacters = 40;
export const seatName = Type.String({
  minLength: 1,
  maxLength: maxSeatNameCharacters,
  pattern: namePattern,
});
const rank = Type.Integer({ minimum: 0, maximum: maxRank, description: 'How good, 0 best.' });
const seatLabel = Type.String({ minLength: 1, maxLength: 200, description: 'section-row-number, such as `A-12-7`.' });
export const seatLabels = Type.Array(seatLabel, { minItems: 1, maxItems: maxSeats });
export const best = Type.Object(
  {
    quantity: Type.Integer({ minimum: 1, maximum: maxSeats }),
    section: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    accessible: Type.Optional(Type.Boolean({ description: 'Only accessible seats.' })),
    split: Type.Optional(Type.Boolean({ description: 'Apart, where so many next to each other are not left.' })),
  },
  closed,
);

/** A seat that has more than its number. */
export const hallSeat = Type.Object(
  { number: seatName, accessible: Type.Optional(Type.Boolean()), rank: Type.Optional(rank) },
  closed,
);
const seatNumber = Type.Integer({ minimum: 0, maximum: 1_000_000 });
export const hallRange = Type.Object(
  { from: seatNumber, to: seatNumber },
  { ...closed, description: 'The whole numbers in between, both included.' },
);
function hallOf<Seats extends TSchema>(seats: Seats) {
  const row = Type.Object({ name: seatName, rank: Type.Optional(rank), seats }, closed);
  const section = Type.Object({ name: seatName, rows: Type.Array(row) }, closed);
  return Type.Object({ sections: Type.Array(section) }, closed);
}
const seatsInOrder = Type.Array(Type.Union([seatName, hallSeat]), {
  maxItems: maxRowSeats,
  description: 'The n-th stands at place n.',
});
export const hall = hallOf(Type.Union([seatsInOrder, hallRange]));
/** The seats of each row are checked by themselves, so that each mistake can be named. */
export const hallFrame = hallOf(Type.Unknown());

/** Absent on counted sales. */
export const seatsHad = Type.Optional(
  Type.Array(Type.String(), { description: 'Of a seated sale: the seats, by the names they had.' }),
);

const place = Type.Integer({
  minimum: 1,
  maximum: maxRowSeats,
  description: 'Seats whose places differ by one are neighbours.',
});
const seatTerms = {
  place: Type.Optional(place),
  rank: Type.Optional(rank),
  accessible: Type.Optional(Type.Boolean()),
  blocked: Type.Optional(Type.Boolean({ description: 'Not for sale.' })),
};
export const seatsRequest = Type.Object(
  {
    seats: Type.Array(Type.Object({ section: seatName, row: seatName, number: seatName, ...seatTerms }, closed), {
      minItems: 1,
      maxItems: maxAddedSeats,
    }),
  },
  closed,
);
export const seatPatch = Type.Object(
  {
    section: Type.Optional(seatName),
    row: Type.Optional(seatName),
    number: Type.Optional(seatName),
    ...seatTerms,
  },
  { ...closed, minProperties: 1 },
);

const seatState = Type.Union(
  (['available', 'held', 'sold', 'blocked', 'removed'] as const).map((state) => Type.Literal(state)),
  { description: '`removed` only where changes are asked for.' },
);
export const seat = Type.Object({
  id: Type.String({ description: 'section-row-number' }),
  section: Type.String(),
  row: Type.String(),
  number: Type.String(),
  rank: Type.Integer(),
  accessible: Type.Boolean(),
  state: seatState,
});
export const seatList = Type.Object({
  items: Type.Array(seat),
  position: Type.String(),
  whole: Type.Optional(
    Type.Literal(true, {
      description:
        'Where changes were asked for and there are too many to tell: these are all seats, and no others stand.',
    }),
  ),
});

const compactRow = Type.Object({
  name: Type.String(),
  rank: Type.Integer({ description: "The rank of the row's seats where `ranks` is missing." }),
  numbers: Type.Union([Type.Array(Type.String()), Type.Object({ from: Type.Integer(), to: Type.Integer() })]),
  places: Type.Optional(Type.Array(Type.Integer(), { description: 'Of each seat, where they are not 1, 2, 3, …' })),
  accessible: Type.Optional(Type.Array(Type.Integer(), { description: 'Which seats of the row, counted from 0.' })),
  ranks: Type.Optional(Type.Array(Type.Integer(), { description: "Of each seat, where any differs from the row's." })),
});
export const compactSeats = Type.Object({
  sale: Type.String(),
  position: Type.String(),
  form: Type.Literal('compact'),
  sections: Type.Array(Type.Object({ name: Type.String(), rows: Type.Array(compactRow) })),
  states: Type.String({
    description:
      'Base64: two bits a seat, in the order of the rows, the first in the lowest bits: 0 available, 1 held, 2 sold, 3 blocked.',
  }),
});
