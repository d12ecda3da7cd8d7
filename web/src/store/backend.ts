/**
 * The one door from the pages to the store: the sdk's client, with the tokens of what was held and
 * bought kept in this browser.
 */
import { Holdfast } from '../../../sdk/src/index.ts';
import { isRecord, keep, recall } from '../shared/keep.ts';

/** The newest tokens; older ones belong to holds long over. */
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
 * People wait for a button some seconds, not half a minute; the key of the call lets them go on
 * where it was.
 */
export const api = new Holdfast({ tokens, deadlineMs: 8000, attemptMs: 4000 });
