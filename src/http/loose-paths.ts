/**
 * Paths that the router does not match as written: with a trailing slash or, in the dialects, with
 * words in other letter case. Checked only if the router found nothing, or a parameter that may be
 * such a word. A path as documented pays nothing for it.
 */
import type { RoutedRequest } from './call.ts';

interface Pattern<Target> {
  /** Fixed words, in lower case where case is ignored; null for a parameter. */
  readonly words: readonly (string | null)[];
  readonly names: readonly string[];
  readonly anyCase: boolean;
  readonly target: Target;
}

export interface Found<Target> {
  readonly target: Target;
  readonly params: Readonly<Record<string, string>>;
}

export class LoosePaths<Target> {
  /** By number of segments; those with a fixed word further left first, as in the router. */
  private readonly patterns = new Map<number, Pattern<Target>[]>();

  /** `path`: as in a route. `anyCase`: whether the letter case of its fixed words is ignored. */
  add(path: string, anyCase: boolean, target: Target): void {
    const segments = segmentsOf(path);
    const isParameter = (segment: string): boolean => segment.startsWith(':');
    const pattern = {
      words: segments.map((segment) => (isParameter(segment) ? null : anyCase ? segment.toLowerCase() : segment)),
      names: segments.filter(isParameter).map((segment) => segment.slice(1)),
      anyCase,
      target,
    };
    const alike = this.patterns.get(segments.length) ?? [];
    alike.push(pattern);
    alike.sort((one, other) => preference(one.words, other.words));
    this.patterns.set(segments.length, alike);
  }

  /** The route that a path means; null for none. */
  find(pathname: string): Found<Target> | null {
    const path = pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
    const segments = segmentsOf(path);
    for (const { words, names, anyCase, target } of this.patterns.get(segments.length) ?? []) {
      const fits = words.every((word, i) => {
        const segment = segments[i]!;
        return word === null ? segment !== '' : word === (anyCase ? segment.toLowerCase() : segment);
      });
      if (!fits) continue;
      const values = segments.filter((_, i) => words[i] === null).map(decoded);
      return { target, params: Object.fromEntries(names.map((name, i) => [name, values[i]!])) };
    }
    return null;
  }

  /**
   * Words, in lower case, that the router takes for a parameter of `path` when written in another
   * case.
   */
  wordsWithin(path: string): ReadonlySet<string> {
    const found = new Set<string>();
    const segments = segmentsOf(path).map((segment) => (segment.startsWith(':') ? null : segment.toLowerCase()));
    for (const { words, anyCase } of this.patterns.get(segments.length) ?? []) {
      const mayFit = words.every((word, i) => word === null || segments[i] === null || segments[i] === word);
      if (!anyCase || !mayFit) continue;
      for (const [i, word] of words.entries()) if (word !== null && segments[i] === null) found.add(word);
    }
    return found;
  }
}

/** The request with corrected parameters. */
export function withParams(request: RoutedRequest, params: Readonly<Record<string, string>>): RoutedRequest {
  return Object.defineProperty(request, 'params', { value: params });
}

function segmentsOf(path: string): string[] {
  return path.slice(1).split('/');
}

function preference(one: readonly (string | null)[], other: readonly (string | null)[]): number {
  const at = one.findIndex((word, i) => (word === null) !== (other[i] === null));
  return at < 0 ? 0 : one[at] === null ? 1 : -1;
}

/** A segment that does not decode to text stays as it is, and names nothing. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
