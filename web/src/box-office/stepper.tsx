/** A small whole number, by two buttons. */
import type { ReactNode } from 'react';

interface StepperProps {
  readonly label: string;
  readonly value: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

export function Stepper({ label, value, most, onChange }: StepperProps) {
  return (
    <div role="group" aria-label={label} className="flex items-center justify-between gap-4">
      <span className="font-semibold" aria-hidden="true">
        {label}
      </span>
      <div className="flex items-center rounded-lg border border-edge">
        <StepButton name={`Fewer ${label.toLowerCase()}`} isAtEnd={value <= 1} onClick={() => onChange(value - 1)}>
          −
        </StepButton>
        <output className="numeral min-w-9 text-center text-lg">{value}</output>
        <StepButton name={`More ${label.toLowerCase()}`} isAtEnd={value >= most} onClick={() => onChange(value + 1)}>
          +
        </StepButton>
      </div>
    </div>
  );
}

interface StepButtonProps {
  readonly name: string;
  readonly isAtEnd: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function StepButton({ name, isAtEnd, onClick, children }: StepButtonProps) {
  return (
    <button
      type="button"
      aria-label={name}
      aria-disabled={isAtEnd || undefined}
      onClick={() => isAtEnd || onClick()}
      className="size-11 rounded-lg text-xl leading-none hover:bg-ink/8 active:bg-ink/15 aria-disabled:cursor-default aria-disabled:opacity-35"
    >
      {children}
    </button>
  );
}
