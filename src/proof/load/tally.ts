/**
 * Sums up the answers of one run: counts by status, the differing member, samples, and ids for
 * later runs.
 */
import type { MadeThings } from './made-things.ts';
import { MemberFinder } from './member.ts';
import type { DistinctResult, LoadSpec, Sample } from './spec.ts';
import type { RequestBytes } from './request-bytes.ts';

const decoder = new TextDecoder();
const valuesPerSegment = 65_536;
const maxSamples = 20_000;

export class Tally {
  answered = 0;
  readonly samples: Sample[] = [];
  private readonly byStatus = new Float64Array(1000);
  private readonly values: Float64Array[] = [];
  private valueCount = 0;
  private allNumbers = true;
  private readonly member: MemberFinder | null;
  private readonly token = new MemberFinder('token');
  private readonly keep: MadeThings | null;
  private readonly sampleEvery: number;
  private untilSample = 1;

  constructor(spec: LoadSpec, keep: MadeThings | null) {
    this.member = spec.distinct === undefined ? null : new MemberFinder(spec.distinct);
    this.keep = keep;
    this.sampleEvery = spec.sampleEvery ?? 0;
  }

  add(request: RequestBytes, status: number, bytes: Uint8Array, start: number, end: number): void {
    this.answered += 1;
    this.byStatus[status] = this.byStatus[status]! + 1;
    if (status < 300 && this.member !== null) this.addMember(this.member, bytes, start, end);
    if (this.sampleEvery === 0) return;
    this.untilSample -= 1;
    if (this.untilSample > 0 || this.samples.length >= maxSamples) return;
    this.untilSample = this.sampleEvery;
    const { key, pathText, tokenText } = request;
    const body = decoder.decode(bytes.subarray(start, end));
    this.samples.push({ key, path: pathText, token: tokenText, status, body });
  }

  statuses(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [status, count] of this.byStatus.entries()) if (count > 0) counts[String(status)] = count;
    return counts;
  }

  distinct(): DistinctResult | null {
    if (this.member === null) return null;
    const all = new Float64Array(this.valueCount);
    for (const [i, segment] of this.values.entries()) {
      const from = i * valuesPerSegment;
      all.set(segment.subarray(0, Math.min(valuesPerSegment, this.valueCount - from)), from);
    }
    all.sort();
    let different = 0;
    for (let i = 0; i < all.length; i += 1) if (i === 0 || all[i] !== all[i - 1]) different += 1;
    const ends = this.allNumbers && all.length > 0;
    return {
      answers: all.length,
      different,
      lowest: ends ? all[0]! : null,
      highest: ends ? all[all.length - 1]! : null,
    };
  }

  private addMember(member: MemberFinder, bytes: Uint8Array, start: number, end: number): void {
    if (!member.find(bytes, start, end)) throw new Error('an answer lacks the member that is to tell answers apart');
    if (member.isText) this.allNumbers = false;
    this.keepThing(member, bytes, start, end);
    const at = this.valueCount % valuesPerSegment;
    if (at === 0) this.values.push(new Float64Array(valuesPerSegment));
    this.values[this.values.length - 1]![at] = member.value(bytes);
    this.valueCount += 1;
  }

  private keepThing(member: MemberFinder, bytes: Uint8Array, start: number, end: number): void {
    const { keep, token } = this;
    if (keep === null) return;
    keep.ids.add(bytes, member.start, member.end);
    if (keep.tokens === null) return;
    if (!token.find(bytes, start, end)) throw new Error('an answer has no token for what it gave');
    keep.tokens.add(bytes, token.start, token.end);
  }
}
