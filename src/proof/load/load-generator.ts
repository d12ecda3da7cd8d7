/** The load process, from its parent's side. */
import { fileURLToPath } from 'node:url';
import { WorkerProcess } from '../processes/worker-process.ts';
import type { LoadResult, LoadSpec } from './spec.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Runs one load after the other. The process is kept, and so stays warm. */
export class LoadGenerator extends WorkerProcess<LoadSpec, LoadResult> {
  constructor() {
    super('the load process', program);
  }
}
