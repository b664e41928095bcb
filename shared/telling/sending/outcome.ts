import type { Tried } from '../../core/delivery.ts';
import type { HttpsAnswer } from './https.ts';

export type NotDelivered = Exclude<Tried, { readonly result: 'delivered' }>;
type Heard = Extract<HttpsAnswer, { readonly kind: 'answered' }>;

export const delivered: Tried = { result: 'delivered' };

export const refused = (why: string): NotDelivered => ({ result: 'refused', why });

/** It was not taken, or nobody knows; with what the endpoint asked to be waited for. */
export const notTaken = (
  result: 'failed' | 'unknown',
  why: string,
  { afterMs }: { readonly afterMs?: number } = {},
): NotDelivered => ({ result, why, ...(afterMs !== undefined && { afterMs }) });

/** A redirect would take a secret to whom nobody named. */
export const redirects: readonly number[] = [301, 302, 303, 307, 308];

/**
 * What is the same at every endpoint: without a connection it failed, a cut one is unknown, a redirect is no answer of whom we
 * asked, and who has too much asks to be left alone. All else is the endpoint's own to decide.
 */
export function hear(
  who: string,
  answer: HttpsAnswer,
): { readonly isHeard: true; readonly heard: Heard } | { readonly isHeard: false; readonly tried: NotDelivered } {
  const not = (tried: NotDelivered) => ({ isHeard: false, tried }) as const;
  if (answer.kind === 'not-sent') return not(notTaken('failed', `${who} was not reached (${answer.code})`));
  if (answer.kind === 'cut') return not(notTaken('unknown', `${who} gave no whole answer (${answer.code})`));
  if (redirects.includes(answer.status))
    return not(
      refused(`${who} answered with a redirect (${answer.status}), which is not followed: see what answers there`),
    );
  if (answer.status === 429) return not(notTaken('failed', `${who} takes no more for now (429)`, answer));
  return { isHeard: true, heard: answer };
}
