/** The errors that a caller gets when its command has no outcome. */

/**
 * Certain: the command was not taken and never will be. A retry is safe, with the same key or
 * another.
 */
export class NotTakenError extends Error {
  override readonly name = 'NotTakenError';
}

/** It is unknown whether the command was taken. A retry with the same key tells. */
export class UnknownResultError extends Error {
  override readonly name = 'UnknownResultError';
}

/** For callers of a node that has stopped. The failure and its files are in the operator's log. */
export function stoppedError(failure: Error | null): NotTakenError {
  const what = failure === null ? 'is shutting down' : 'has stopped';
  return new NotTakenError(`the store ${what}; nothing of this request was taken`);
}

/** The cause and the file are for the operator: the log's own notices name them. */
export function noRoomError(cause: unknown): NotTakenError {
  const sentence = 'no room on the disk (or no descriptor) for the log just now; nothing of this request was taken';
  return new NotTakenError(sentence, { cause });
}
