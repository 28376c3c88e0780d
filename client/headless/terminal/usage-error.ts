/** The user can mend this: told in one line that says what to do, without a stack trace, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
