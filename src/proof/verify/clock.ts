/**
 * One monotonic clock for the whole run, in ns since its start, and where wall-clock times lie on
 * it.
 */

const startMs = performance.now();
const startWallMs = Date.now();

export function nowNs(): number {
  return Math.round((performance.now() - startMs) * 1e6);
}

/**
 * A wall-clock time, ms since the epoch, on the run's clock. Exact as long as nobody sets the wall
 * clock.
 */
export function nsOfWallMs(wallMs: number): number {
  return Math.round((wallMs - startWallMs) * 1e6);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Like `pause`, but holds nothing up: for limits of patience, of which most never come to pass. */
export function patience(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms).unref();
  });
}
