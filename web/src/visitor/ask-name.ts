/** Asks for a name if one is needed, and then continues the action. */
import { Signal } from '../shared/signal.ts';
import type { Visitor } from './visitor.ts';
import { visitor } from './visitor.ts';

/**
 * The action that waits for a name; null while the dialog is closed. `go` gets null if the visitor
 * declines.
 */
export const nameQuestion = new Signal<{ readonly go: (who: Visitor | null) => void } | null>(null);

export function openNameDialog(): void {
  nameQuestion.set({ go: () => undefined });
}

/** The visitor, after asking for a name if there is none; null if they decline. */
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
