/** The page with a city: a station to tap at, and a crowd. */
import { useEffect, useMemo, useState } from 'react';
import { Choose } from '../box-office/choose.tsx';
import { announce } from '../shared/announce.ts';
import { useSignal } from '../shared/signal.ts';
import { clock } from '../store/clock.ts';
import { EarlierPassages, LastPassage } from './board.tsx';
import { CardsInHand } from './cards-in-hand.tsx';
import type { City } from './city.ts';
import { Crowd } from './crowd.ts';
import { CrowdPanel } from './crowd-panel.tsx';
import { desk, operatorKey } from './desk.ts';
import { ownEpoch } from './epoch.ts';
import { GateRow } from './gate-row.tsx';
import { Hand } from './hand.ts';
import { Totals } from './totals.ts';

/** Gates and cards that the crowd uses. */
const mostGates = 48;
const mostRiders = 20_000;

export function CityView({ city }: { city: City }) {
  const store = desk();
  const hand = useMemo(() => new Hand(store, city), [store, city]);
  const totals = useMemo(() => new Totals(store), [store]);
  const [station, setStation] = useState(city.stations[0]?.id ?? '');
  const passages = useSignal(hand.passages);
  useEffect(() => void totals.read(), [totals, passages]);
  const gates = city.gates.filter((gate) => gate.station === station);
  const here = city.stations.find(({ id }) => id === station);
  return (
    <>
      <section aria-labelledby="station-title" className="mt-10">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-t-2 border-ink pt-4">
          <h2 id="station-title" className="text-2xl font-bold [font-stretch:112%]">
            {here?.name} <span className="font-medium text-soft">zone {here?.zone}</span>
          </h2>
          <Choose
            label="Station"
            value={station}
            onChange={(next) => {
              setStation(next);
              announce(`You are at ${city.stations.find(({ id }) => id === next)?.name ?? next}.`);
            }}
            options={city.stations.map(({ id, name, zone }) => [id, `${name} (${zone})`])}
          />
        </div>
        <div className="mt-5 grid gap-x-10 gap-y-6 *:min-w-0 lg:grid-cols-[minmax(0,1fr)_22rem] lg:grid-rows-[auto_1fr]">
          <CardsInHand hand={hand} currency={city.tariff.currency} />
          {/* On a small screen the last tap is above the gates, and the earlier ones are below. */}
          <div className="contents lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:flex lg:flex-col lg:gap-6">
            <LastPassage hand={hand} />
            <EarlierPassages hand={hand} />
          </div>
          <GateRow gates={gates} hand={hand} />
        </div>
      </section>
      <CrowdSection city={city} hand={hand} totals={totals} />
    </>
  );
}

function CrowdSection({ city, hand, totals }: { city: City; hand: Hand; totals: Totals }) {
  const crowd = useCrowd(city, hand);
  return (
    <section aria-labelledby="crowd-title" className="mt-16 sm:mt-24">
      <h2 id="crowd-title" className="border-t-2 border-ink pt-4 text-2xl font-bold [font-stretch:112%]">
        A commuter crowd
      </h2>
      <p className="mt-2 max-w-[60ch] text-pretty text-soft">
        Everybody else's cards, tapping in and out from this page as fast as you ask. Watch the sum: every fare has left
        a card, and no tap is lost or counted twice.
      </p>
      {crowd !== null && <CrowdPanel crowd={crowd.crowd} totals={totals} riders={crowd.riders} gates={crowd.gates} />}
    </section>
  );
}

interface MadeCrowd {
  readonly crowd: Crowd;
  readonly riders: number;
  readonly gates: number;
}

/** The crowd of all cards but those in the hand. It ends when the page is left. */
function useCrowd(city: City, hand: Hand): MadeCrowd | null {
  const [made, setMade] = useState<MadeCrowd | null>(null);
  useEffect(() => {
    let isLeft = false;
    let crowd: Crowd | null = null;
    const make = async (): Promise<void> => {
      const epoch = await ownEpoch();
      if (isLeft) return;
      const gates = spread(city.gates, mostGates);
      const cards = ridersOf(city, hand);
      crowd = new Crowd({
        url: location.origin,
        key: operatorKey.get(),
        epoch: epoch + 1,
        gates,
        cards,
        now: () => clock.now(),
      });
      setMade({ crowd, riders: cards.length, gates: gates.length });
    };
    void make();
    return () => {
      isLeft = true;
      crowd?.end();
    };
  }, [city, hand]);
  return made;
}

/** Cards are numbered from 1, and the newest has the highest number. */
function ridersOf(city: City, hand: Hand): number[] {
  const inHand = new Set(hand.cards.get().map(({ number }) => number));
  const newest = Math.max(0, ...city.cards.map(({ number }) => number));
  const lowest = Math.max(1, newest - mostRiders + 1);
  const all = Array.from({ length: newest - lowest + 1 }, (_, index) => lowest + index);
  const riders = all.filter((number) => !inHand.has(number));
  return riders.length > 0 ? riders : all;
}

/** At most so many of them, from all over the city. */
function spread<One>(all: readonly One[], most: number): readonly One[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, index) => all[Math.floor((index * all.length) / most)]!);
}
