import { mostMetricsInAnAlarm } from '../../../../shared/core/metric-catalogue.ts';
import type { Policy } from '../../../../shared/core/policy.ts';
import { type BrokerRule, limitOfRule } from './broker-rules.ts';

/** What is watched of the whole cluster's rate, by the slug of its alarm: the sum of its brokers' messages a second (I9). */
export const throughputRules = {
  'high-throughput': { quantity: { limit: 'messagesInPerSecond' }, metrics: ['MessagesInPerSec'] },
  'low-throughput': { quantity: { floor: 'messagesInPerSecond' }, metrics: ['MessagesInPerSec'] },
} as const satisfies Readonly<Record<string, BrokerRule>>;

export type ThroughputSlug = keyof typeof throughputRules;

export const throughputSlugs = ['high-throughput', 'low-throughput'] as const satisfies readonly ThroughputSlug[];

/** Whether one alarm can add up the brokers of mskeeper.yml: where it can it judges their sum, and else the look does. */
export const isThroughputSummedByAlarm = ({ brokerIds }: { readonly brokerIds: readonly number[] }): boolean =>
  brokerIds.length <= mostMetricsInAnAlarm;

/** Whether the look of each half hour must ask what the brokers take: a number is named, and no alarm is held against it. */
export const isThroughputLeftToLook = (
  policy: Pick<Policy, 'limits' | 'floors'>,
  cluster: { readonly brokerIds: readonly number[] },
): boolean =>
  !isThroughputSummedByAlarm(cluster) &&
  throughputSlugs.some((slug) => limitOfRule(policy, throughputRules[slug]) !== undefined);
