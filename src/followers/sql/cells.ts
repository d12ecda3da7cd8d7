/** How values of the engine become cells of the tables. */
export type Cell = number | string | null;

/** Idempotency key of an order by its row, as sent; null where there is none or it is unknown. */
export type KeyOf = (order: number) => string | null;

/** Names by number, for tables of names such as `{ open: 0, paused: 1 }`. */
export function namesOf(numbers: Readonly<Record<string, number>>): readonly string[] {
  const names: string[] = [];
  for (const [name, number] of Object.entries(numbers)) names[number] = name;
  return names;
}

export function named(names: readonly string[], number: number): string {
  const name = names[number];
  if (name === undefined) throw new Error(`no name for ${number}`);
  return name;
}

/** A text that every database accepts and returns unchanged: well-formed, without NUL. */
export function sqlText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\ufffd') : whole;
}

export function sqlTextOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : sqlText(text);
}
