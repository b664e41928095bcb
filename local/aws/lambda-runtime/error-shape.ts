import type { ErrorShape } from './messages.ts';

/** What a handler threw, as Lambda's Node.js runtime reports it; also what is no Error. */
export function describeError(thrown: unknown): ErrorShape {
  if (thrown instanceof Error) {
    return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}

/** An error of the runtime itself: `Runtime.ImportModuleError` and the like. */
export class RuntimeError extends Error {
  override readonly name: string;
  constructor(kind: string, message: string) {
    super(message);
    this.name = `Runtime.${kind}`;
  }
}
