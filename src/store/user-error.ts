/**
 * An error whose message is all the user needs: a command prints it alone and ends with exit code
 * 1.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}
