/**
 * The shop's only question: the name that others see. The browser's own dialog keeps the focus
 * inside and gives it back.
 */
import { useLayoutEffect, useRef, useState } from 'react';
import { Button } from '../shared/button.tsx';
import { useSignal } from '../shared/signal.ts';
import { answerName, nameQuestion } from './ask-name.ts';
import { explain } from './trouble.ts';
import { maxNameLength, nameComplaint } from './name-rules.ts';
import { chooseName, visitor } from './visitor.ts';

export function NameDialog() {
  const question = useSignal(nameQuestion);
  return question === null ? null : <OpenDialog />;
}

function OpenDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const current = useSignal(visitor);
  const [name, setName] = useState(current?.name ?? '');
  const [complaint, setComplaint] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  // Before it is removed from the page, or the browser would not give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  const save = async (): Promise<void> => {
    const wrong = nameComplaint(name);
    setComplaint(wrong);
    if (wrong !== null || isBusy) return;
    if (current !== null && current.name === name.trim()) return answerName(current);
    setBusy(true);
    try {
      await chooseName(name);
      answerName(visitor.get());
    } catch (error) {
      setComplaint(explain(error, 'register'));
      setBusy(false);
    }
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby="name-title"
      onCancel={(event) => {
        event.preventDefault();
        answerName(null);
      }}
      // In development mode it is closed and reopened at once; that close event arrives when it is
      // open again.
      onClose={() => dialog.current?.open === true || answerName(null)}
      className="m-auto w-[min(26rem,calc(100vw-2rem))] rounded-2xl bg-sheet p-6 text-ink shadow-2xl sm:p-8"
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2 id="name-title" className="display text-2xl">
          What should we call you?
        </h2>
        <p className="mt-3 text-soft" id="name-help">
          Others see this name beside what you buy. It stays in this browser; no account, no e-mail.
        </p>
        <label htmlFor="name-field" className="mt-5 block font-semibold">
          Your name
        </label>
        <input
          id="name-field"
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="nickname"
          autoFocus
          maxLength={maxNameLength + 10}
          aria-invalid={complaint !== null}
          aria-describedby={complaint === null ? 'name-help' : 'name-complaint'}
          className="mt-2 block min-h-12 w-full rounded-lg border border-edge bg-paper px-4 text-lg"
        />
        {complaint !== null && (
          <p id="name-complaint" role="alert" className="mt-2 font-medium text-signal">
            {complaint}
          </p>
        )}
        <div className="mt-6 flex flex-wrap gap-3">
          <Button type="submit" busy={isBusy ? 'Saving…' : null}>
            {current === null ? 'Continue' : 'Save'}
          </Button>
          <Button look="quiet" onClick={() => answerName(null)}>
            Not now
          </Button>
        </div>
      </form>
    </dialog>
  );
}
