/** Asks the store for its best seats, by number, section and kind, and holds them at once. */
import { useState } from 'react';
import type { Hall } from '../hall/hall.ts';
import { announce } from '../shared/announce.ts';
import { Button } from '../shared/button.tsx';
import { count } from '../shared/format.ts';
import { wishSentences } from '../visitor/trouble.ts';
import { Choose } from './choose.tsx';
import type { Chooser } from './chooser.ts';
import { sectionsIn } from './seat-list.tsx';
import { Stepper } from './stepper.tsx';

interface BestFormProps {
  readonly hall: Hall;
  readonly chooser: Chooser;
  readonly most: number;
  readonly isBusy: boolean;
}

export function BestForm({ hall, chooser, most, isBusy }: BestFormProps) {
  const [wanted, setQuantity] = useState(2);
  const [section, setSection] = useState('');
  const [accessible, setAccessible] = useState(false);
  const [split, setSplit] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const quantity = Math.min(wanted, most);
  const ask = async (mayBeApart: boolean): Promise<void> => {
    setRefusal(null);
    const place = section === '' ? {} : { section };
    const code = await chooser.holdBest({ quantity, accessible, split: mayBeApart, ...place });
    const words = code === null ? undefined : wishSentences[code];
    setRefusal(words === undefined ? null : code);
    if (words !== undefined) announce(words);
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void ask(split);
      }}
      className="flex flex-col gap-4"
    >
      <Stepper label="Seats" value={quantity} most={most} onChange={setQuantity} />
      {hall.sections.length > 1 && (
        <Choose
          label="Section"
          value={section}
          onChange={setSection}
          options={[['', 'Anywhere'], ...sectionsIn(hall)]}
        />
      )}
      <div>
        {hall.hasAccessible && <Check label="Accessible seats only" isOn={accessible} onChange={setAccessible} />}
        <Check label="They may be apart" isOn={split} onChange={setSplit} />
      </div>
      {refusal !== null && (
        <div className="arrives rounded-lg border border-line bg-sheet p-4">
          <p className="text-[0.9375rem] leading-snug font-medium">{wishSentences[refusal]}</p>
          {refusal === 'NOT_TOGETHER' && (
            <Button look="outline" className="mt-3 w-full" onClick={() => void ask(true)}>
              Reserve them apart
            </Button>
          )}
        </div>
      )}
      <Button type="submit" look="outline" busy={isBusy ? 'Reserving…' : null}>
        {quantity === 1 ? 'Reserve the best seat' : `Reserve the best ${count(quantity)}`}
      </Button>
    </form>
  );
}

function Check({ label, isOn, onChange }: { label: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label className="flex min-h-11 cursor-pointer items-center gap-3">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
        className="size-5 shrink-0 accent-ink"
      />
      {label}
    </label>
  );
}
