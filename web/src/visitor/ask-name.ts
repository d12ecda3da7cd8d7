/** Asks for a name where one is needed, and goes on with what needed it. */
import { Signal } from '../shared/signal.ts';
import type { Visitor } from './visitor.ts';
import { visitor } from './visitor.ts';

/**
 * What waits for a name; null while the dialog is closed. `go` gets null when the visitor would
 * rather not.
 */
export const nameQuestion = new Signal<{ readonly go: (who: Visitor | null) => void } | null>(null);

export function openNameDialog(): void {
  nameQuestion.set({ go: () => undefined });
}

/** The visitor, asked for a name when there is none yet; null when they would rather not. */
export function whoIsThere(): Promise<Visitor | null> {
  const who = visitor.get();
  if (who !== null) return Promise.resolve(who);
  return new Promise((resolve) => nameQuestion.set({ go: resolve }));
}

export function answerName(who: Visitor | null): void {
  const question = nameQuestion.get();
  nameQuestion.set(null);
  question?.go(who);
}
