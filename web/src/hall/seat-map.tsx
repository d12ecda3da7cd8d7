/**
 * The map of a hall for pointers, keys and screen readers: canvases to look at, and a grid of one
 * cell, the one that the keys are on.
 */
import type { KeyboardEvent, ReactNode } from 'react';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { Camera } from './camera.ts';
import { listen } from './gestures.ts';
import type { GlyphKind } from './glyphs.ts';
import type { Hall } from './hall.ts';
import type { HallLayout } from './layout.ts';
import { layOut } from './layout.ts';
import { act, seatFor, startOf, zoomStep } from './map-keys.ts';
import type { Own, Pointed } from './map-view.ts';
import { MapView } from './map-view.ts';
import { SeatCell, Tooltip } from './seat-told.tsx';
import { onThemeChange, themeOf } from './theme.ts';

/** Aspect ratios of maps: a hall is laid out for one of them. */
const shapes = { wide: 1.5, tall: 0.8 };
const maxPixels = 3;

interface SeatMapProps {
  readonly name: string;
  readonly hall: Hall;
  readonly own: Own;
  /** The price that is shown with each seat. */
  readonly price: string;
  /** Subscribes to seats whose state changed; returns a function that unsubscribes. */
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
  const camera = useRef<{ readonly shape: string; readonly camera: Camera } | null>(null);
  const layout = useRef<HallLayout | null>(null);
  const [shape, setShape] = useState<keyof typeof shapes | null>(null);
  const [theme, setTheme] = useState(0);
  const [isWhole, setWhole] = useState(true);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [cursorId, setCursorId] = useState<string | null>(null);
  const [hasKeys, setKeys] = useState(false);
  const helpId = useId();
  const latest = useRef({ onTap, own });
  latest.current = { onTap, own };
  // By name: a changed hall may have the same seat at another number.
  const cursor = cursorId === null ? -1 : hall.find(cursorId);
  const setCursor = (seat: number): void => setCursorId(hall.idOf(seat));

  useEffect(() => onThemeChange(() => setTheme((before) => before + 1)), []);

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const { width, height } = element.getBoundingClientRect();
      setShape(width / Math.max(1, height) < 1 ? 'tall' : 'wide');
      view.current?.resize({ width, height }, Math.min(maxPixels, devicePixelRatio));
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
      { hall, layout: placed, camera: before?.shape === shape ? before.camera : null },
      themeOf(element),
      {
        pointed: setPointed,
        tapped: (seat) => {
          setCursorId(hall.idOf(seat));
          latest.current.onTap(seat);
        },
        framed: setWhole,
      },
    );
    view.current = made;
    made.setOwn(latest.current.own);
    const { width, height } = element.getBoundingClientRect();
    made.resize({ width, height }, Math.min(maxPixels, devicePixelRatio));
    const stopListening = listen(element, made);
    const stopChanges = onChange((seats) => made.changed(seats, document.visibilityState === 'visible'));
    return () => {
      stopListening();
      stopChanges();
      camera.current = made.kept === null ? null : { shape, camera: made.kept };
      made.dispose();
      setPointed(null);
    };
  }, [hall, shape, theme, onChange]);

  useEffect(() => view.current?.setOwn(own), [own]);
  useEffect(() => view.current?.setCursor(hasKeys ? cursor : -1), [cursor, hasKeys, hall, shape, theme]);
  const looked = lookAt.join();
  useEffect(() => {
    if (lookAt.length === 0) return;
    view.current?.lookAt(lookAt);
    // On a small screen the sheet covers the foot of the map, unless the map is drawn up.
    const isSmall = matchMedia('(width < 64rem)').matches;
    if (isSmall) host.current?.scrollIntoView({ block: 'start', behavior: 'smooth' });
  }, [looked]);

  const start = (): number => (cursor >= 0 ? cursor : startOf(hall, layout.current));
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || layout.current === null || hall.count === 0) return;
    const to = seatFor(hall, layout.current, start(), event);
    if (to === null && !act(event, view.current, () => onTap(start()))) return;
    event.preventDefault();
    setKeys(true);
    setCursor(to ?? start());
  };

  const isCursorShown = hasKeys && cursor >= 0;
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
          className={`absolute inset-0 scroll-mt-16 cursor-grab outline-none select-none after:pointer-events-none after:absolute after:inset-1 after:rounded-xl after:outline-ink focus-visible:after:outline-3 active:cursor-grabbing ${isWhole ? 'touch-pan-y' : 'touch-none'}`}
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
          <ZoomButton name="Zoom in" onClick={() => view.current?.zoomBy(zoomStep)} path="M10 4v12M4 10h12" />
          <ZoomButton name="Zoom out" onClick={() => view.current?.zoomBy(1 / zoomStep)} path="M4 10h12" />
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
