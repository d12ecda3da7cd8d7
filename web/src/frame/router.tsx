/**
 * Addresses inside the store: links that change the page without loading it, and set focus and
 * title.
 */
import type { AnchorHTMLAttributes, ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { Signal, useSignal } from '../shared/signal.ts';

const path = new Signal(location.pathname);
addEventListener('popstate', () => path.set(location.pathname));

/** The window's title, without the time of a running hold. */
export const pageTitle = new Signal('Holdfast');

export function usePath(): string {
  return useSignal(path);
}

export function go(to: string): void {
  if (to !== location.pathname) history.pushState(null, '', to);
  path.set(new URL(to, location.origin).pathname);
  scrollTo(0, 0);
}

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly href: string;
  readonly children: ReactNode;
}

export function Link({ href, children, ...rest }: LinkProps) {
  const current = usePath() === href;
  return (
    <a
      {...rest}
      href={href}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
        if (!plain) return;
        event.preventDefault();
        go(href);
      }}
    >
      {children}
    </a>
  );
}

/**
 * The first heading of a page: names the window, and takes the focus when one comes from another
 * page.
 */
export function PageTitle({
  title,
  children,
  className = '',
}: {
  title: string;
  children: ReactNode;
  className?: string;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    pageTitle.set(title);
    if (hasShownPage) heading.current?.focus({ preventScroll: true });
    hasShownPage = true;
  }, [title]);
  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children}
    </h1>
  );
}

/** False on the first page of a visit: the browser puts the focus itself then. */
let hasShownPage = false;
