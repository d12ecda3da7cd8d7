/**
 * Outcomes of the store that came after the gate had kept the rider out. The card's next tap of the
 * same direction opens by it: the store has that passage already.
 */
import type { Decided } from './gate-options.ts';
import type { Passage } from './tap-queue.ts';

const recallMs = 300_000;
const mostKept = 1024;

export class Recall {
  private readonly kept = new Map<string, { readonly decided: Decided; readonly untilMs: number }>();

  keep(passage: Passage, decided: Decided): void {
    this.kept.set(nameOf(passage), { decided, untilMs: passage.atMs + recallMs });
    if (this.kept.size <= mostKept) return;
    for (const oldest of this.kept.keys()) {
      this.kept.delete(oldest);
      return;
    }
  }

  /** The outcome that the card's tap opens by, once; null for none. */
  take(passage: Passage): Decided | null {
    const name = nameOf(passage);
    const found = this.kept.get(name);
    if (found === undefined) return null;
    this.kept.delete(name);
    return passage.atMs <= found.untilMs ? found.decided : null;
  }
}

function nameOf({ card, direction, station }: Passage): string {
  return `${direction} ${station} ${card}`;
}
