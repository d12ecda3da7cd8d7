/**
 * A process of readers: does what its parent asks, one thing at a time, and ends when the channel closes. With the argument `idle` it
 * takes only the CPU time that nobody else wants: readers are elsewhere, and must not cost the server under load its machine.
 */
import { constants, setPriority } from 'node:os';
import { SocketIoCrowd, SseCrowd } from './crowd.ts';
import type { ReadersReply, ReadersReport, ReadersRequest } from './spec.ts';

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

async function execute(request: ReadersRequest): Promise<ReadersReply> {
  try {
    if (request.ask === 'begin') begin();
    if (request.ask === 'open') {
      await (request.kind === 'sse' ? sse : sockets).add(request.url, request.path, request.count);
    }
    return { ok: true, report: report() };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (message: unknown) => {
  // The parent is the only one on this channel, and what it sends has this type.
  void execute(message as ReadersRequest).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
