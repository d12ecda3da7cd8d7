/** What the last tap came to, large; and those before it. */
import { useSignal } from '../shared/signal.ts';
import { timeOfDay } from '../shared/format.ts';
import { titleOf } from './cards-in-hand.tsx';
import type { Hand, Passage } from './hand.ts';
import { amountOf, flagWords, reasonWords, ruleWords } from './words.ts';

/** The last tap. */
export function LastPassage({ hand }: { hand: Hand }) {
  const [last] = useSignal(hand.passages);
  return last === undefined ? <Nothing /> : <Last key={last.number} passage={last} />;
}

/** The taps before it. */
export function EarlierPassages({ hand }: { hand: Hand }) {
  const [, ...before] = useSignal(hand.passages);
  if (before.length === 0) return null;
  return (
    <div className="max-lg:order-1">
      <h3 className="font-bold">Before that</h3>
      <ol className="mt-2 border-t border-line">
        {before.map((passage) => (
          <Line key={passage.number} passage={passage} />
        ))}
      </ol>
    </div>
  );
}

function Nothing() {
  return (
    <div className="rounded-2xl border border-dashed border-edge p-5 sm:p-6">
      <p className="display text-3xl text-soft">Tap a gate</p>
      <p className="mt-3 text-pretty text-soft">
        Choose a card, press In at a gate, change the station, and press Out. What it costs, and why, shows here.
      </p>
    </div>
  );
}

function Last({ passage }: { passage: Passage }) {
  const { outcome, direction } = passage;
  const isOpen = outcome.result === 'open';
  const isBegun = direction === 'in' && outcome.fare.amount === 0;
  const notes = isOpen
    ? [ruleWords(outcome), ...flagWords(outcome)].filter((words) => words !== '')
    : [reasonWords(outcome.reason)];
  return (
    <div
      data-testid="outcome"
      data-result={outcome.result}
      className={`arrives rounded-2xl border p-5 sm:p-6 ${isOpen ? 'border-good bg-good-wash' : 'border-signal bg-signal-wash'}`}
    >
      <p className="flex items-baseline justify-between gap-3">
        <span className={`display text-4xl ${isOpen ? 'text-good' : 'text-signal'}`}>{isOpen ? 'Open' : 'Stop'}</span>
        <span className="label">
          {passage.gate}, {direction}
        </span>
      </p>
      <dl className="mt-4 grid grid-cols-2 gap-4">
        {isOpen && <Figure name={isBegun ? 'So far' : 'Fare'} value={amountOf(outcome.fare)} />}
        <Figure name="Balance" value={outcome.balance === null ? 'not known' : amountOf(outcome.balance)} />
      </dl>
      {notes.map((words) => (
        <p key={words} className="mt-3 leading-snug font-medium text-pretty" data-testid="rule">
          {words}
        </p>
      ))}
      {outcome.journey !== null && <p className="label mt-3 truncate">{outcome.journey}</p>}
    </div>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="min-w-0">
      <dt className="label">{name}</dt>
      <dd className="numeral text-2xl">{value}</dd>
    </div>
  );
}

function Line({ passage }: { passage: Passage }) {
  const { outcome, direction, card } = passage;
  const isOpen = outcome.result === 'open';
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-3 border-b border-line py-2 text-[0.9375rem]">
      <span className={`w-4 font-bold ${isOpen ? 'text-good' : 'text-signal'}`} aria-hidden="true">
        {isOpen ? (direction === 'in' ? '→' : '←') : '×'}
      </span>
      <span className="min-w-0">
        <span className="block truncate font-semibold">
          {isOpen ? (direction === 'in' ? 'In' : 'Out') : 'Stopped'} at {passage.gate}
        </span>
        <span className="label block truncate">
          {timeOfDay(passage.atMs)} · {titleOf(card)}
          {isOpen && outcome.rule !== null && outcome.rule !== '' ? ` · ${outcome.rule}` : ''}
        </span>
      </span>
      <span className="numeral">{isOpen ? amountOf(outcome.fare) : '–'}</span>
    </li>
  );
}
