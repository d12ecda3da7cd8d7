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
    <div className="overflow-hidden rounded-xl bg-terminal text-on-terminal">
      <div className="flex items-center justify-between gap-4 border-b border-on-terminal/20 py-1 pr-1.5 pl-4">
        <span className="text-sm font-medium opacity-80">Terminal</span>
        <button
          type="button"
          onClick={() => void copy()}
          className="min-h-11 rounded-md px-3 text-sm font-semibold -outline-offset-2 hover:bg-on-terminal/15 focus-visible:outline-on-terminal"
        >
          {isCopied ? 'Copied' : 'Copy'}
          <span className="sr-only">: {label}</span>
        </button>
      </div>
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className="overflow-x-auto p-4 font-mono text-sm leading-relaxed -outline-offset-4 focus-visible:outline-on-terminal"
      >
        <code>{text}</code>
      </pre>
    </div>
  );
}
