/** A tariff as JSON, with all that one can say, to be changed as a test wants it. */
export const fullTariff = {
  currency: 'EUR',
  stations: [
    { id: 'north', number: 7, name: 'North Gate', zone: 1 },
    { id: 'middle', name: 'Middle', zone: 2 },
    { id: 'süd', zone: 3 },
  ],
  fares: {
    zones: [
      [200, 310, 400],
      [320, 210, 330],
      [410, 340, 220],
    ],
  },
  minimumBalance: 150,
  maximumFare: 900,
  journeyMinutes: [60, 90],
  passbackSeconds: 30,
  dailyCap: 1200,
  caps: [
    { amount: 5000, window: 'calendarWeek' },
    { amount: 900, window: { rollingDays: 3 }, zones: [1, 2] },
  ],
  peaks: [
    {
      days: [1, 2, 3, 4, 5],
      from: '06:30',
      to: '09:30',
      fares: {
        zones: [
          [250, 350, 450],
          [250, 350, 450],
          [250, 350, 450],
        ],
      },
    },
    {
      days: [5, 7],
      from: '22:00',
      to: '02:00',
      fares: {
        zones: [
          [100, 100, 100],
          [100, 100, 100],
          [100, 100, 100],
        ],
      },
    },
  ],
  timeZone: 'Europe/Vienna',
  categories: { child: { share: 0.5, round: 'down' }, senior: { share: '1/3', round: 'nearest' } },
  sameStation: { graceSeconds: 120, fee: 110, untilMinutes: 20 },
  interchanges: [{ from: 'north', to: 'süd', minutes: 15 }],
};

export type TariffJson = Record<string, unknown>;

export const tariffJson = (changes: TariffJson = {}): TariffJson => ({ ...structuredClone(fullTariff), ...changes });

const flat = { zones: [[200]] };

/** The least that a tariff may say. */
export const leastTariff = (changes: TariffJson = {}): TariffJson => ({
  currency: 'EUR',
  stations: [{ id: 'a', zone: 1 }],
  fares: flat,
  minimumBalance: 0,
  maximumFare: 900,
  ...changes,
});
