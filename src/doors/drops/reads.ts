/** Reads: drops and users as they are. */
import type { Node } from '../../node/node.ts';
import { jsonAnswer, jsonText } from '../kit/answers.ts';
import { missing, readId } from '../kit/input.ts';
import type { Read } from '../kit/operation.ts';
import { dropView, findDrop, shownDrops } from './drops.ts';
import { allUsers } from './users.ts';

export const health: Read<undefined> = {
  read: () => undefined,
  answer: () => jsonAnswer({ status: 'OK', message: 'Inventory system is running' }),
};

export const listUsers: Read<undefined> = {
  read: () => undefined,
  answer: (_, state) => jsonAnswer({ users: allUsers(state) }),
};

/** A sold-out drop leaves the list after a day: the text may be this old, ms. */
const textMs = 1000;

/** The text is made once for each batch: between two batches only time changes it. */
export function listDrops({ engine, civil }: Node): Read<undefined> {
  let made = { position: -1, atMs: 0, text: '' };
  return {
    read: () => undefined,
    answer: (_, state) => {
      const nowMs = civil.nowMs();
      if (made.position !== engine.position || nowMs - made.atMs > textMs) {
        made = { position: engine.position, atMs: nowMs, text: JSON.stringify(shownDrops(state, nowMs)) };
      }
      return jsonText(made.text);
    },
  };
}

export const oneDrop: Read<number> = {
  read: (call) => readId(call.param('id')),
  answer: (id, state) => {
    const row = findDrop(state, id);
    if (row < 0) throw missing('Drop not found');
    return jsonAnswer(dropView(state, row));
  },
};
