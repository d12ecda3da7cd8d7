/** POST /v1/taps: what gates send, as JSON or as rows of bytes. */
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import type { Route } from '../../http/door.ts';
import { parseJson } from '../../http/body.ts';
import { answerAt, headersAt } from '../kit/native-answers.ts';
import type { Operation } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import { BinaryTaps, tapsType } from './binary.ts';
import { JsonTaps } from './json-taps.ts';
import { outcomeBytes, OutcomeTexts } from './outcomes.ts';
import * as schemas from './schemas.ts';
import type { SentTaps, TapsFiller } from './taps-fill.ts';

/** More than 4,096 taps with ids of UUIDs have, and more than 8,192 in rows of bytes. */
const maxBodyBytes = 1024 * 1024;

interface TapsAsk {
  readonly sent: SentTaps;
  readonly key: number;
  /** Whether the answer is to be rows of bytes. */
  readonly asBytes: boolean;
}

export function tapRoutes(operations: Operations, filler: TapsFiller): Route[] {
  return [
    operations.operation(
      {
        method: 'POST',
        path: '/v1/taps',
        needs: 'tap',
        summary: 'Send taps of gates: one, or up to 4,096; up to 8,192 in binary form',
        body: schemas.tapsRequest,
        takes: tapsType,
        maxBodyBytes,
        answers: { 200: { description: 'An outcome for each tap, in the order sent.', schema: schemas.outcomes } },
      },
      sendTaps(filler, new OutcomeTexts()),
    ),
  ];
}

function sendTaps(filler: TapsFiller, texts: OutcomeTexts): Operation<TapsAsk> {
  return {
    read: (call, bytes) => ({
      sent: call.isOfTakenType ? new BinaryTaps(bytes) : new JsonTaps(parseJson(bytes, maxBodyBytes)),
      key: call.keyRow,
      asBytes: accepts(call, tapsType),
    }),
    fill: ({ sent, key }, _, command) => {
      filler.fill(command, sent, key);
      return undefined;
    },
    answer: (outcome, { sent, asBytes }, state): Answer => {
      const { position } = outcome;
      if (!asBytes) return answerAt(state, position, texts.json(state, sent, outcome));
      const headers = { ...headersAt(state, position), 'Content-Type': tapsType };
      return { status: 200, headers, body: outcomeBytes(state, sent, outcome) };
    },
  };
}

/** Whether the caller names a media type among those that it takes. */
function accepts(call: Call, type: string): boolean {
  const accept = call.header('accept');
  if (accept === null || !accept.includes(type)) return false;
  return accept.split(',').some((one) => {
    const [name = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
    return name === type && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}
