import { DependencyError, type DependencyFailure } from '../../core/errors.ts';
import type { HttpsAnswer } from './https.ts';
import { redirects } from './outcome.ts';

const failureByStatus: Readonly<Record<number, DependencyFailure>> = {
  401: 'authentication-failed',
  403: 'denied',
  404: 'not-found',
  429: 'throttled',
};

/**
 * What a question was answered, for whoever cannot go on without.
 *
 * @param advice what to do where the answer has this status
 * @throws DependencyError naming the call; without a word of the answer
 */
export function requireHeard(
  call: string,
  answer: HttpsAnswer,
  advice: Readonly<Record<number, string>>,
): { readonly text: string } {
  const fail = (failure: DependencyFailure, detail: string, httpStatus?: number) =>
    new DependencyError(call, failure, `${failure}: ${detail}`, {
      facts: httpStatus === undefined ? {} : { httpStatus },
    });
  if (answer.kind === 'not-sent') throw fail('unreachable', `no connection (${answer.code})`);
  if (answer.kind === 'cut') throw fail('timed-out', `no whole answer (${answer.code})`);
  const { status, text } = answer;
  if (redirects.includes(status)) throw fail('bad-answer', `a redirect (${status}), which is not followed`, status);
  if (status < 200 || status >= 300) {
    const told = advice[status] === undefined ? '' : `: ${advice[status]}`;
    throw fail(failureByStatus[status] ?? 'failed', `it answered ${status}${told}`, status);
  }
  if (text === undefined) throw fail('bad-answer', 'the answer is too long or broke off', status);
  return { text };
}
