import { DependencyError } from '../core/errors.ts';

/** What a port said, or why it did not. */
type Asked<Value> =
  | { readonly isAnswered: true; readonly value: Value }
  | { readonly isAnswered: false; readonly error: DependencyError };

/** Asks a port. An error that is no DependencyError is a fault of ours and ends the run. */
export async function ask<Value>(run: () => Promise<Value>): Promise<Asked<Value>> {
  try {
    return { isAnswered: true, value: await run() };
  } catch (error) {
    if (error instanceof DependencyError) return { isAnswered: false, error };
    throw error;
  }
}
