/** The load process: takes one run at a time over the channel to its parent, answers it, and ends when the channel closes. */
import { Run } from './run.ts';
import type { LoadReply, LoadSpec } from './spec.ts';
import { TargetList } from './targets.ts';

const kept = new Map<string, TargetList>();

async function execute(spec: LoadSpec): Promise<LoadReply> {
  try {
    const targets = spec.targets === undefined ? null : kept.get(spec.targets);
    if (targets === undefined) return { ok: false, why: `nothing was kept as ${spec.targets ?? ''}` };
    if (spec.targets !== undefined) kept.delete(spec.targets);
    const keep = spec.keepAs === undefined ? null : new TargetList();
    if (spec.keepAs !== undefined && keep !== null) kept.set(spec.keepAs, keep);
    return { ok: true, result: await new Run(spec, targets, keep).execute() };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (message: unknown) => {
  // The parent is the only one on this channel, and what it sends has this type.
  void execute(message as LoadSpec).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
