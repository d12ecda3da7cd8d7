/**
 * A small picture of a hall's free seats, without names or numbers. It is decoration: the number
 * left stands beside it.
 */
import { useEffect, useRef, useState } from 'react';
import { SeatMap } from '../../../sdk/src/index.ts';
import { api } from '../store/backend.ts';
import { fit } from './camera.ts';
import { Hall } from './hall.ts';
import { layOut } from './layout.ts';
import { kindOf } from './map-view.ts';
import { Painter } from './painter.ts';
import { onThemeChange, themeOf } from './theme.ts';

/** Minimum time between two reads after changes of the sale, ms. */
const everyMs = 5000;

const nothing = (): void => undefined;

/** `stock`: changes when the sale does. */
export function HallPicture({ sale, stock, className }: { sale: string; stock: string; className: string }) {
  const host = useRef<HTMLDivElement>(null);
  const [hall, setHall] = useState<Hall | null>(null);
  const [theme, setTheme] = useState(0);
  const readAtMs = useRef(-Infinity);
  useEffect(() => onThemeChange(() => setTheme((before) => before + 1)), []);
  useEffect(() => {
    let isOver = false;
    const read = async (): Promise<void> => {
      readAtMs.current = performance.now();
      const map = new SeatMap(await api.seats.compact(sale));
      if (!isOver) setHall(new Hall(map.seats.values()));
    };
    // Without an answer the picture stays as it is: the numbers beside it are right.
    const timer = setTimeout(
      () => void read().catch(nothing),
      Math.max(0, readAtMs.current + everyMs - performance.now()),
    );
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [sale, stock]);
  useEffect(() => {
    const element = host.current;
    const canvas = element?.querySelector('canvas');
    const pen = canvas?.getContext('2d');
    if (element === null || canvas == null || pen == null || hall === null) return;
    const { width, height } = element.getBoundingClientRect();
    const ratio = Math.min(2, devicePixelRatio);
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const size = { width, height };
    const layout = layOut(hall, width / height);
    const kinds = Uint8Array.from({ length: hall.count }, (_, seat) => kindOf(hall, seat));
    const view = { camera: fit(layout.box, size), size, ratio };
    new Painter(themeOf(element)).paintHall(pen, { hall, layout, kinds }, view, 'plain');
  }, [hall, theme]);
  return (
    <div ref={host} aria-hidden="true" className={`relative bg-sheet ${className}`}>
      <canvas className={`absolute inset-0 size-full ${hall === null ? '' : 'arrives'}`} />
    </div>
  );
}
