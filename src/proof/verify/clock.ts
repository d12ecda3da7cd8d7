/**
 * One monotonic clock for the whole run, in ns since its start, and the conversion of wall-clock
 * times to it.
 */

const startMs = performance.now();
const startWallMs = Date.now();

export function nowNs(): number {
  return Math.round((performance.now() - startMs) * 1e6);
}

/**
 * Converts a wall-clock time, ms since the epoch, to the run's clock. Exact unless the wall clock
 * is set during the run.
 */
export function nsOfWallMs(wallMs: number): number {
  return Math.round((wallMs - startWallMs) * 1e6);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Like `pause`, but does not keep the process alive. For time limits, most of which are never
 * reached.
 */
export function patience(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms).unref();
  });
}
