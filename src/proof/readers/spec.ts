/** The messages to and from the process of readers. */

export type ReaderKind = 'sse' | 'socket.io';

export type ReadersTask =
  /** Opens this many more readers; answered when each has received the present state. */
  | {
      readonly ask: 'open';
      readonly kind: ReaderKind;
      readonly url: string;
      readonly path: string;
      readonly count: number;
    }
  /** Resets the measurements. */
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
  /** Connections that were ended from outside. */
  readonly lost: number;
  /** Messages with news of a purchase. */
  readonly told: number;
  /** From a change to its delivery, over all readers, ms; null without any delivery. */
  readonly delay: Delay | null;
}

export interface Delay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}
