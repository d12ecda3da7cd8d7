/** A command to copy. */
import { useState } from 'react';
import { announce } from './announce.ts';

export function Code({ label, text }: { label: string; text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      announce('Copied.');
      setTimeout(() => setCopied(false), 2000);
    } catch {
      announce('Could not be copied: select the text instead.');
    }
  };
  return (
    <div className="relative">
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className="overflow-x-auto rounded-xl bg-ink p-4 pr-24 font-mono text-sm leading-relaxed text-paper"
      >
        <code>{text}</code>
      </pre>
      <button
        type="button"
        onClick={() => void copy()}
        className="absolute top-2 right-2 min-h-11 rounded-md bg-paper/15 px-3 text-sm font-semibold text-paper hover:bg-paper/25 focus-visible:outline-paper"
      >
        {isCopied ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}
