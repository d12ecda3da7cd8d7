/** The shapes of a tariff. All amounts are minor units of its one currency. */
import { Type } from 'typebox';
import { maxBalance } from '../../engine/commands/cards.ts';
import { maxStationNumber, tariffLimits } from '../../engine/commands/tariff.ts';
import { closed, nullable, position, time } from '../kit/native-schemas.ts';
import { namePattern } from '../kit/texts.ts';

/** Ids of stations: no control character, and no `|`, which stands between two of them. */
const stationId = Type.String({ minLength: 1, maxLength: 255, pattern: '^[^\\u0000-\\u001f\\u007f|]+$' });
const categoryName = '^[^\\u0000-\\u001f\\u007f]{1,64}$';

const amount = Type.Integer({ minimum: 0, maximum: maxBalance });
const minutes = Type.Integer({ minimum: 0, maximum: tariffLimits.minutes });
const zone = Type.Integer({ minimum: 1, maximum: tariffLimits.zones });
const stationNumber = Type.Integer({ minimum: 1, maximum: maxStationNumber, description: 'In binary taps.' });

const byZones = Type.Object(
  {
    zones: Type.Array(Type.Array(amount, { maxItems: tariffLimits.zones }), {
      minItems: 1,
      maxItems: tariffLimits.zones,
      description: 'A row for each zone of entry, in it a fare for each zone of exit; the first is zone 1.',
    }),
  },
  closed,
);
const byPairs = Type.Object(
  {
    pairs: Type.Record(Type.String(), amount, {
      maxProperties: tariffLimits.pairs,
      description: 'Fares by `entry|exit`, ids of stations; in both directions, unless the other one is named too.',
    }),
  },
  closed,
);
const fares = Type.Union([byZones, byPairs]);

export const capWindow = Type.Union([
  Type.Literal('day'),
  Type.Literal('calendarWeek'),
  Type.Object({ rollingDays: Type.Integer({ minimum: 2, maximum: tariffLimits.rollingDays }) }, closed),
]);

const cap = Type.Object(
  {
    amount,
    window: capWindow,
    zones: Type.Optional(
      Type.Array(zone, {
        minItems: 2,
        maxItems: 2,
        description: 'The lowest and the highest zone that it counts; all when it is left out.',
      }),
    ),
  },
  closed,
);

const peak = Type.Object(
  {
    days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
      description: '1 is Monday.',
    }),
    from: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'Local time, such as 06:30.' }),
    to: Type.String({
      pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
      description: 'Not within; earlier than `from`: on the next day.',
    }),
    fares,
  },
  closed,
);

const share = Type.Object(
  {
    share: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.String({ maxLength: 20 })], {
      description: 'Of each amount: a number with at most 6 decimals, or a fraction such as `1/3`.',
    }),
    round: Type.Optional(Type.Union([Type.Literal('down'), Type.Literal('up'), Type.Literal('nearest')])),
  },
  closed,
);

const sameStation = Type.Object(
  {
    graceSeconds: Type.Integer({ minimum: 0, maximum: 60 * tariffLimits.minutes }),
    graceFee: Type.Optional(amount),
    fee: amount,
    untilMinutes: minutes,
  },
  closed,
);

const interchange = Type.Object(
  { from: stationId, to: stationId, minutes: Type.Integer({ minimum: 1, maximum: tariffLimits.minutes }) },
  closed,
);

const rules = {
  currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'Currency code from the list of ISO 4217.' }),
  fares,
  minimumBalance: Type.Integer({ minimum: 0, maximum: maxBalance, description: 'A live entry needs it.' }),
  maximumFare: Type.Integer({
    minimum: 0,
    maximum: tariffLimits.maximumFare,
    description: 'The fare of a journey without its other end.',
  }),
  journeyMinutes: Type.Optional(
    Type.Union([minutes, Type.Array(minutes, { maxItems: tariffLimits.zones }), Type.Null()], {
      description: 'How long a journey may take: for all, or by the zones that it crosses, from one on.',
    }),
  ),
  passbackSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 60 * tariffLimits.minutes })),
  caps: Type.Optional(Type.Array(cap, { maxItems: tariffLimits.caps })),
  peaks: Type.Optional(Type.Array(peak, { maxItems: tariffLimits.peaks })),
  timeZone: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, description: 'Of days and peaks, an IANA name; UTC when left out.' }),
  ),
  categories: Type.Optional(
    Type.Record(Type.String({ pattern: categoryName }), share, {
      maxProperties: 255,
      description: 'Rider categories besides `adult`, which pays in full.',
    }),
  ),
  sameStation: Type.Optional(nullable(sameStation)),
  interchanges: Type.Optional(Type.Array(interchange, { maxItems: tariffLimits.interchanges })),
};

export const tariffRequest = Type.Object(
  {
    effectiveFrom: Type.Optional(
      nullable(Type.String({ ...time, description: 'For journeys that begin at or after it; now when left out.' })),
    ),
    stations: Type.Array(
      Type.Object(
        {
          id: stationId,
          number: Type.Optional(stationNumber),
          name: Type.Optional(Type.String({ maxLength: 200, pattern: namePattern })),
          zone,
        },
        closed,
      ),
      { minItems: 1, maxItems: tariffLimits.stations },
    ),
    ...rules,
    dailyCap: Type.Optional(nullable(Type.Integer({ ...amount, description: 'Short for one cap of a day.' }))),
    position: Type.Optional(Type.String({ description: 'As an answer has it; of no meaning here.' })),
  },
  closed,
);

export const tariff = Type.Object({
  effectiveFrom: time,
  stations: Type.Array(Type.Object({ id: stationId, number: stationNumber, name: Type.String(), zone })),
  ...rules,
  position,
});
