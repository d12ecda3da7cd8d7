/**
 * The counters of the gates that are tapped by hand here. A counter is not kept: the store is asked
 * where it stands, by a tap far ahead, which applies nothing and is answered with the sequence that
 * is expected.
 */
import type { Holdfast, NewTap, TapOutcome } from '../../../sdk/src/index.ts';
import { ownEpoch } from './epoch.ts';

const farAhead = 0xffffffff;
/** Tries, in case another window has moved a counter. */
const mostTries = 3;

type Passing = Omit<NewTap, 'gate' | 'epoch' | 'sequence'>;

interface Sent {
  readonly outcome: TapOutcome;
  /** How often it was sent. */
  readonly attempts: number;
}

export class Counters {
  private readonly store: Holdfast;
  private readonly next = new Map<string, number>();

  constructor(store: Holdfast) {
    this.store = store;
  }

  /** Taps at a gate, once. @throws HoldfastError */
  async tap(gate: string, passing: Passing): Promise<TapOutcome> {
    let sequence = this.next.get(gate) ?? (await this.expected(gate, passing));
    for (let tries = 1; ; tries += 1) {
      const { outcome, attempts } = await this.send(gate, sequence, passing);
      // A repeated one is somebody else's, unless our own first attempt had no answer.
      const isKnown = outcome.replayed && (attempts === 1 || outcome.card !== passing.card);
      const isOurs = outcome.result !== 'gap' && !isKnown;
      if (isOurs || tries === mostTries) {
        this.next.set(gate, sequence + 1);
        return outcome;
      }
      sequence = outcome.expected ?? (await this.expected(gate, passing));
    }
  }

  private async expected(gate: string, passing: Passing): Promise<number> {
    return (await this.send(gate, farAhead, passing)).outcome.expected ?? 1;
  }

  private async send(gate: string, sequence: number, passing: Passing): Promise<Sent> {
    const epoch = await ownEpoch();
    const { outcomes, answer } = await this.store.taps.send([{ ...passing, gate, epoch, sequence }]);
    const [outcome] = outcomes;
    if (outcome === undefined) throw new Error('the store answered no outcome');
    return { outcome, attempts: answer.attempts };
  }
}
