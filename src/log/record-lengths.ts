/**
 * All that the log knows of records: each begins with its own length in bytes, 32 bits,
 * little-endian, the length field included.
 */

const minBytes = 32;

/**
 * How many bytes the first `count` records of a batch take.
 * @throws when the batch has fewer
 */
export function bytesOfRecords(records: Uint8Array, count: number): number {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    const left = records.length - at;
    const length = left < minBytes ? 0 : view.getUint32(at, true);
    if (length < minBytes || length > left) throw new Error(`a record at byte ${at} of its batch has no valid length`);
    at += length;
  }
  return at;
}
