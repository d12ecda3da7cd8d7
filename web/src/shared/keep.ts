/**
 * Storage of this browser between visits. If it can store nothing (private windows, full disks),
 * the visit goes on without it.
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
    // Nothing to do: it lasts as long as the page is open.
  }
}

/** Calls when another window of this browser stores another value under the name. */
export function onKeptElsewhere(name: string, listener: () => void): void {
  addEventListener('storage', (event) => {
    if (event.key === prefix + name) listener();
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An unguessable id. On plain http `crypto.randomUUID` exists on localhost only. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
