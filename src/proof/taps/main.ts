/** The process that sends taps: one day at a time, over the channel to its parent. */
import { answerTasks } from '../processes/worker-process.ts';
import { GateBatches } from './gate-batches.ts';
import { TapSender } from './sender.ts';
import type { TapProgress, TapTask } from './spec.ts';
import { Traffic } from './traffic.ts';

let source: GateBatches | null = null;
let sender: TapSender | null = null;

async function execute(task: TapTask): Promise<TapProgress> {
  if (task.kind === 'begin') {
    sender?.close();
    source = new GateBatches(new Traffic(task.traffic), task.gates);
    sender = new TapSender(source, task.inFlight);
    return progress(0, 0);
  }
  if (sender === null) throw new Error('no day has begun');
  const { operatorKey } = task;
  const headers: Record<string, string> = operatorKey === null ? {} : { Authorization: `Bearer ${operatorKey}` };
  if (task.kind === 'send') {
    await sender.run(task.url, headers, task.until);
    return progress(0, 0);
  }
  return await measure(sender, headers, task);
}

async function measure(
  into: TapSender,
  headers: Record<string, string>,
  { url, warmupMs, measureMs }: Extract<TapTask, { kind: 'measure' }>,
): Promise<TapProgress> {
  const sending = into.run(url, headers, Infinity);
  await Promise.race([sending, Bun.sleep(warmupMs)]);
  into.latency.reset();
  const [before, beganMs, cpuBefore] = [into.answered, performance.now(), process.cpuUsage()];
  await Promise.race([sending, Bun.sleep(measureMs)]);
  const tookMs = performance.now() - beganMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const perSecond = ((into.answered - before) * 1000) / tookMs;
  into.stop();
  await sending;
  into.close();
  return progress(perSecond, (user + system) / 1000 / tookMs);
}

function progress(perSecond: number, cpu: number): TapProgress {
  if (source === null || sender === null) throw new Error('no day has begun');
  const { answers, answered, isDone, latency } = sender;
  return {
    answered,
    isDone,
    counts: answers.counts,
    taps: source.counts.taps,
    offline: source.counts.offline,
    sequences: [...source.sequences],
    problems: answers.problems.sentences(),
    perSecond,
    p50: latency.getValueAtPercentile(50) / 1000,
    p99: latency.getValueAtPercentile(99) / 1000,
    cpu,
  };
}

// What the parent sends has this type.
answerTasks((task) => execute(task as TapTask));
