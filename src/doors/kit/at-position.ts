/** `?at=POSITION`: a read that waits until this replica has applied what its client has seen. */
import type { State } from '../../engine/state.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import type { Node } from '../../node/node.ts';
import type { Read } from './operation.ts';
import { readPosition } from './positions.ts';

interface AtPosition<Ask> {
  readonly at: string | null;
  readonly ask: Ask;
}

/** The position in `?at=`; 0 without one. @throws HttpFailure 409 */
export function askedPosition(state: State, at: string | null): number {
  if (at === null) return 0;
  const read = readPosition(state, at);
  if (read.kind !== 'here') throw new HttpFailure(problems.POSITION_UNKNOWN);
  return read.position;
}

/**
 * The same read once the position in `?at=` is applied. Fails with 409 for a position of another
 * history, with 503 when it is not reached in time.
 */
export function atPosition<Ask>(node: Node, read: Read<Ask>): Read<AtPosition<Ask>> {
  return {
    ...read,
    read: (call) => ({ at: call.url.searchParams.get('at'), ask: read.read(call) }),
    answer: ({ at, ask }, state) => {
      const position = askedPosition(state, at);
      return position === 0 ? read.answer(ask, state) : node.reached(position).then(() => read.answer(ask, state));
    },
  };
}
