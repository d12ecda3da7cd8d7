/** Tokens are made once the batch of an answer has been handed out, and not while it is applied. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AccessControl } from '../../src/http/access.ts';
import { SignedText } from '../../src/http/answer.ts';
import type { Call } from '../../src/http/call.ts';
import { Listener } from '../../src/http/listener.ts';
import { problemAnswer } from '../../src/doors/kit/native-errors.ts';
import { ask } from './support/client.ts';

const headers = { 'Content-Type': 'text/plain' };

test('the answers of a batch are signed behind all of it, in the same turn of the loop', async () => {
  const log: string[] = [];
  const waiting: Call[] = [];
  const answerAll = (): void => {
    waiting.forEach((call, i) => {
      const body = i === 1 ? 'plain' : new SignedText(`${i}:`, i === 3 ? 'broken' : `thing ${i}`, '.');
      call.resolve({ status: 200, headers, body });
      log.push(`told ${i}`);
    });
    log.push('handed out');
    setImmediate(() => log.push('next turn'));
  };
  const listener = new Listener({
    port: 0,
    host: '127.0.0.1',
    access: new AccessControl({ operatorKey: null, open: false, origins: [] }),
    logger: {
      isLevelEnabled: () => false,
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (fields) => log.push(`error: ${(fields as { error: Error }).error.message}`),
      fatal: () => {},
    },
    doors: [
      {
        name: 'signing',
        prefixes: [],
        routes: [
          {
            method: 'POST',
            path: '/signed',
            needs: 'buy',
            summary: 'Waits for a batch of five',
            answers: {},
            handle: (call) =>
              call.withBody(() => {
                waiting.push(call);
                if (waiting.length === 5) answerAll();
                return undefined;
              }),
          },
        ],
        failed: ({ row, detail }) => problemAnswer(row, detail),
        sign: (text) => {
          if (text === 'broken') throw new Error('no ink');
          log.push(`signed ${text}`);
          return text.toUpperCase();
        },
      },
    ],
  });
  try {
    const answers = await Promise.all([0, 1, 2, 3, 4].map(() => ask(listener.port, 'POST', '/signed', { json: {} })));
    assert.deepEqual(answers.map(({ text }) => (text.startsWith('{') ? 'failure' : text)).toSorted(), [
      '0:THING 0.',
      '2:THING 2.',
      '4:THING 4.',
      'failure',
      'plain',
    ]);
    assert.deepEqual(answers.map(({ status }) => String(status)).toSorted(), ['200', '200', '200', '200', '500']);
    assert.deepEqual(log, [
      'told 0',
      'told 1',
      'told 2',
      'told 3',
      'told 4',
      'handed out',
      'signed thing 0',
      'signed thing 2',
      'error: no ink',
      'signed thing 4',
      'next turn',
    ]);
  } finally {
    await listener.close(0);
  }
});
