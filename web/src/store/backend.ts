/** The pages' only access to the store: the sdk's client, with tokens kept in this browser. */
import { Holdfast } from '../../../sdk/src/index.ts';
import { isRecord, keep, recall } from '../shared/keep.ts';

/** Maximum number of kept tokens; older ones belong to holds long over. */
const maxTokens = 100;

const tokens = {
  get(id: string): string | undefined {
    const kept = recall('tokens');
    const token = isRecord(kept) ? kept[id] : undefined;
    return typeof token === 'string' ? token : undefined;
  },
  set(id: string, token: string): void {
    const kept = recall('tokens');
    const entries = Object.entries(isRecord(kept) ? kept : {}).filter(([other]) => other !== id);
    keep('tokens', Object.fromEntries([...entries, [id, token]].slice(-maxTokens)));
  },
};

/**
 * A visitor waits some seconds for a button, not half a minute. The call's key lets a later press
 * go on.
 */
export const api = new Holdfast({ tokens, deadlineMs: 8000, attemptMs: 4000 });
