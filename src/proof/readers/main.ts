/**
 * A process of readers: does the tasks of its parent, one at a time, and ends when the channel
 * closes. With the argument `idle` it takes only CPU time that is left over: real readers are on
 * other machines, and these must not slow the server under load.
 */
import { constants, setPriority } from 'node:os';
import { answerTasks } from '../processes/worker-process.ts';
import { SocketIoCrowd, SseCrowd } from './crowd.ts';
import type { ReadersReport, ReadersTask } from './spec.ts';

if (process.argv.includes('idle')) setPriority(constants.priority.PRIORITY_LOW);

const sse = new SseCrowd();
const sockets = new SocketIoCrowd();
let beganMs = performance.now();
let cpu = process.cpuUsage();

function begin(): void {
  sse.begin();
  sockets.begin();
  beganMs = performance.now();
  cpu = process.cpuUsage();
}

function report(): ReadersReport {
  const { user, system } = process.cpuUsage(cpu);
  return {
    sse: sse.report(),
    sockets: sockets.report(),
    cpu: (user + system) / 1000 / (performance.now() - beganMs),
  };
}

async function execute(task: ReadersTask): Promise<ReadersReport> {
  if (task.ask === 'begin') begin();
  if (task.ask === 'open') await (task.kind === 'sse' ? sse : sockets).add(task.url, task.path, task.count);
  return report();
}

// What the parent sends has this type.
answerTasks((task) => execute(task as ReadersTask));
