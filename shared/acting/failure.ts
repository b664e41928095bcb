import type { Unanswered } from '../core/known.ts';

/**
 * Whether a call that failed was refused for certain. Only an answer of the API with a status of 4xx says so, and neither a
 * throttle nor a time-out does. After a retry of the SDK's own even that is uncertain: the first request may have been
 * accepted and its answer lost, and the second one refused because of the first.
 */
export const isRefusal = ({ failure, facts }: Pick<Unanswered, 'failure' | 'facts'>): boolean => {
  const { httpStatus: status, attempts } = facts;
  if (status === undefined || status < 400 || status >= 500 || status === 408 || status === 429) return false;
  return failure !== 'throttled' && failure !== 'timed-out' && attempts === 1;
};
