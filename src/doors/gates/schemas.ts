/**
 * Shapes of cards, gates and taps: they validate requests, type the operations, and make the
 * OpenAPI document.
 */
import { Type } from 'typebox';
import { maxBalance } from '../../engine/commands/cards.ts';
import { decisions, directions } from '../../engine/commands/taps.ts';
import { tapFlags, tapReasons, tapResults } from '../../engine/tap-outcomes.ts';
import { closed, nullable, position, time } from '../kit/native-schemas.ts';
import { namePattern } from '../kit/texts.ts';

/** Names of stations and rider categories too. */
export const idPattern = '^[^\\u0000-\\u001f\\u007f]+$';
const maxIdCharacters = 255;
const maxWord = 0xffffffff;

const id = Type.String({ minLength: 1, maxLength: maxIdCharacters, pattern: idPattern });
const name = Type.String({ minLength: 1, maxLength: 200, pattern: namePattern });
const currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'Currency code from the list of ISO 4217.' });
const minorUnits = 'Amount in minor units, such as cents.';

function words<const Names extends object>(names: Names, description?: string) {
  const literals = (Object.keys(names) as (keyof Names & string)[]).map((one) => Type.Literal(one));
  return Type.Union(literals, description === undefined ? {} : { description });
}

const opening = Type.Object(
  { amount: Type.Integer({ minimum: 0, maximum: maxBalance, description: minorUnits }), currency },
  closed,
);
const payment = Type.Object(
  { amount: Type.Integer({ minimum: 1, maximum: maxBalance, description: minorUnits }), currency },
  closed,
);
/**
 * What a card has, or what moved: below zero where an exit or a gate's own decision took it there.
 */
export const money = Type.Object({
  amount: Type.Integer({ description: minorUnits }),
  currency: nullable(Type.String({ description: 'Null until a first tariff or balance fixes the currency.' })),
});

export const cardRequest = Type.Object(
  {
    id: Type.Optional(
      Type.String({ ...id, description: 'An id of your choice; a random UUID is made when it is left out.' }),
    ),
    name: Type.Optional(nullable(name)),
    category: Type.Optional(
      Type.String({ ...id, maxLength: 64, description: 'Rider category of a tariff; `adult` when it is left out.' }),
    ),
    balance: Type.Optional(opening),
  },
  closed,
);

export const card = Type.Object({
  id: Type.String(),
  name: nullable(Type.String()),
  category: Type.String(),
  number: Type.Integer({ description: 'The number in binary taps of a card whose id is no UUID.' }),
  status: words({ active: 0, blocked: 1 }),
  balance: money,
  createdAt: time,
  position,
});

export const topUpRequest = Type.Object({ amount: payment }, closed);
export const refundRequest = Type.Object(
  {
    amount: payment,
    journey: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Id of the journey it is for.' })),
  },
  closed,
);

/** A body that may be left out. */
export const nothing = Type.Object({}, closed);

const movement = { card: Type.String(), amount: money, balance: money };
/** The balance is that right after the movement. */
export const topUp = Type.Object({ ...movement, position });
export const refund = Type.Object({ ...movement, journey: nullable(Type.String()), position });

export const adjustmentRequest = Type.Object(
  {
    day: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: "The day in the tariff's time zone." }),
    amount: Type.Object(
      {
        amount: Type.Integer({
          minimum: -2 * maxBalance,
          maximum: 2 * maxBalance,
          description: 'What is given back, in minor units; below zero for what is charged.',
        }),
        currency,
      },
      closed,
    ),
    replaces: Type.Integer({
      description:
        "The sum of the day's fares, less earlier adjustments, that it was computed from. Another one refuses it.",
    }),
    run: Type.Integer({
      minimum: 0,
      maximum: maxWord,
      description:
        'Which computation it is of: one books a card and day once. 0 settles a day; those below 65536 are settlements, too.',
    }),
    upTo: Type.Optional(
      Type.String({ description: 'The position that it was computed from: what moved the day since then refuses it.' }),
    ),
  },
  closed,
);

export const adjustment = Type.Object({
  card: Type.String(),
  day: Type.String(),
  run: Type.Integer(),
  amount: money,
  balance: money,
  position,
});

export const cardStatus = Type.Object({ id: Type.String(), status: words({ active: 0, blocked: 1 }), position });

export const cardList = Type.Object({ items: Type.Array(card), next: nullable(Type.String()) });

export const denyList = Type.Object({
  items: Type.Array(
    Type.Object({
      card: Type.String(),
      number: Type.Integer({ description: 'Number of the card.' }),
      change: Type.Integer({ description: 'Number of the change; later ones are greater.' }),
      reason: nullable(words({ CARD_BLOCKED: 0, LOW_BALANCE: 0 }, 'Null: the card is off the list again.')),
    }),
  ),
  whole: Type.Boolean({ description: 'Whether this begins the whole list: forget what you have.' }),
  more: Type.Boolean({ description: 'Whether there is more: ask again at once.' }),
  next: Type.String({ description: 'Send it as `since` for what comes after this.' }),
  position,
});

export const gateRequest = Type.Object(
  {
    id,
    number: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 0xfffffffe,
        description: 'The number in binary taps; the next free one when it is left out.',
      }),
    ),
    station: Type.Optional(
      Type.String({ ...id, description: 'Where it stands; a gate without a station names one in each tap.' }),
    ),
  },
  closed,
);

export const gate = Type.Object({
  id: Type.String(),
  number: Type.Integer(),
  station: nullable(Type.String()),
  position,
});

export const gateList = Type.Object({ items: Type.Array(gate), next: nullable(Type.String()) });

const epoch = Type.Integer({
  minimum: 0,
  maximum: maxWord,
  description: 'Which run of the counter: a new one whenever the gate loses it. 0 when it is left out.',
});
const sequence = Type.Integer({ minimum: 1, maximum: maxWord });

export const skipRequest = Type.Object(
  {
    epoch: Type.Optional(epoch),
    from: Type.Integer({ minimum: 1, maximum: maxWord, description: 'The sequence that the store expects next.' }),
    to: sequence,
    reason: Type.String({ minLength: 1, maxLength: 200, pattern: namePattern }),
  },
  closed,
);

export const skipped = Type.Object({
  gate: Type.String(),
  epoch: Type.Integer(),
  from: Type.Integer(),
  to: Type.Integer(),
  mark: Type.Integer({ description: 'The last sequence that is done with: the next tap has the one after it.' }),
  position,
});

export const tap = Type.Object(
  {
    gate: id,
    epoch: Type.Optional(epoch),
    sequence,
    card: id,
    station: Type.Optional(nullable(id)),
    direction: words(directions),
    at: time,
    decided: Type.Optional(words(decisions, 'What the gate decided by itself while it was away.')),
  },
  closed,
);

export const maxJsonTaps = 4096;
export const tapsRequest = Type.Union([tap, Type.Array(tap, { minItems: 1, maxItems: maxJsonTaps })]);

export const outcome = Type.Object({
  gate: Type.String(),
  sequence: Type.Integer(),
  card: nullable(Type.String()),
  result: words(tapResults),
  reason: nullable(words(tapReasons)),
  rule: nullable(Type.String({ description: 'The rule that made the fare.' })),
  flags: Type.Array(words(tapFlags)),
  expected: Type.Optional(Type.Integer({ description: 'gap: the sequence that the gate should send next.' })),
  fare: money,
  balance: nullable(money),
  journey: nullable(Type.String()),
  replayed: Type.Boolean({ description: 'Whether it only repeats an earlier tap: nothing was applied.' }),
});

export const outcomes = Type.Object({ outcomes: Type.Array(outcome), position });

const counter = Type.Integer({ minimum: 0 });
export const totals = Type.Object({
  cards: counter,
  taps: Type.Integer({ minimum: 0, description: 'Taps that moved a mark: each is counted once.' }),
  open: counter,
  denied: counter,
  balances: money,
  openings: money,
  topUps: money,
  fares: money,
  refunds: money,
  adjustments: money,
  explained: Type.Boolean({
    description: 'Whether the balances are the openings and top-ups, less the fares, with refunds and adjustments.',
  }),
  position,
});
