/**
 * Virtual time. Everything that would wait, waits here: what comes next is the event with the
 * earliest time, and time passes by going there. The same seed gives the same order.
 *
 * While it is installed, the timers of the program under simulation are events of this loop, and
 * end with their process.
 */

interface Event {
  readonly atMs: number;
  readonly number: number;
  /** Which life of the process it belongs to; 0 for the world around it. */
  readonly life: number;
  readonly run: () => void;
}

/** A run that goes on beyond it goes in circles. */
const maxSteps = 1_000_000;
const realImmediate = globalThis.setImmediate;

/** Lets every promise come to where it waits for an event. */
function settle(): Promise<void> {
  return new Promise((resolve) => realImmediate(resolve));
}

export class Loop {
  nowMs = 0;
  steps = 0;
  /** The life whose timers are set now. */
  life = 1;
  private readonly random: () => number;
  private events: Event[] = [];
  private numbers = 0;

  constructor(random: () => number) {
    this.random = random;
  }

  /** In the world: a process that dies does not take it along. */
  after(delayMs: number, run: () => void): void {
    this.add(delayMs, 0, run);
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** The process has died: its timers go, and the next one begins. */
  async nextLife(): Promise<void> {
    this.events = this.events.filter(({ life }) => life === 0);
    // What the dead process still had on its way finds a disk without power.
    await settle();
    this.events = this.events.filter(({ life }) => life === 0);
    this.life += 1;
  }

  /** Goes on until the promise is settled; with nothing left to happen, it never would be. */
  async until(promise: Promise<unknown>): Promise<void> {
    let settled = false;
    const end = promise.then(
      () => (settled = true),
      () => (settled = true),
    );
    await settle();
    while (!settled) {
      if (!(await this.step())) throw new Error('nothing is left that could happen, and somebody waits');
    }
    await end;
    await promise;
  }

  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    this.after(ms, () => {});
    while (this.nowMs < untilMs) await this.step();
  }

  private async step(): Promise<boolean> {
    let next: Event | null = null;
    for (const event of this.events) if (next === null || isBefore(event, next)) next = event;
    if (next === null) return false;
    this.events.splice(this.events.indexOf(next), 1);
    this.nowMs = Math.max(this.nowMs, next.atMs);
    this.steps += 1;
    if (this.steps > maxSteps) throw new Error(`no end after ${maxSteps} events`);
    next.run();
    await settle();
    return true;
  }

  private add(delayMs: number, life: number, run: () => void): Event {
    this.numbers += 1;
    const event = { atMs: this.nowMs + Math.max(0, delayMs), number: this.numbers, life, run };
    this.events.push(event);
    return event;
  }

  private remove(handle: unknown): void {
    const at = this.events.findIndex((event) => event === handle || handles.get(event) === handle);
    if (at >= 0) this.events.splice(at, 1);
  }

  /** Puts this loop in the place of the runtime's timers; returns what puts those back. */
  install(): () => void {
    const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = globalThis;
    const once = (run: () => void, delayMs = 0): object => handleOf(this.add(delayMs, this.life, run));
    const again = (run: () => void, delayMs = 0): object => {
      const handle = {};
      const repeat = (): void => {
        handles.set(this.add(delayMs, this.life, repeat), handle);
        run();
      };
      handles.set(this.add(delayMs, this.life, repeat), handle);
      return withRef(handle);
    };
    const remove = (handle: unknown): void => this.remove(handle);
    Object.assign(globalThis, {
      setTimeout: once,
      setInterval: again,
      // A turn takes a while, and never the same.
      setImmediate: (run: () => void) => once(run, 0.2 * this.random()),
      clearTimeout: remove,
      clearInterval: remove,
      clearImmediate: remove,
    });
    return () => {
      Object.assign(globalThis, { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate });
    };
  }
}

/** The handle that a timer's owner has of an event. */
const handles = new WeakMap<object, object>();

function handleOf(event: Event): object {
  const handle = {};
  handles.set(event, handle);
  return withRef(handle);
}

function withRef(handle: object): object {
  return Object.assign(handle, { ref: () => handle, unref: () => handle });
}

function isBefore(one: Event, other: Event): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.number < other.number);
}
