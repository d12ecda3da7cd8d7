/** What a caller is told when its command has no outcome. */

/**
 * Certain: nothing was taken and nothing will be. Safe to send again, with the same key or another.
 */
export class NotTakenError extends Error {
  override readonly name = 'NotTakenError';
}

/** Not known whether it was taken. The same key tells. */
export class UnknownResultError extends Error {
  override readonly name = 'UnknownResultError';
}

/**
 * For callers of a node that takes nothing any more. What failed, with its files, is in the log for
 * the operator.
 */
export function stoppedError(failure: Error | null): NotTakenError {
  const what = failure === null ? 'is shutting down' : 'has stopped';
  return new NotTakenError(`the store ${what}; nothing of this request was taken`);
}

/** Why exactly, and in which file, is for the operator: the log's own notices say so. */
export function noRoomError(cause: unknown): NotTakenError {
  const sentence = 'no room on the disk (or no descriptor) for the log just now; nothing of this request was taken';
  return new NotTakenError(sentence, { cause });
}
