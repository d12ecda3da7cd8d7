/** The frame of every page: the store's name, the navigation, the connection, the visitor. */
import type { ReactNode } from 'react';
import { announcement } from '../shared/announce.ts';
import { useSignal } from '../shared/signal.ts';
import { openNameDialog } from '../visitor/ask-name.ts';
import { NameDialog } from '../visitor/name-dialog.tsx';
import { visitor } from '../visitor/visitor.ts';
import { ConnectionBadge, ConnectionNotice } from './connection.tsx';
import { HoldReminder } from './hold-reminder.tsx';
import { Link } from './router.tsx';

/** `isWide`: for pages that use all of a large screen. */
export function Frame({ isWide = false, children }: { isWide?: boolean; children: ReactNode }) {
  const width = isWide ? 'max-w-[96rem]' : 'max-w-6xl';
  return (
    <>
      <a
        href="#content"
        className="sr-only rounded-lg bg-ink px-4 py-3 font-semibold text-paper focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-20"
      >
        Skip to the content
      </a>
      <header className="sticky top-0 z-10 border-b border-line bg-paper/90 backdrop-blur-md">
        <div className={`mx-auto flex min-h-16 ${width} items-center gap-x-1 px-4 sm:gap-x-5 sm:px-8`}>
          <Link href="/" className="flex min-h-11 items-center gap-2.5 no-underline" aria-label="Holdfast, home">
            <Mark />
            <span className="display text-lg max-[26rem]:sr-only">Holdfast</span>
          </Link>
          <nav aria-label="Store" className="flex sm:gap-1">
            <Place href="/drops">Shop</Place>
            <Place href="/box-office">Seats</Place>
            <Place href="/gates">Gates</Place>
          </nav>
          <div className="ml-auto flex min-w-0 items-center gap-2 sm:gap-4">
            <HoldReminder />
            <ConnectionBadge />
            <WhoButton />
          </div>
        </div>
      </header>
      <ConnectionNotice width={width} />
      <main
        id="content"
        tabIndex={-1}
        className={`mx-auto px-4 sm:px-8 ${width} ${isWide ? 'pt-6 pb-8 sm:pt-10 lg:pb-20' : 'pt-8 pb-24 sm:pt-14'}`}
      >
        {children}
      </main>
      <footer className="border-t border-line">
        <div className={`mx-auto flex flex-wrap gap-x-6 gap-y-2 px-4 py-8 text-[0.9375rem] text-soft sm:px-8 ${width}`}>
          <p className="mr-auto max-sm:basis-full">Every yes is on disk before it is said.</p>
          <a className="underline underline-offset-4 hover:text-ink" href="/openapi.json">
            API
          </a>
          <a className="underline underline-offset-4 hover:text-ink" href="/readyz">
            Readiness
          </a>
        </div>
      </footer>
      <NameDialog />
      <Announcer />
    </>
  );
}

function Place({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className="inline-flex min-h-11 items-center rounded-md px-1.5 font-semibold sm:px-2 decoration-2 underline-offset-[0.4em] hover:underline aria-[current=page]:underline"
    >
      {children}
    </Link>
  );
}

/** Stock going down: one full, one half, one left in outline. */
function Mark() {
  return (
    <svg viewBox="0 0 26 26" className="size-7" aria-hidden="true">
      <path d="M2 2h6v22H2zM10 10h6v6h-6z" className="fill-ink" />
      <path d="M18 12h6v12h-6z" className="fill-ink" />
      <path d="M18.8 2.8h4.4v7.4h-4.4z" className="fill-none stroke-signal" strokeWidth="1.6" />
    </svg>
  );
}

function WhoButton() {
  const who = useSignal(visitor);
  return (
    <button
      type="button"
      onClick={openNameDialog}
      className="relative -mr-2 min-h-11 min-w-0 truncate sm:max-w-52 rounded-md px-2 font-semibold decoration-2 underline-offset-[0.4em] hover:underline"
    >
      {who === null ? 'Your name' : who.name}
      {who !== null && <span className="sr-only">: change your name</span>}
    </button>
  );
}

function Announcer() {
  const text = useSignal(announcement);
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}
