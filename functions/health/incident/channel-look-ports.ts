import {
  type ChannelSecrets,
  keptAddress,
  pagerDutySecret,
  type SecretPlace,
  slackSecret,
} from '../../../shared/aws/channel-secrets.ts';
import {
  fetchIsInSmsSandbox,
  fetchIsOptedOut,
  fetchSubscriptions,
  fetchVerifiedNumbers,
} from '../../../shared/aws/sns-people.ts';
import type { Kept } from '../../../shared/core/configuration.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import { secondMs } from '../../../shared/core/units.ts';
import type { CallScope } from '../../../shared/run/call-scope.ts';
import { lookAtSlack } from '../../../shared/telling/sending/look-slack.ts';
import { fetchPagerDutyIncident } from '../../../shared/telling/sending/pagerduty-incident.ts';
import type { PagerDutySignIn } from '../../../shared/telling/sending/pagerduty-token.ts';
import type { createTopicClient } from '../../../shared/telling/sending/topic.ts';
import type { LookPorts } from './channel-look.ts';
import type { TopicName } from './core/channels/found.ts';

/** By what a look goes out. */
export type LookDoors = {
  readonly calls: CallScope;
  readonly secrets: ChannelSecrets;
  readonly signIn: PagerDutySignIn;
  readonly sns: ReturnType<typeof createTopicClient>;
  readonly topicArns: Readonly<Partial<Record<TopicName, string>>>;
  /** ARNs of the topics of Amazon Q's channels, by endpoint. */
  readonly chatArns: ReadonlyMap<string, string>;
  readonly nowMs: number;
};

/** All of a look: what has not answered by then is not known. */
const longestMs = 15 * secondMs;

/** A key that no incident has. */
const nobodysKey = 'mskeeper-looks-whether-it-may-read';

const placeOf = (endpoint: string, kept: Kept): SecretPlace => ({
  endpoint,
  ...('secret' in kept ? { secret: kept.secret } : { parameter: kept.parameter }),
});

/** The ports of a look on Lambda. What is kept is read anew: somebody may have mended it just now. */
export function openLookPorts({ calls, secrets, signIn, sns, topicArns, chatArns, nowMs }: LookDoors): LookPorts {
  const scope: CallScope = { ...calls, signal: AbortSignal.any([calls.signal, AbortSignal.timeout(longestMs)]) };
  const arnOf = (topic: TopicName | { readonly ofChat: string }): string => {
    const arn = typeof topic === 'string' ? topicArns[topic] : chatArns.get(topic.ofChat);
    if (arn !== undefined) return arn;
    const name = typeof topic === 'string' ? topic : `of ${topic.ofChat}`;
    throw new DependencyError('sns:ListSubscriptionsByTopic', 'not-found', `the environment names no topic ${name}`);
  };
  const fetchPager = async (endpoint: string, kept: Kept) => {
    const { value } = await secrets.fetch(scope, placeOf(endpoint, kept), pagerDutySecret, nowMs);
    return value;
  };
  return {
    fetchSubscriptions: (topic) => fetchSubscriptions(sns, scope, arnOf(topic)),
    fetchAddress: async (endpoint, kept) => {
      const place = placeOf(endpoint, kept);
      secrets.forget(place);
      const { value } = await secrets.fetch(scope, place, keptAddress, nowMs);
      return value;
    },
    fetchIsInSmsSandbox: () => fetchIsInSmsSandbox(sns, scope),
    fetchVerifiedNumbers: () => fetchVerifiedNumbers(sns, scope),
    fetchIsOptedOut: (number) => fetchIsOptedOut(sns, scope, number),
    fetchPagerSecret: async (endpoint, kept) => {
      secrets.forget(placeOf(endpoint, kept));
      const { rest } = await fetchPager(endpoint, kept);
      return { hasRest: rest !== undefined };
    },
    fetchNoIncident: async (endpoint, kept) => {
      const { rest, region } = await fetchPager(endpoint, kept);
      if (rest !== undefined) await fetchPagerDutyIncident(scope, { rest, region }, nobodysKey, { signIn, nowMs });
    },
    fetchSlackLook: async (endpoint, kept, channel) => {
      const place = placeOf(endpoint, kept);
      secrets.forget(place);
      const { value } = await secrets.fetch(scope, place, slackSecret, nowMs);
      return lookAtSlack(scope, value, channel);
    },
  };
}
