/** What the process of readers is asked for, and what it answers. */

export type ReaderKind = 'sse' | 'socket.io';

export type ReadersTask =
  /** Opens so many more readers; answered when each has been told the present. */
  | {
      readonly ask: 'open';
      readonly kind: ReaderKind;
      readonly url: string;
      readonly path: string;
      readonly count: number;
    }
  /** Forgets what was measured so far. */
  | { readonly ask: 'begin' }
  | { readonly ask: 'report' };

export interface ReadersReport {
  readonly sse: KindReport;
  readonly sockets: KindReport;
  /** CPU seconds a second of this process since the beginning. */
  readonly cpu: number;
}

export interface KindReport {
  readonly open: number;
  /** Connections that the server, or anything in between, has ended. */
  readonly lost: number;
  /** Pieces that told of a purchase. */
  readonly told: number;
  /** From a change to its delivery, over all readers, ms; null when nothing was told. */
  readonly delay: Delay | null;
}

export interface Delay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}
