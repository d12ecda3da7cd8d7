/** The page this runs in, when it runs in one. */

/**
 * Where the page came from; null outside of pages; the text `null` in those that have none, such as
 * sandboxed frames.
 */
export function pageOrigin(): string | null {
  const { location } = globalThis as { readonly location?: { readonly origin?: unknown } };
  const origin = location?.origin;
  return typeof origin === 'string' ? origin : null;
}
