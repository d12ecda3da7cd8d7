/** The only place where an answer becomes a response of the runtime's server. */
import type { Answer, AnswerStream } from './answer.ts';
import { SignedText } from './answer.ts';

/** @throws Error for a body that must still be signed */
export function responseOf(answer: Answer): Response {
  const { body } = answer;
  if (typeof body === 'string' || body === null || body instanceof Uint8Array) return new Response(body, answer);
  if (body instanceof SignedText) throw new Error('an answer was sent without its token');
  return new Response(streamOf(body), answer);
}

/**
 * The runtime writes from it directly. That takes half the memory of a queue with a reader behind
 * it, and no turn of the event loop between a chunk and its system call.
 */
function streamOf(stream: AnswerStream): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    type: 'direct',
    pull: (controller) => stream.begin(controller),
    cancel: () => stream.cancel(),
  });
}
