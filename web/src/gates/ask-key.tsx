/** Asks for the operator's key, where the store has one: tapping moves money. */
import { useState } from 'react';
import { Button } from '../shared/button.tsx';
import { loadCity } from './city.ts';
import { operatorKey } from './desk.ts';

/** What a header carries. */
const printable = /^[!-~]+$/;

export function AskKey({ isWrong }: { isWrong: boolean }) {
  const [key, setKey] = useState('');
  const [complaint, setComplaint] = useState<string | null>(isWrong ? 'This is not the key of this store.' : null);
  const [isBusy, setBusy] = useState(false);
  const give = async (): Promise<void> => {
    if (isBusy) return;
    if (!printable.test(key.trim())) {
      setComplaint('A key has letters, digits and signs, and no spaces.');
      return;
    }
    setBusy(true);
    operatorKey.set(key.trim());
    await loadCity();
    setBusy(false);
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void give();
      }}
      className="mt-10 max-w-md rounded-2xl border border-line bg-sheet p-6 sm:p-8"
    >
      <h2 className="text-2xl font-bold [font-stretch:112%]">Who taps here?</h2>
      <p className="mt-2 text-pretty text-soft" id="key-help">
        A tap moves money, so this store wants its operator key. The key stays in this window and is gone with it.
      </p>
      <label htmlFor="key-field" className="mt-5 block font-semibold">
        Operator key
      </label>
      <input
        id="key-field"
        type="password"
        value={key}
        onChange={(event) => setKey(event.target.value)}
        autoComplete="off"
        aria-describedby={complaint === null ? 'key-help' : 'key-complaint'}
        aria-invalid={complaint !== null}
        className="mt-2 min-h-12 w-full rounded-lg border border-edge bg-paper px-4"
      />
      {complaint !== null && (
        <p id="key-complaint" role="alert" className="mt-2 text-[0.9375rem] font-medium text-signal">
          {complaint}
        </p>
      )}
      <Button type="submit" className="mt-5 w-full" busy={isBusy ? 'One moment…' : null}>
        Open the gates
      </Button>
    </form>
  );
}
