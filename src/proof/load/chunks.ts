/**
 * Chunked bodies of HTTP/1.1: each chunk follows its length in hexadecimal digits, an empty one
 * ends the body, and there are no trailers.
 */

const carriageReturn = 13;

/** A chunk of a body: where its bytes lie. */
interface Chunk {
  readonly start: number;
  readonly end: number;
}

/**
 * The chunks of a body that begins at `from`; null while some are missing. @throws for a malformed
 * chunk
 */
export function chunksOf(bytes: Uint8Array, from: number): Chunk[] | null {
  const chunks: Chunk[] = [];
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf(carriageReturn, at);
    if (lineEnd < 0) return null;
    const start = lineEnd + 2;
    const end = start + lengthIn(bytes.subarray(at, lineEnd));
    if (end + 2 > bytes.length) return null;
    chunks.push({ start, end });
    if (end === start) return chunks;
    at = end + 2;
  }
}

/**
 * The answer with its body in one piece: the first `bodyStart` bytes as they are, then the chunks.
 */
export function joinChunks(bytes: Uint8Array, bodyStart: number, chunks: readonly Chunk[]): Uint8Array {
  const length = chunks.reduce((sum, { start, end }) => sum + end - start, 0);
  const joined = new Uint8Array(bodyStart + length);
  joined.set(bytes.subarray(0, bodyStart));
  let at = bodyStart;
  for (const { start, end } of chunks) {
    joined.set(bytes.subarray(start, end), at);
    at += end - start;
  }
  return joined;
}

function lengthIn(digits: Uint8Array): number {
  const text = Buffer.from(digits).toString('latin1');
  if (!/^[0-9a-f]{1,8}$/i.test(text)) throw new Error('a chunked answer has a chunk without a length');
  return Number.parseInt(text, 16);
}
