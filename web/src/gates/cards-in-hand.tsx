/**
 * The cards in one's hand: one of them is chosen. Arrow keys choose, as in any group of choices.
 */
import { useEffect, useRef } from 'react';
import type { Card } from '../../../sdk/src/index.ts';
import { palettes } from '../art/palettes.ts';
import { Button } from '../shared/button.tsx';
import { useSignal } from '../shared/signal.ts';
import type { Hand } from './hand.ts';
import { amountOf } from './words.ts';

/** What a new card, and a top-up, puts on a card: minor units. */
const loaded = 2000;

export function CardsInHand({ hand, currency }: { hand: Hand; currency: string }) {
  const cards = useSignal(hand.cards);
  const chosen = useSignal(hand.chosen);
  const busy = useSignal(hand.busy);
  const trouble = useSignal(hand.trouble);
  const card = cards.find(({ id }) => id === chosen);
  const isBlocked = card?.status === 'blocked';
  return (
    <div>
      <fieldset className="min-w-0">
        <legend className="mb-1 font-bold">The card in your hand</legend>
        <div className="relative -mx-4 flex snap-x scroll-px-4 gap-3 overflow-x-auto px-4 pt-2 pb-3 sm:-mx-2 sm:scroll-px-2 sm:px-2">
          {cards.map((one) => (
            <CardChoice key={one.id} card={one} hand={hand} isChosen={one.id === chosen} />
          ))}
        </div>
      </fieldset>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button look="outline" busy={busy === 'top-up' ? 'Topping up…' : null} onClick={() => void hand.topUp(loaded)}>
          Top up {amountOf({ amount: loaded, currency })}
        </Button>
        <Button
          look="outline"
          busy={busy === 'block' ? 'One moment…' : null}
          onClick={() => void hand.setBlocked(!isBlocked)}
        >
          {isBlocked ? 'Unblock it' : 'Block it'}
        </Button>
        <Button look="outline" busy={busy === 'issue' ? 'Issuing…' : null} onClick={() => void hand.issue(loaded)}>
          New card
        </Button>
      </div>
      {trouble !== null && (
        <p className="arrives mt-3 rounded-lg border border-signal bg-signal-wash px-4 py-3 text-[0.9375rem] leading-snug font-medium">
          {trouble}
        </p>
      )}
    </div>
  );
}

function CardChoice({ card, hand, isChosen }: { card: Card; hand: Hand; isChosen: boolean }) {
  useSignal(hand.passages);
  const label = useRef<HTMLLabelElement>(null);
  // By number, so that no two neighbours look alike.
  const { stage, shade, dark } = palettes[card.number % palettes.length] ?? palettes[0];
  const isLight = stage !== '#27313f';
  useEffect(() => {
    if (isChosen) label.current?.parentElement?.scrollTo({ left: label.current.offsetLeft - 24, behavior: 'smooth' });
  }, [isChosen]);
  const where = hand.whereabouts(card.id);
  const place = where?.isInside === true ? `In since ${where.station}` : card.category;
  return (
    <label
      ref={label}
      data-card={card.id}
      className={`relative block aspect-[1.586] w-44 shrink-0 cursor-pointer snap-start overflow-hidden rounded-2xl p-3.5 transition-transform has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-ink sm:w-48 ${isChosen ? 'ring-3 ring-ink ring-offset-3 ring-offset-paper' : 'hover:-translate-y-0.5'}`}
      style={{ background: stage, color: isLight ? dark : '#f3f1e9' }}
    >
      <input
        type="radio"
        name="card"
        value={card.id}
        checked={isChosen}
        onChange={() => hand.chosen.set(card.id)}
        className="sr-only"
      />
      <svg viewBox="0 0 200 126" className="absolute inset-0 size-full" aria-hidden="true">
        <circle cx="176" cy="20" r="62" fill={shade} />
        <g fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" opacity="0.75">
          <path d="M168 13q7 7 0 16M176 8q12 13 0 26M160 17q3 4 0 8" />
        </g>
      </svg>
      <span className="relative flex h-full flex-col justify-between">
        <span className="block truncate pr-10 text-sm font-semibold">{titleOf(card)}</span>
        <span className="block min-w-0">
          <span className="numeral block text-2xl leading-tight" data-testid="balance">
            {amountOf(card.balance)}
          </span>
          <span className="block truncate text-sm font-medium">
            {card.status === 'blocked' ? 'Blocked' : place.charAt(0).toUpperCase() + place.slice(1)}
          </span>
        </span>
      </span>
    </label>
  );
}

/** Its name, else its id; its number in place of a UUID, which nobody reads. */
export function titleOf({ id, name, number }: Card): string {
  return name ?? (id.length === 36 ? `Card ${number}` : id);
}
