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
const rank = Type.Integer({ minimum: 0, maximum: maxRank, description: 'Quality of the seat; 0 is the best.' });
const seatLabel = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'Section, row and number, such as `A-12-7`.',
});
export const seatLabels = Type.Array(seatLabel, { minItems: 1, maxItems: maxSeats });
export const best = Type.Object(
  {
    quantity: Type.Integer({ minimum: 1, maximum: maxSeats }),
    section: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    accessible: Type.Optional(Type.Boolean({ description: 'Whether to choose only accessible seats.' })),
    split: Type.Optional(
      Type.Boolean({ description: 'Whether to accept separate seats if there are not enough adjacent ones.' }),
    ),
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
  { ...closed, description: 'All whole numbers from `from` to `to`, both included.' },
);
function hallOf<Seats extends TSchema>(seats: Seats) {
  const row = Type.Object({ name: seatName, rank: Type.Optional(rank), seats }, closed);
  const section = Type.Object({ name: seatName, rows: Type.Array(row) }, closed);
  return Type.Object({ sections: Type.Array(section) }, closed);
}
const seatsInOrder = Type.Array(Type.Union([seatName, hallSeat]), {
  maxItems: maxRowSeats,
  description: 'Seats of the row; the n-th seat is at place n.',
});
export const hall = hallOf(Type.Union([seatsInOrder, hallRange]));
/** The seats of each row are checked by themselves, so that each mistake can be named. */
export const hallFrame = hallOf(Type.Unknown());

/** Absent on counted sales. */
export const seatsHad = Type.Optional(
  Type.Array(Type.String(), { description: 'Labels of the seats at the time, in a seated sale.' }),
);

const place = Type.Integer({
  minimum: 1,
  maximum: maxRowSeats,
  description: 'Place in the row. Seats whose places differ by one are adjacent.',
});
const seatTerms = {
  place: Type.Optional(place),
  rank: Type.Optional(rank),
  accessible: Type.Optional(Type.Boolean()),
  blocked: Type.Optional(Type.Boolean({ description: 'Whether the seat is not for sale.' })),
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
  { description: 'State of the seat. `removed` appears only in lists of changes.' },
);
export const seat = Type.Object({
  id: Type.String({ description: 'Section, row and number, such as `A-12-7`.' }),
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
      description: 'Present if there are too many changes to list. Then `items` has all seats; any other seat is gone.',
    }),
  ),
});

const compactRow = Type.Object({
  name: Type.String(),
  rank: Type.Integer({ description: 'Rank of all seats in the row, if `ranks` is missing.' }),
  numbers: Type.Union([Type.Array(Type.String()), Type.Object({ from: Type.Integer(), to: Type.Integer() })]),
  places: Type.Optional(
    Type.Array(Type.Integer(), { description: 'Place of each seat, unless the places are 1, 2, 3, …' }),
  ),
  accessible: Type.Optional(
    Type.Array(Type.Integer(), { description: 'Indexes of the accessible seats in the row, from 0.' }),
  ),
  ranks: Type.Optional(
    Type.Array(Type.Integer(), { description: "Rank of each seat, if any differs from the row's." }),
  ),
});
export const compactSeats = Type.Object({
  sale: Type.String(),
  position: Type.String(),
  form: Type.Literal('compact'),
  sections: Type.Array(Type.Object({ name: Type.String(), rows: Type.Array(compactRow) })),
  states: Type.String({
    description:
      'States in Base64, two bits a seat in the order of the rows, the first seat in the lowest bits: 0 available, 1 held, 2 sold, 3 blocked.',
  }),
});
