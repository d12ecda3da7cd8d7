/** Ids of journeys. Their numbers count from 1 over the whole store, and may pass 32 bits. */

export function formatJourney(cell: number, number: number): string {
  return `journey_${cell}_${number}`;
}

/** The number of an id, or 0 when it is no id of a journey in this cell. */
export function parseJourney(cell: number, id: string): number {
  const prefix = `journey_${cell}_`;
  const digits = id.startsWith(prefix) ? id.slice(prefix.length) : '';
  return /^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : 0;
}
