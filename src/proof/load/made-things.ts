/**
 * Short texts out of answers (ids, tokens), kept as bytes: hundreds of thousands of them take a few
 * arrays instead of strings.
 */

const stride = 64;
const perSegment = 16_384;

export class TextList {
  count = 0;
  private readonly segments: Uint8Array[] = [];

  add(from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length >= stride) throw new Error(`a text that is kept has less than ${stride} bytes`);
    const index = Math.floor(this.count / perSegment);
    const segment = (this.segments[index] ??= new Uint8Array(stride * perSegment));
    let at = (this.count % perSegment) * stride;
    segment[at] = length;
    for (let i = start; i < end; i += 1) segment[(at += 1)] = from[i]!;
    this.count += 1;
  }

  lengthOf(index: number): number {
    return this.segmentOf(index)[(index % perSegment) * stride]!;
  }

  copy(index: number, into: Uint8Array, at: number): void {
    const segment = this.segmentOf(index);
    const start = (index % perSegment) * stride;
    const length = segment[start]!;
    for (let i = 0; i < length; i += 1) into[at + i] = segment[start + 1 + i]!;
  }

  private segmentOf(index: number): Uint8Array {
    const segment = this.segments[Math.floor(index / perSegment)];
    if (segment === undefined || index >= this.count) throw new Error(`there is no text ${index}`);
    return segment;
  }
}

/**
 * The things that one run made, for a later run to act upon: their ids, and their tokens where
 * asked for.
 */
export class MadeThings {
  readonly ids = new TextList();
  readonly tokens: TextList | null;

  constructor(withTokens: boolean) {
    this.tokens = withTokens ? new TextList() : null;
  }
}
