import { hourMs } from './units.ts';

/** Longer waits are none that an endpoint can mean. */
export const longestAskedWaitMs = hourMs;

/**
 * What came of one try to tell an endpoint.
 *
 * `delivered`: it was taken, by the endpoint's own answer. `refused`: it never will be. `failed`: it certainly was not taken, and
 * may be tried again. `unknown`: it was sent, and nobody knows whether it was taken.
 *
 * @property reference how the endpoint calls it, for what will belong to it: the first message of a thread
 * @property afterMs what the endpoint asked to be waited for
 */
export type Tried =
  | { readonly result: 'delivered'; readonly reference?: string }
  | { readonly result: 'refused'; readonly why: string }
  | { readonly result: 'failed' | 'unknown'; readonly why: string; readonly afterMs?: number };
