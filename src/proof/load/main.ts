/**
 * The load process: takes one run at a time over the channel to its parent, and keeps the things
 * that a run made for a later one.
 */
import { answerTasks } from '../processes/worker-process.ts';
import { MadeThings } from './made-things.ts';
import { Run } from './run.ts';
import type { LoadResult, LoadSpec } from './spec.ts';

const kept = new Map<string, MadeThings>();

async function execute(spec: LoadSpec): Promise<LoadResult> {
  const things = spec.things === undefined ? null : kept.get(spec.things);
  if (things === undefined) throw new Error(`nothing was kept as ${spec.things ?? ''}`);
  if (spec.things !== undefined) kept.delete(spec.things);
  const keep = spec.keepAs === undefined ? null : new MadeThings(spec.keepTokens === true);
  if (spec.keepAs !== undefined && keep !== null) kept.set(spec.keepAs, keep);
  return await new Run(spec, things, keep).execute();
}

// What the parent sends has this type.
answerTasks((task) => execute(task as LoadSpec));
