/** A command line that cannot be understood: said in one line, with what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
