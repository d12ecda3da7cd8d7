/** One connection's request: bytes prepared once, with a fresh key, and where asked for a target, patched in for each sending. */
import { keyLength } from './keys.ts';
import type { KeySource } from './keys.ts';
import type { TargetList } from './targets.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const hole = '{target}';

export class RequestBytes {
  /** What to send next; valid until the next `renew`. */
  bytes: Uint8Array;
  private readonly before: Uint8Array;
  private readonly after: Uint8Array;
  private readonly path: string;
  private readonly keyInAfter: number;
  private targetLength = -1;
  private keyAt = 0;

  /** @throws when the path has a hole for a target and none is given at `renew`. */
  constructor(host: string, path: string, body: string) {
    this.path = path;
    const [start = '', end] = path.split(hole);
    const zeros = '0'.repeat(keyLength);
    const length = encoder.encode(body).length;
    const head = `Host: ${host}\r\nContent-Type: application/json\r\nIdempotency-Key: ${zeros}\r\nContent-Length: ${length}\r\n\r\n`;
    this.before = encoder.encode(`POST ${start}`);
    const tail = `${end ?? ''} HTTP/1.1\r\n`;
    this.after = encoder.encode(tail + head + body);
    this.keyInAfter = encoder.encode(tail + head.slice(0, head.indexOf(zeros))).length;
    this.bytes = new Uint8Array(0);
    if (end === undefined) this.layOut(0);
  }

  get needsTarget(): boolean {
    return this.path.includes(hole);
  }

  /** Makes it the next request: a fresh key, and the target's bytes where the path has the hole. */
  renew(keys: KeySource, targets: TargetList | null, target: number): void {
    if (targets !== null) {
      const length = targets.lengthOf(target);
      if (length !== this.targetLength) this.layOut(length);
      targets.copy(target, this.bytes, this.before.length);
    }
    keys.write(this.bytes, this.keyAt);
  }

  get key(): string {
    return decoder.decode(this.bytes.subarray(this.keyAt, this.keyAt + keyLength));
  }

  get pathText(): string {
    const at = this.before.length;
    return this.path.replace(hole, decoder.decode(this.bytes.subarray(at, at + Math.max(0, this.targetLength))));
  }

  private layOut(targetLength: number): void {
    const { before, after } = this;
    this.bytes = new Uint8Array(before.length + targetLength + after.length);
    this.bytes.set(before);
    this.bytes.set(after, before.length + targetLength);
    this.targetLength = targetLength;
    this.keyAt = before.length + targetLength + this.keyInAfter;
  }
}
