/** An error that the user can mend. One line says what to do, without a stack trace, and the exit status is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
