/**
 * A door's answer: status, headers and body, independent of any server. One place writes it to a
 * connection (`response.ts`). Header tables are shared between answers and must not be changed.
 */

export type Headers = Readonly<Record<string, string>>;
export type Bytes = Uint8Array<ArrayBuffer>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string | Bytes | SignedText | AnswerStream | null;
}

/** A text with a token in it. The token is made after the batch of its answer: see `Door.sign`. */
export class SignedText {
  readonly before: string;
  /** What the token signs. */
  readonly signs: string;
  readonly after: string;

  constructor(before: string, signs: string, after: string) {
    this.before = before;
    this.signs = signs;
    this.after = after;
  }
}

/** Where a stream writes to. */
export interface AnswerSink {
  /** A promise if the chunk exceeds the system's buffers; it resolves when the chunk is sent. */
  write(chunk: Uint8Array): number | Promise<number>;
  flush(): unknown;
  close(): unknown;
}

/** A body that is written at its reader's pace. */
export interface AnswerStream {
  /**
   * The connection is ready. The body ends when the promise resolves; when it rejects, the
   * connection is reset.
   */
  begin(sink: AnswerSink): Promise<void> | undefined;
  /** The reader left. */
  cancel(): void;
}

/** An answer with more headers, which replace those of the same name. */
export function withHeaders(answer: Answer, more: Headers): Answer {
  return { status: answer.status, headers: { ...answer.headers, ...more }, body: answer.body };
}
