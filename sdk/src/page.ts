/** The page that this code runs in, if any. */

/**
 * The page's origin. Null outside of pages; the text `null` in pages without an origin, such as
 * sandboxed frames.
 */
export function pageOrigin(): string | null {
  const { location } = globalThis as { readonly location?: { readonly origin?: unknown } };
  const origin = location?.origin;
  return typeof origin === 'string' ? origin : null;
}
