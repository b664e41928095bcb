import type { ChannelEndpoint, Kept } from '../../../shared/core/configuration.ts';
import { type Answered, ask, known } from '../../../shared/core/known.ts';
import type { SlackLook } from '../../../shared/telling/core/slack-look.ts';
import type { ChannelFound, SmsFound, Subscription, TopicName } from './core/channels/found.ts';
import type { ToLookAt } from './core/channels/plan.ts';

/** What a look asks. Every `fetch` throws DependencyError; none changes or sends anything. */
export type LookPorts = {
  readonly fetchSubscriptions: (topic: TopicName | { readonly ofChat: string }) => Promise<readonly Subscription[]>;
  /** Where SNS delivers to, as it is kept now. */
  readonly fetchAddress: (endpoint: string, kept: Kept) => Promise<string>;
  readonly fetchIsInSmsSandbox: () => Promise<boolean>;
  readonly fetchVerifiedNumbers: () => Promise<readonly string[]>;
  readonly fetchIsOptedOut: (number: string) => Promise<boolean>;
  readonly fetchPagerSecret: (endpoint: string, kept: Kept) => Promise<{ readonly hasRest: boolean }>;
  /** Asks for an incident that nobody has, by the key with which incidents are read. */
  readonly fetchNoIncident: (endpoint: string, kept: Kept) => Promise<void>;
  /** @throws DependencyError where the bot's token cannot be read */
  readonly fetchSlackLook: (endpoint: string, kept: Kept, channel: string) => Promise<SlackLook>;
};

/** As SNS takes numbers: E.164. Another one is none that SNS could know. */
const phoneNumber = /^\+[1-9]\d{1,14}$/;

/** Asks each thing once, whoever wants to know it. */
function once<Key, Value>(fetch: (key: Key) => Promise<Value>): (key: Key) => Promise<Answered<Value>> {
  const asked = new Map<Key, Promise<Answered<Value>>>();
  return (key) => {
    const before = asked.get(key);
    if (before !== undefined) return before;
    const answer = ask(() => fetch(key));
    asked.set(key, answer);
    return answer;
  };
}

/** Looks at every endpoint, side by side: what one does not answer is not known of that one, and of no other. */
export async function fetchChannels(toLookAt: readonly ToLookAt[], ports: LookPorts): Promise<readonly ChannelFound[]> {
  const subscriptionsOf = once((topic: TopicName) => ports.fetchSubscriptions(topic));
  const sandboxOf = once(async (_account: 'this') => {
    const isIn = await ports.fetchIsInSmsSandbox();
    return { isIn, verified: isIn ? await ports.fetchVerifiedNumbers() : [] };
  });
  return Promise.all(toLookAt.map(fetchOne));

  async function fetchOne({ endpoint, one, topics }: ToLookAt): Promise<ChannelFound> {
    switch (one.kind) {
      case 'email':
      case 'sms':
      case 'https': {
        const { kind } = one;
        const [address, subscribed] = await Promise.all([
          ask(() => ports.fetchAddress(endpoint, one)),
          Promise.all(topics.map(async (name) => ({ name, subscriptions: await subscriptionsOf(name) }))),
        ]);
        const sms = kind === 'sms' ? await fetchSms(address) : undefined;
        return { endpoint, kind, address, topics: subscribed, ...(sms !== undefined && { sms }) };
      }
      case 'amazon-q':
        return {
          endpoint,
          kind: one.kind,
          subscriptions: await ask(() => ports.fetchSubscriptions({ ofChat: endpoint })),
        };
      case 'pagerduty':
      case 'phone':
        return fetchPager(endpoint, one);
      case 'slack': {
        const look = await ask(() => ports.fetchSlackLook(endpoint, one, one.channel));
        return look.isKnown
          ? { endpoint, kind: one.kind, secret: known('read'), look: look.value }
          : { endpoint, kind: one.kind, secret: look };
      }
      default:
        return one satisfies never;
    }
  }

  async function fetchSms(address: Answered<string>): Promise<SmsFound> {
    const number = address.isKnown ? address.value.replaceAll(/[\s().-]/g, '') : '';
    const [sandbox, optedOut] = await Promise.all([
      sandboxOf('this'),
      phoneNumber.test(number) ? ask(() => ports.fetchIsOptedOut(number)) : undefined,
    ]);
    return { sandbox, ...(optedOut !== undefined && { optedOut }) };
  }

  async function fetchPager(
    endpoint: string,
    one: Extract<ChannelEndpoint, { readonly kind: 'pagerduty' | 'phone' }>,
  ): Promise<ChannelFound> {
    const { kind } = one;
    const secret = await ask(() => ports.fetchPagerSecret(endpoint, one));
    if (!secret.isKnown || !secret.value.hasRest) return { endpoint, kind, secret };
    const rest = await ask(async () => {
      await ports.fetchNoIncident(endpoint, one);
      return 'taken' as const;
    });
    return { endpoint, kind, secret, rest };
  }
}
