import type { SnsFound, Subscription } from '../../../functions/health/incident/core/channels/found.ts';
import type { Judged, Judgement } from '../../../functions/health/incident/core/channels/judged.ts';
import type { DependencyFailure } from '../../../shared/core/errors.ts';
import { known, type Unanswered } from '../../../shared/core/known.ts';

/** A call that nobody answered. */
export const notAnswered = (
  failure: DependencyFailure = 'throttled',
  call = 'sns:ListSubscriptionsByTopic',
  httpStatus?: number,
): Unanswered => ({
  isKnown: false,
  isAsked: true,
  call,
  failure,
  facts: httpStatus === undefined ? {} : { httpStatus },
  why: `${call}: ${failure}`,
});

export const subscription = (change: Partial<Subscription> = {}): Subscription => ({
  protocol: 'email',
  address: 'team@example.com',
  state: 'confirmed',
  ...change,
});

/** Mail that is subscribed to one topic, and confirmed there. */
export const mailFound = (change: Partial<SnsFound> = {}): SnsFound => ({
  kind: 'email',
  address: known('team@example.com'),
  topics: [{ name: 'warning', subscriptions: known([subscription()]) }],
  ...change,
});

/** Judgements of endpoints, in the kinds of `usualRules`. */
export const judgedOf = (endpoint: string, kind: Judged['kind'], judgement: Judgement): Judged => ({
  endpoint,
  kind,
  ...judgement,
});
