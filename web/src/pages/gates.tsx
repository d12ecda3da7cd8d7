/** The gates: cards tapped by hand at a station, and a crowd that taps from this page. */
import { useEffect } from 'react';
import { PageTitle } from '../frame/router.tsx';
import { AskKey } from '../gates/ask-key.tsx';
import type { CityState } from '../gates/city.ts';
import { cityState, loadCity } from '../gates/city.ts';
import { CityView } from '../gates/city-view.tsx';
import { Button } from '../shared/button.tsx';
import { Code } from '../shared/code.tsx';
import { firstCity } from '../shared/commands.ts';
import { useSignal } from '../shared/signal.ts';

export function Gates() {
  const state = useSignal(cityState);
  useEffect(() => void loadCity(), []);
  return (
    <>
      <PageTitle title="Gates · Holdfast" className="display text-[clamp(2.75rem,8vw,5.5rem)]">
        Gates
      </PageTitle>
      <p className="mt-4 max-w-[52ch] text-lg leading-snug text-pretty text-soft">
        Tap in at one station and out at another. While the gate opens, the store has decided, charged and written down
        the fare, and says by which rule.
      </p>
      <Content state={state} />
    </>
  );
}

function Content({ state }: { state: CityState }) {
  switch (state.kind) {
    case 'city':
      return <CityView city={state.city} />;
    case 'key':
      return <AskKey key={String(state.isWrong)} isWrong={state.isWrong} />;
    case 'empty':
      return <NoCity />;
    case 'closed':
      return (
        <Note title="There are no gates at this store">
          It was started without this dialect. Start it with <code className="font-mono text-[0.9em]">gates</code> among
          its <code className="font-mono text-[0.9em]">--doors</code>.
        </Note>
      );
    case 'failed':
      return (
        <Note title="The store did not answer">
          Its gates and cards could not be read just now.
          <Button className="mt-5 flex" onClick={() => void loadCity()}>
            Read them again
          </Button>
        </Note>
      );
    case 'loading':
    default:
      return (
        <div className="mt-10" role="status">
          <span className="sr-only">Loading the city…</span>
          <div className="grid gap-4 sm:grid-cols-[1fr_22rem]" aria-hidden="true">
            <div className="skeleton h-72 rounded-2xl" />
            <div className="skeleton h-72 rounded-2xl max-sm:hidden" />
          </div>
        </div>
      );
  }
}

function Note({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="mt-10 max-w-3xl">
      <h2 className="text-2xl font-bold [font-stretch:112%]">{title}</h2>
      <div className="mt-2 text-lg text-pretty">{children}</div>
    </div>
  );
}

function NoCity() {
  return (
    <div className="mt-10 max-w-3xl">
      <h2 className="text-2xl font-bold [font-stretch:112%]">There is no city yet</h2>
      <p className="mt-2 mb-5 text-lg text-pretty">
        It takes a tariff, a gate and a card. This makes the smallest city there is, where the store runs; load the page
        anew afterwards.
      </p>
      <Code label="Commands that make a small city" text={firstCity(location.origin)} />
      <p className="mt-5 text-soft">
        Or have a whole one to look at: stop the store and run{' '}
        <code className="font-mono text-[0.95em] text-ink">npm run seed</code>, which stocks the demonstration with
        twelve stations and a thousand cards.
      </p>
    </div>
  );
}
