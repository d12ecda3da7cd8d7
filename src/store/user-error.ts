/**
 * An error whose message is all that the user needs: a command prints only the message and exits
 * with code 1.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}
