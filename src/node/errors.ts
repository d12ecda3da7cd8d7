/** What a caller is told when its command has no outcome. */

/** Certain: nothing was taken and nothing will be. Safe to send again, with the same key or another. */
export class NotTakenError extends Error {
  override readonly name = 'NotTakenError';
}

/** Not known whether it was taken. The same key tells. */
export class UnknownResultError extends Error {
  override readonly name = 'UnknownResultError';
}
