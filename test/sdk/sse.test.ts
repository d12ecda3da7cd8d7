/** The parser of Server-Sent Events: the rules of the standard, and that cuts do not matter. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SseEvent } from '../../sdk/src/sse.ts';
import { SseParser } from '../../sdk/src/sse.ts';
import { Random, seedsFor } from '../engine/random.ts';

const encoder = new TextEncoder();

function parse(...chunks: (string | Uint8Array)[]): SseEvent[] {
  const parser = new SseParser();
  return chunks.flatMap((chunk) => parser.push(typeof chunk === 'string' ? encoder.encode(chunk) : chunk));
}

/** Name, data and id of each event. */
function told(...chunks: (string | Uint8Array)[]): string[] {
  return parse(...chunks).map(({ event, data, lastEventId }) => `${event}|${data}|${lastEventId}`);
}

describe('an event', () => {
  const cases: readonly (readonly [sentence: string, text: string, events: readonly string[]])[] = [
    ['ends with an empty line', 'data: a\n\n', ['message|a|']],
    ['is none before its empty line', 'data: a\n', []],
    ['has a name and an id', 'event: sale\nid: 0.7\ndata: {}\n\n', ['sale|{}|0.7']],
    ['may end its lines with CRLF', 'event: a\r\ndata: b\r\n\r\n', ['a|b|']],
    ['may end its lines with CR', 'event: a\rdata: b\r\r', ['a|b|']],
    ['may mix them', 'event: a\rdata: b\ndata: c\r\n\n', ['a|b\nc|']],
    ['joins its data lines with LF', 'data: a\ndata\ndata:\ndata: b\n\n', ['message|a\n\n\nb|']],
    ['loses one space after the colon, not two', 'data:a\ndata: b\ndata:  c\n\n', ['message|a\nb\n c|']],
    ['keeps colons in its data', 'data: a: b:c\n\n', ['message|a: b:c|']],
    ['without data is none', 'event: a\n\ndata: b\n\n', ['message|b|']],
    ['without data still moves the id', 'id: 5\n\ndata: b\n\n', ['message|b|5']],
    ['with empty data is one', 'data\n\n', ['message||']],
    ['keeps the id of those before it', 'id: 1\ndata: a\n\ndata: b\n\n', ['message|a|1', 'message|b|1']],
    ['may clear the id', 'id: 1\ndata: a\n\nid\ndata: b\n\n', ['message|a|1', 'message|b|']],
    ['takes no id with a null in it', 'id: 1\nid: 2\0\ndata: a\n\n', ['message|a|1']],
    ['ignores comments and unknown fields', ': hello\nfoo: bar\ndata: a\n:\n\n', ['message|a|']],
    ['may come after a byte order mark', '\uFEFFdata: a\n\n', ['message|a|']],
    ['keeps a second byte order mark', '\uFEFFdata: \uFEFFa\n\n', ['message|\uFEFFa|']],
    ['has a name of its own only', 'event: a\ndata: 1\n\ndata: 2\n\n', ['a|1|', 'message|2|']],
  ];
  for (const [sentence, text, events] of cases) {
    test(`an event ${sentence}`, () => assert.deepEqual(told(text), events));
  }

  test('an event says whether the id is its own', () => {
    assert.deepEqual(
      parse('id: 1\ndata: a\n\ndata: b\n\n').map(({ hasId }) => hasId),
      [true, false],
    );
  });

  test('an event above the maximum length means a broken server', () => {
    const parser = new SseParser();
    const line = encoder.encode(`data: ${'x'.repeat(1 << 20)}\n`);
    assert.throws(() => {
      for (let times = 0; times < 5; times += 1) parser.push(line);
    }, RangeError);
    const endless = new SseParser();
    assert.throws(() => {
      for (let times = 0; times < 5; times += 1) endless.push(line.subarray(0, -1));
    }, RangeError);
  });
});

describe('a chunk', () => {
  test('a chunk may end between CR and LF', () => {
    assert.deepEqual(told('data: a\r', '\ndata: b\r\n\r', '\n', '\ndata: c\n\n'), ['message|a\nb|', 'message|c|']);
  });

  test('a chunk may end in the middle of a character', () => {
    const bytes = encoder.encode('data: ö€😀\n\n');
    assert.deepEqual(told(...Array.from(bytes, (byte) => Uint8Array.of(byte))), ['message|ö€😀|']);
  });

  test('a chunk may be empty', () => {
    assert.deepEqual(told('data: a\r', '', '\n\r\n', ''), ['message|a|']);
  });

  test('a chunk sets the wait between connections with digits only', () => {
    const parser = new SseParser();
    parser.push(encoder.encode('retry: 1500\n\n'));
    assert.equal(parser.retryMs, 1500);
    parser.push(encoder.encode('retry: soon\nretry: -1\nretry\n'));
    assert.equal(parser.retryMs, 1500);
  });
});

test('any chunking gives the same events', () => {
  const pieces = [
    'data',
    'event',
    'id',
    'retry',
    ':',
    ': ',
    ' ',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    '\0',
    'a',
    'ö',
    '€',
    '😀',
    '7',
  ];
  for (const seed of seedsFor(400)) {
    const random = new Random(seed);
    let text = random.chance(30) ? '\uFEFF' : '';
    for (let count = random.below(120); count > 0; count -= 1) text += random.pick(pieces);
    const bytes = encoder.encode(`${text}\n\ndata: end\n\n`);
    // Bytes that are no UTF-8 are replaced, wherever they are cut.
    if (random.chance(30)) bytes[random.below(bytes.length)] = 0x80 + random.below(0x80);
    const chunks: Uint8Array[] = [];
    for (let from = 0; from < bytes.length;) {
      const to = from + random.below(random.chance(50) ? 3 : 40);
      chunks.push(bytes.subarray(from, to));
      from = to;
    }
    assert.deepEqual(parse(...chunks), parse(bytes), `seed ${seed}: ${JSON.stringify(text)}`);
  }
});
