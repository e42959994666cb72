/** The command line is wrong; the message says what was found and what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
