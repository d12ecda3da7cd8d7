/** Short texts out of answers (ids), kept as bytes: hundreds of thousands of them are a few arrays, and no strings. */

const stride = 64;
const perSegment = 16_384;

export class TargetList {
  count = 0;
  private readonly segments: Uint8Array[] = [];

  add(from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length >= stride) throw new Error(`a target has less than ${stride} bytes`);
    const index = Math.floor(this.count / perSegment);
    const segment = (this.segments[index] ??= new Uint8Array(stride * perSegment));
    let at = (this.count % perSegment) * stride;
    segment[at] = length;
    for (let i = start; i < end; i += 1) segment[(at += 1)] = from[i]!;
    this.count += 1;
  }

  lengthOf(target: number): number {
    return this.segmentOf(target)[(target % perSegment) * stride]!;
  }

  copy(target: number, into: Uint8Array, at: number): void {
    const segment = this.segmentOf(target);
    const start = (target % perSegment) * stride;
    const length = segment[start]!;
    for (let i = 0; i < length; i += 1) into[at + i] = segment[start + 1 + i]!;
  }

  private segmentOf(target: number): Uint8Array {
    const segment = this.segments[Math.floor(target / perSegment)];
    if (segment === undefined || target >= this.count) throw new Error(`there is no target ${target}`);
    return segment;
  }
}
