/**
 * The box office in tests: halls to sell, and where on the screen a seat is, by the pages' own
 * layout.
 */
import assert from 'node:assert/strict';
import type { CompactSeats, Hall as SoldHall, HallSeat } from '../../../sdk/src/index.ts';
import { Holdfast, SeatMap } from '../../../sdk/src/index.ts';
import type { ChildStore } from '../../http/support/child.ts';
import { fit, toScreen } from '../../../web/src/hall/camera.ts';
import { Hall } from '../../../web/src/hall/hall.ts';
import { layOut } from '../../../web/src/hall/layout.ts';
import type { Person } from './browser.ts';
import { asOperator } from './browser.ts';

/**
 * Sections with so many rows of so many seats; the first two seats of the first row are accessible.
 */
export function hallWith(sections: Readonly<Record<string, readonly [rows: number, seats: number]>>): SoldHall {
  return {
    sections: Object.entries(sections).map(([name, [rows, seats]]) => ({
      name,
      rows: Array.from({ length: rows }, (_, row) => ({
        name: String(row + 1),
        seats: row === 0 && rows > 1 ? firstRow(seats) : { from: 1, to: seats },
      })),
    })),
  };
}

function firstRow(seats: number): HallSeat[] {
  return Array.from({ length: seats }, (_, seat) => ({ number: String(seat + 1), accessible: seat < 2 }));
}

/** Creates a seated sale as the operator; returns its id. */
export async function makeHall(store: ChildStore, name: string, hall: SoldHall, more: object = {}): Promise<string> {
  const json = { name, kind: 'seated', hall, price: { amount: 4500, currency: 'USD' }, holdSeconds: 60, ...more };
  const made = await store.ask('POST', '/v1/sales', { json, headers: asOperator });
  assert.equal(made.status, 201, made.text);
  return made.string('id');
}

/** Where a seat is on a map that shows the whole hall, in pixels of the page. */
export async function placeOf(
  { page }: Person,
  store: ChildStore,
  sale: string,
  id: string,
): Promise<{ x: number; y: number }> {
  const { seats } = await new Holdfast({ url: `http://127.0.0.1:${store.port}` }).seats.compact(sale).then(mapOf);
  const hall = new Hall(seats.values());
  const seat = hall.find(id);
  assert.ok(seat >= 0, `there is no seat ${id}`);
  const map = page.getByTestId('seat-map');
  await map.scrollIntoViewIfNeeded();
  const box = await map.boundingBox();
  assert.ok(box !== null);
  const layout = layOut(hall, box.width / box.height < 1 ? 0.8 : 1.5);
  const point = { x: layout.x[seat] ?? 0, y: layout.y[seat] ?? 0 };
  const at = toScreen(point, fit(layout.box, box), box);
  return { x: box.x + at.x, y: box.y + at.y };
}

function mapOf(compact: CompactSeats): SeatMap {
  return new SeatMap(compact);
}

export async function clickSeat(person: Person, store: ChildStore, sale: string, id: string): Promise<void> {
  const { x, y } = await placeOf(person, store, sale, id);
  await person.page.mouse.click(x, y);
}

/** Points at a seat until its tooltip has the expected text. */
export async function seesSeat(
  person: Person,
  store: ChildStore,
  sale: string,
  id: string,
  words: RegExp,
): Promise<void> {
  const { x, y } = await placeOf(person, store, sale, id);
  await person.page.mouse.move(x, y);
  await person.page.getByTestId('seat-tooltip').getByText(words).waitFor();
}

/** Waits for the hall, and for its news. */
export async function atHall(person: Person): Promise<void> {
  await person.page.getByTestId('seat-map').waitFor();
  await person.connection('live');
}
