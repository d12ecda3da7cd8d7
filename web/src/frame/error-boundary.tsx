/** Shown when a page breaks: says that it is our fault, and offers a way on. */
import type { ReactNode } from 'react';
import { Component } from 'react';
import { Button } from '../shared/button.tsx';

interface Props {
  readonly children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { readonly isBroken: boolean }> {
  override readonly state = { isBroken: false };

  static getDerivedStateFromError(): { readonly isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    return (
      <div role="alert" className="py-16">
        <h1 className="display text-4xl">This page broke.</h1>
        <p className="mt-4 max-w-[46ch] text-lg">
          That is our fault, and the store itself is fine: what you bought is yours, what you hold stays held. Load the
          page anew to go on.
        </p>
        <Button className="mt-6" onClick={() => location.reload()}>
          Load it anew
        </Button>
      </div>
    );
  }
}
