/** The map of a hall for hands, keys and ears: canvases to look at, and a grid of one cell, the one that the keys are on, to listen to. */
import type { KeyboardEvent, ReactNode } from 'react';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { Camera } from './camera.ts';
import { listen } from './gestures.ts';
import type { GlyphKind } from './glyphs.ts';
import type { Hall } from './hall.ts';
import type { HallLayout, Point } from './layout.ts';
import { layOut } from './layout.ts';
import type { Own, Pointed } from './map-view.ts';
import { MapView } from './map-view.ts';
import type { Direction } from './steps.ts';
import { nextFree, rowEnd, sectionBeside, step } from './steps.ts';
import { onThemeChange, themeOf } from './theme.ts';
import { capitalised, stateWords } from './words.ts';

/** Shapes of maps: a hall is laid out for one of them. */
const shapes = { wide: 1.5, tall: 0.8 };
const mostPixels = 3;

interface SeatMapProps {
  readonly name: string;
  readonly hall: Hall;
  readonly own: Own;
  /** Told with each seat. */
  readonly price: string;
  /** Tells of seats whose state has changed; returns how to stop that. */
  readonly onChange: (listener: (seats: readonly number[]) => void) => () => void;
  readonly onTap: (seat: number) => void;
  /** Seats to bring into sight when they change. */
  readonly lookAt: readonly number[];
  readonly className?: string;
  /** Below the map: the legend. */
  readonly children?: ReactNode;
}

export function SeatMap({ name, hall, own, price, onChange, onTap, lookAt, className = '', children }: SeatMapProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<MapView | null>(null);
  const camera = useRef<{ readonly hall: Hall; readonly camera: Camera } | null>(null);
  const layout = useRef<HallLayout | null>(null);
  const [shape, setShape] = useState<keyof typeof shapes | null>(null);
  const [theme, setTheme] = useState(0);
  const [isWhole, setWhole] = useState(true);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [cursor, setCursor] = useState(-1);
  const [hasKeys, setKeys] = useState(false);
  const [, redraw] = useState(0);
  const helpId = useId();
  const latest = useRef({ onTap, own });
  latest.current = { onTap, own };

  useEffect(() => onThemeChange(() => setTheme((before) => before + 1)), []);

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const { width, height } = element.getBoundingClientRect();
      setShape(width / Math.max(1, height) < 1 ? 'tall' : 'wide');
      view.current?.resize({ width, height }, Math.min(mostPixels, devicePixelRatio));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // Zooming the page changes the pixels of the device, and not always the size.
    addEventListener('resize', measure);
    measure();
    return () => {
      observer.disconnect();
      removeEventListener('resize', measure);
    };
  }, []);

  useLayoutEffect(() => {
    const element = host.current;
    const [below, above] = element?.querySelectorAll('canvas') ?? [];
    if (element === null || below === undefined || above === undefined || shape === null) return undefined;
    const placed = layOut(hall, shapes[shape]);
    layout.current = placed;
    const before = camera.current;
    const made = new MapView(
      { below, above },
      { hall, layout: placed, camera: before?.hall === hall ? before.camera : null },
      themeOf(element),
      {
        pointed: setPointed,
        tapped: (seat) => {
          setCursor(seat);
          latest.current.onTap(seat);
        },
        framed: setWhole,
      },
    );
    view.current = made;
    made.setOwn(latest.current.own);
    const { width, height } = element.getBoundingClientRect();
    made.resize({ width, height }, Math.min(mostPixels, devicePixelRatio));
    const stopListening = listen(element, made);
    const stopChanges = onChange((seats) => {
      made.changed(seats, document.visibilityState === 'visible');
      redraw((times) => times + 1);
    });
    return () => {
      stopListening();
      stopChanges();
      camera.current = made.kept === null ? null : { hall, camera: made.kept };
      made.dispose();
      setPointed(null);
    };
  }, [hall, shape, theme, onChange]);

  useEffect(() => view.current?.setOwn(own), [own]);
  useEffect(() => view.current?.setCursor(hasKeys ? cursor : -1), [cursor, hasKeys, hall, shape, theme]);
  const looked = lookAt.join();
  useEffect(() => view.current?.lookAt(lookAt), [looked]);
  // Another hall has other seats.
  useEffect(() => setCursor(-1), [hall]);

  const start = (): number => (cursor >= 0 && cursor < hall.count ? cursor : startOf(hall, layout.current));
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || layout.current === null || hall.count === 0) return;
    const to = target(hall, layout.current, start(), event);
    if (to === null && !command(event, view.current, () => onTap(start()))) return;
    event.preventDefault();
    setKeys(true);
    setCursor(to ?? start());
  };

  const isCursorShown = hasKeys && cursor >= 0 && cursor < hall.count;
  return (
    <div
      className={`flex flex-col overflow-hidden rounded-2xl border border-line bg-sheet max-sm:rounded-none max-sm:border-x-0 ${className}`}
    >
      <div className="relative min-h-0 grow">
        <div
          ref={host}
          role="grid"
          tabIndex={0}
          aria-label={`Map of the seats of ${name}`}
          aria-describedby={helpId}
          aria-rowcount={hall.rows.length}
          aria-multiselectable="true"
          aria-activedescendant={isCursorShown ? `${helpId}-seat-${cursor}` : undefined}
          onKeyDown={press}
          onFocus={({ currentTarget }) => {
            if (!currentTarget.matches(':focus-visible') || hall.count === 0) return;
            setKeys(true);
            setCursor(start());
          }}
          onBlur={() => setKeys(false)}
          onPointerDown={() => setKeys(false)}
          data-testid="seat-map"
          className={`absolute inset-0 cursor-grab rounded-2xl -outline-offset-4 select-none active:cursor-grabbing ${isWhole ? 'touch-pan-y' : 'touch-none'}`}
        >
          <canvas aria-hidden="true" className="pointer-events-none absolute inset-0 size-full" />
          <canvas aria-hidden="true" className="pointer-events-none absolute inset-0 size-full" />
          {isCursorShown && (
            <SeatCell key={cursor} id={`${helpId}-seat-${cursor}`} hall={hall} seat={cursor} own={own} price={price} />
          )}
        </div>
        <p id={helpId} className="sr-only">
          Arrow keys go from seat to seat, Enter chooses one or takes it back, F goes to the next free seat, Page Up and
          Page Down change the section, plus and minus zoom, 0 shows the whole hall. Seats can also be chosen from a
          list on this page.
        </p>
        {pointed !== null && <Tooltip hall={hall} seat={pointed.seat} at={pointed} own={own} price={price} />}
      </div>
      <div className="flex items-center gap-3 border-t border-line py-1.5 pr-1.5 pl-4 max-sm:flex-wrap max-sm:gap-y-0 max-sm:pt-3">
        <div className="min-w-0 grow max-sm:basis-full">{children}</div>
        <p className="label mr-auto sm:hidden">{isWhole ? 'Tap to come nearer.' : 'Tap a seat to choose it.'}</p>
        <div className="flex shrink-0">
          <ZoomButton name="Zoom in" onClick={() => view.current?.zoomBy(1.7)} path="M10 4v12M4 10h12" />
          <ZoomButton name="Zoom out" onClick={() => view.current?.zoomBy(1 / 1.7)} path="M4 10h12" />
          <ZoomButton
            name="Show the whole hall"
            onClick={() => view.current?.showAll()}
            path="M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4"
          />
        </div>
      </div>
    </div>
  );
}

/** The free seat nearest to the middle of the stage; the first, where none is free. */
function startOf(hall: Hall, layout: HallLayout | null): number {
  let best = 0;
  let bestDistance = Infinity;
  for (let seat = 0; layout !== null && seat < hall.count; seat += 1) {
    if (!hall.isFree(seat)) continue;
    const distance = Math.hypot(layout.x[seat] ?? 0, (layout.y[seat] ?? 0) - layout.stage.radius);
    if (distance >= bestDistance) continue;
    best = seat;
    bestDistance = distance;
  }
  return best;
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The seat that a key goes to; null for a key that goes nowhere. */
function target(hall: Hall, layout: HallLayout, from: number, { key, shiftKey }: KeyboardEvent): number | null {
  const arrow = arrows[key];
  if (arrow !== undefined) return step(hall, layout, from, arrow);
  switch (key) {
    case 'Home':
      return rowEnd(hall, from, 'first');
    case 'End':
      return rowEnd(hall, from, 'last');
    case 'PageUp':
      return sectionBeside(hall, from, -1);
    case 'PageDown':
      return sectionBeside(hall, from, 1);
    case 'f':
    case 'F': {
      const free = nextFree(hall, from, shiftKey ? -1 : 1);
      return free < 0 ? from : free;
    }
    default:
      return null;
  }
}

/** Does what a key says beside moving; false for a key that says nothing. */
function command({ key }: KeyboardEvent, view: MapView | null, pick: () => void): boolean {
  switch (key) {
    case 'Enter':
    case ' ':
      pick();
      return true;
    case '+':
    case '=':
      view?.zoomBy(1.7);
      return true;
    case '-':
    case '_':
      view?.zoomBy(1 / 1.7);
      return true;
    case '0':
      view?.showAll();
      return true;
    default:
      return false;
  }
}

interface SeatProps {
  readonly hall: Hall;
  readonly seat: number;
  readonly own: Own;
  readonly price: string;
}

function SeatCell({ id, hall, seat, own, price }: SeatProps & { readonly id: string }) {
  const row = hall.rowOf[seat] ?? 0;
  const { name } = hall.rowAt(seat);
  const extra = hall.isFree(seat) ? `, ${price}` : '';
  const label = `Section ${hall.sectionOf(seat).name}, row ${name}, seat ${hall.numberOf(seat)}, ${wordsFor(hall, seat, own)}${extra}`;
  return (
    <div role="row" aria-rowindex={row + 1} className="sr-only">
      <div id={id} role="gridcell" aria-selected={own.chosen.has(seat)} aria-label={label} />
    </div>
  );
}

/** What a seat is to who looks at it. */
function wordsFor(hall: Hall, seat: number, { chosen, mine, bought }: Own): string {
  const accessible = hall.isAccessible(seat) ? ', accessible' : '';
  if (mine.has(seat)) return `held for you${accessible}`;
  if (chosen.has(seat)) return `your choice${accessible}`;
  if (bought.has(seat) && hall.stateOf(seat) === 'sold') return `yours${accessible}`;
  return `${stateWords[hall.stateOf(seat)]}${accessible}`;
}

/** Above the seat, below it near the upper edge; never over the sides. */
function Tooltip({ hall, seat, at, own, price }: SeatProps & { readonly at: Point }) {
  if (seat >= hall.count) return null;
  const isLow = at.y < 96;
  return (
    <div
      aria-hidden="true"
      data-testid="seat-tooltip"
      className="pointer-events-none absolute z-1 w-max max-w-60 rounded-lg bg-ink px-3 py-2 text-[0.9375rem] leading-snug text-paper shadow-lg"
      style={{
        left: `clamp(5.5rem, ${at.x}px, 100% - 5.5rem)`,
        top: at.y,
        transform: `translate(-50%, ${isLow ? '1.25rem' : 'calc(-100% - 1.1rem)'})`,
      }}
    >
      <strong className="font-bold">
        {hall.sectionOf(seat).name}, row {hall.rowAt(seat).name}, seat {hall.numberOf(seat)}
      </strong>
      <span className="block opacity-85">
        {capitalised(wordsFor(hall, seat, own))}
        {hall.isFree(seat) && `, ${price}`}
      </span>
    </div>
  );
}

function ZoomButton({ name, onClick, path }: { name: string; onClick: () => void; path: string }) {
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      onClick={onClick}
      className="grid size-11 place-items-center rounded-lg -outline-offset-3 hover:bg-ink/8 active:bg-ink/15"
    >
      <svg
        viewBox="0 0 20 20"
        className="size-5 fill-none stroke-current"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        <path d={path} />
      </svg>
    </button>
  );
}

/** Which signs of the visitor's own the map shows. */
export function kindsOf({ chosen, mine, bought }: Own): Set<GlyphKind> {
  const kinds = new Set<GlyphKind>();
  if (chosen.size > 0) kinds.add('chosen');
  if (mine.size > 0) kinds.add('mine');
  if (bought.size > 0) kinds.add('bought');
  return kinds;
}
