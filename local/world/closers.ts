import { describeFailure } from './failures.ts';

/** What must be undone, newest first. */
export type Closers = {
  readonly add: (close: () => Promise<void>) => void;
  /** Runs each once; one that fails keeps no other from running. @throws CloseError that names each failure */
  readonly close: () => Promise<void>;
};

export const openClosers = (): Closers => {
  const closers: (() => Promise<void>)[] = [];
  return {
    add: (close) => void closers.push(close),
    close: async () => {
      const failures: unknown[] = [];
      for (const close of closers.splice(0).reverse())
        await close().catch((failure: unknown) => void failures.push(failure));
      if (failures.length > 0) throw new CloseError(failures);
    },
  };
};

/** Part of a world could not be taken down or removed: said whatever else went wrong, since something may be left. */
export class CloseError extends AggregateError {
  override readonly name = 'CloseError';

  constructor(failures: readonly unknown[]) {
    super(failures, `not everything could be taken down: ${failures.map(describeFailure).join('; ')}`);
  }
}
