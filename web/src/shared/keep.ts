/**
 * What this browser keeps between visits. Where it may keep nothing (private windows, full disks),
 * the visit goes on without.
 */

const prefix = 'holdfast.';

export function recall(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(prefix + name) ?? 'null');
  } catch {
    return null;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, JSON.stringify(value));
  } catch {
    // Nothing to do: it is kept for as long as the page is open.
  }
}

/** Told when another window of this browser keeps something else under the name. */
export function onKeptElsewhere(name: string, listener: () => void): void {
  addEventListener('storage', (event) => {
    if (event.key === prefix + name) listener();
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Unguessable; `crypto.randomUUID` is not there on plain http but for localhost. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
