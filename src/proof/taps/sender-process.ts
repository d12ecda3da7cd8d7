/** The process that sends taps, from its parent's side. */
import { fileURLToPath } from 'node:url';
import { WorkerProcess } from '../processes/worker-process.ts';
import type { TapProgress, TapTask } from './spec.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

export class TapSenderProcess extends WorkerProcess<TapTask, TapProgress> {
  constructor() {
    super('the gates', program);
  }
}
