/** Explains the signs on the map, painted by the map's own code. */
import { useEffect, useRef, useState } from 'react';
import type { GlyphKind } from './glyphs.ts';
import { drawGlyph } from './glyphs.ts';
import { onThemeChange, themeOf } from './theme.ts';

const side = 18;
const radius = 6.2;

const always: readonly (readonly [GlyphKind, string])[] = [
  ['free', 'Free'],
  ['freeAccessible', 'Free and accessible'],
  ['held', 'On hold'],
  ['sold', 'Taken'],
];
const own: readonly (readonly [GlyphKind, string])[] = [
  ['chosen', 'Your choice'],
  ['mine', 'Held for you'],
  ['bought', 'Yours'],
];

/** `shown`: which of the visitor's own signs are on the map now. */
export function Legend({ shown, hasAccessible }: { shown: ReadonlySet<GlyphKind>; hasAccessible: boolean }) {
  const kinds = [
    ...always.filter(([kind]) => kind !== 'freeAccessible' || hasAccessible),
    ...own.filter(([kind]) => shown.has(kind)),
  ];
  return (
    <ul aria-label="Signs on the map" className="flex flex-wrap gap-x-4 gap-y-0.5">
      {kinds.map(([kind, name]) => (
        <li key={kind} className="label flex items-center gap-1.5">
          <Glyph kind={kind} />
          {name}
        </li>
      ))}
    </ul>
  );
}

export function Glyph({ kind }: { kind: GlyphKind }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [theme, setTheme] = useState(0);
  useEffect(() => onThemeChange(() => setTheme((before) => before + 1)), []);
  useEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (element === null || pen == null || element.parentElement === null) return;
    const ratio = Math.min(3, devicePixelRatio);
    element.width = side * ratio;
    element.height = side * ratio;
    pen.scale(ratio, ratio);
    pen.translate(side / 2, side / 2);
    drawGlyph(pen, kind, radius, themeOf(element.parentElement));
  }, [kind, theme]);
  return <canvas ref={canvas} aria-hidden="true" className="size-[18px] shrink-0" />;
}
