/** Reads fields of answers. A field without the documented shape is an error that says so. */

export type Json = Readonly<Record<string, unknown>>;

export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

export function parseObject(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ShapeError(`no JSON: ${text.slice(0, 200)}`);
  }
  return asObject(value, text);
}

export function textOf(object: Json, name: string): string {
  const value = object[name];
  if (typeof value !== 'string') throw new ShapeError(`${name} is no text in ${JSON.stringify(object)}`);
  return value;
}

export function textOrNull(object: Json, name: string): string | null {
  return object[name] == null ? null : textOf(object, name);
}

export function numberOf(object: Json, name: string): number {
  const value = object[name];
  if (typeof value !== 'number') throw new ShapeError(`${name} is no number in ${JSON.stringify(object)}`);
  return value;
}

export function objectOf(object: Json, name: string): Json {
  return asObject(object[name], object);
}

export function objectsOf(object: Json, name: string): Json[] {
  const value = object[name];
  if (!Array.isArray(value)) throw new ShapeError(`${name} is no list in ${JSON.stringify(object)}`);
  return value.map((item: unknown) => asObject(item, object));
}

/** Ms since the epoch of a time field. */
export function timeOf(object: Json, name: string): number {
  const ms = Date.parse(textOf(object, name));
  if (Number.isNaN(ms)) throw new ShapeError(`${name} is no time in ${JSON.stringify(object)}`);
  return ms;
}

/** The number in a position such as `0.1532.9f86d081884c`. */
export function positionNumber(text: string): number {
  const match = /^\d+\.(\d+)(?:\.[0-9a-f]{12})?$/.exec(text);
  if (match === null) throw new ShapeError(`"${text}" is no position`);
  return Number(match[1]);
}

/**
 * `within`: the surrounding object, shown in an error. It is written out only then, since a list
 * has thousands of objects.
 */
function asObject(value: unknown, within: Json | string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  const text = typeof within === 'string' ? within : JSON.stringify(within);
  throw new ShapeError(`no object: ${text.slice(0, 200)}`);
}
