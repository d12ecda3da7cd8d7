/** One reader of a sale's stream. It notes how many units are held, and when it was told. */

interface Told {
  /** Ms since the epoch. */
  readonly atMs: number;
  readonly held: number;
}

const heldIn = /^data: \{"id":.*?"held":(\d+),/gm;

export class StockWatch {
  private readonly told: Told[] = [];
  private readonly controller = new AbortController();
  private wake: () => void = () => {};

  /** Resolves when it has received the present state. */
  static async open(url: string, sale: string): Promise<StockWatch> {
    const watch = new StockWatch();
    const response = await fetch(`${url}/v1/stream?sales=${sale}`, { signal: watch.controller.signal });
    if (response.body === null || response.status !== 200) throw new Error(`no stream: ${response.status}`);
    void watch.read(response.body);
    await watch.until(() => true, 5000);
    return watch;
  }

  /** Waits until the last state received is the one asked for. @throws when that does not happen */
  async until(holds: (held: number) => boolean, withinMs: number): Promise<void> {
    const untilMs = performance.now() + withinMs;
    for (let last = this.told.at(-1); last === undefined || !holds(last.held); last = this.told.at(-1)) {
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0) throw new Error(`the stream told last of ${last?.held ?? 'no'} units held`);
      await Promise.race([new Promise<void>((resolve) => (this.wake = resolve)), Bun.sleep(leftMs)]);
    }
  }

  close(): void {
    this.controller.abort();
  }

  /**
   * For each hold, how long after its deadline its unit was known to be back, ms, sorted.
   * `deadlines`: those of all holds at the beginning, ascending, which is the order in which they
   * end.
   */
  lateness(deadlines: Float64Array): Float64Array {
    const late = new Float64Array(deadlines.length);
    let back = 0;
    for (const { atMs, held } of this.told) {
      for (const ended = deadlines.length - held; back < ended; back += 1) late[back] = atMs - deadlines[back]!;
    }
    if (back < deadlines.length) throw new Error(`${deadlines.length - back} holds were never announced`);
    return late.sort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const bytes of body) {
        const atMs = performance.timeOrigin + performance.now();
        rest += decoder.decode(bytes, { stream: true });
        const end = rest.lastIndexOf('\n\n') + 2;
        for (const [, held] of rest.slice(0, end).matchAll(heldIn)) this.told.push({ atMs, held: Number(held) });
        rest = rest.slice(end);
        this.wake();
      }
    } catch {
      // Closed, by us or by the server. A caller that waits runs into its time limit.
    }
  }
}
