/**
 * What a door answers: status, headers and body, and nothing of a server. One place writes it to a
 * connection (`response.ts`). Header tables are shared between answers, so nobody changes one.
 */

export type Headers = Readonly<Record<string, string>>;
export type Bytes = Uint8Array<ArrayBuffer>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string | Bytes | SignedText | AnswerStream | null;
}

/**
 * A text with a token in it, which is made after the batch that the answer is of: see `Door.sign`.
 */
export class SignedText {
  readonly before: string;
  /** What the token is the signature of. */
  readonly signs: string;
  readonly after: string;

  constructor(before: string, signs: string, after: string) {
    this.before = before;
    this.signs = signs;
    this.after = after;
  }
}

/** Where a stream writes. */
export interface AnswerSink {
  /**
   * A promise when the chunk was more than the system's buffers take: it resolves when the chunk is
   * gone.
   */
  write(chunk: Uint8Array): number | Promise<number>;
  flush(): unknown;
  close(): unknown;
}

/** A body that is written as its reader takes it. */
export interface AnswerStream {
  /**
   * The connection is ready. The body ends when the promise resolves; when it rejects, the
   * connection is reset.
   */
  begin(sink: AnswerSink): Promise<void> | undefined;
  /** The reader left. */
  cancel(): void;
}

/** An answer with more headers; those of one name take the place of the first. */
export function withHeaders(answer: Answer, more: Headers): Answer {
  return { status: answer.status, headers: { ...answer.headers, ...more }, body: answer.body };
}
