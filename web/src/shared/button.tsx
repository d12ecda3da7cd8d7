/**
 * Buttons, and links that look like them. A busy button keeps the focus: it is never `disabled`,
 * but ignores clicks.
 */
import type { ButtonHTMLAttributes, ReactNode } from 'react';

type Look = 'solid' | 'signal' | 'outline' | 'quiet';

const looks: Readonly<Record<Look, string>> = {
  solid: 'bg-ink text-paper hover:bg-ink/85 active:bg-ink/75 px-5',
  signal: 'bg-signal text-on-signal hover:brightness-110 active:brightness-95 px-5',
  outline: 'border border-edge text-ink hover:border-ink hover:bg-ink/5 px-5',
  quiet: 'text-ink underline decoration-edge underline-offset-4 hover:decoration-ink px-2',
};

export function buttonClass(look: Look): string {
  return (
    'inline-flex min-h-12 items-center justify-center gap-2 rounded-lg py-2 text-base leading-tight font-semibold ' +
    `transition-[background-color,border-color,filter] duration-150 aria-disabled:cursor-default aria-disabled:opacity-60 ${looks[look]}`
  );
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: Look;
  /** What it is busy with, shown in place of its label; further clicks do nothing. */
  readonly busy?: string | null;
  readonly children: ReactNode;
}

export function Button({ look = 'solid', busy = null, children, className = '', onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy === null ? undefined : true}
      className={`${buttonClass(look)} ${className}`}
      onClick={(event) => {
        if (busy === null) onClick?.(event);
        else event.preventDefault();
      }}
    >
      {busy === null ? (
        children
      ) : (
        <>
          <span
            className="size-3 animate-spin rounded-full border-2 border-current border-r-transparent"
            aria-hidden="true"
          />
          {busy}
        </>
      )}
    </button>
  );
}
