import {
  type ChannelSecrets,
  pagerDutySecret,
  type SecretPlace,
  slackSecret,
} from '../../../shared/aws/channel-secrets.ts';
import type { ChannelEndpoint, Kept } from '../../../shared/core/configuration.ts';
import type { Tried } from '../../../shared/core/delivery.ts';
import type { CallScope } from '../../../shared/run/call-scope.ts';
import { planAmazonQMessage } from '../../../shared/telling/channels/amazon-q.ts';
import { planPagerDutyEvent } from '../../../shared/telling/channels/pagerduty-event.ts';
import { planSlackMessage } from '../../../shared/telling/channels/slack-message.ts';
import { planTopicMessage } from '../../../shared/telling/channels/topic-message.ts';
import type { Page } from '../../../shared/telling/core/page.ts';
import { findSlack } from '../../../shared/telling/sending/find-slack.ts';
import { sendPagerDuty } from '../../../shared/telling/sending/pagerduty.ts';
import { sendSlack } from '../../../shared/telling/sending/slack.ts';
import { type createTopicClient, sendTopic } from '../../../shared/telling/sending/topic.ts';
import { sendWithSecret } from '../../../shared/telling/sending/with-secret.ts';
import type { Message } from './core/outbox.ts';
import type { Thread } from './ports.ts';

/** By what messages leave. */
export type Doors = {
  readonly calls: CallScope;
  readonly secrets: ChannelSecrets;
  readonly sns: ReturnType<typeof createTopicClient>;
  readonly endpoints: Readonly<Record<string, ChannelEndpoint>>;
  /** ARNs of the topics that this role may publish to, by the topic's name. */
  readonly topicArns: Readonly<Record<string, string>>;
  /** ARNs of the topics of Amazon Q's channels, by endpoint. */
  readonly chatArns: ReadonlyMap<string, string>;
  readonly nowMs: number;
};

const procedure = 'incident';

const placeOf = (endpoint: string, kept: Kept): SecretPlace => ({
  endpoint,
  ...('secret' in kept ? { secret: kept.secret } : { parameter: kept.parameter }),
});

/** One try to bring one message to its destination. @throws DependencyError where a secret or SNS said nothing */
export async function sendMessage(message: Message, page: Page, thread: Thread, doors: Doors): Promise<Tried> {
  const { destination, key } = message;
  if (destination.by === 'topic') {
    const arn = Object.hasOwn(doors.topicArns, destination.topic) ? doors.topicArns[destination.topic] : undefined;
    if (arn === undefined) return { result: 'refused', why: `no topic ${destination.topic}: package and deploy again` };
    const { topic, endpoints } = destination;
    return sendTopic(doors.sns, doors.calls, arn, planTopicMessage(page, { topic, endpoints, procedure, key }));
  }
  const [name] = destination.endpoints;
  const endpoint = Object.hasOwn(doors.endpoints, name) ? doors.endpoints[name] : undefined;
  switch (endpoint?.kind) {
    case 'pagerduty':
    case 'phone':
      return sendPager(message, page, placeOf(name, endpoint), doors);
    case 'slack':
      return sendChat(message, page, thread, { place: placeOf(name, endpoint), channel: endpoint.channel }, doors);
    case 'amazon-q': {
      const arn = doors.chatArns.get(name);
      if (arn === undefined) return { result: 'refused', why: `no topic for ${name}: package and deploy again` };
      return sendTopic(doors.sns, doors.calls, arn, planAmazonQMessage(page, { id: message.id }));
    }
    default:
      return { result: 'refused', why: `mskeeper.yml has no endpoint ${name} any more` };
  }
}

const pagerActions = { trigger: 'trigger', update: 'trigger', notice: 'trigger', resolve: 'resolve' } as const;

function sendPager(message: Message, page: Page, place: SecretPlace, { calls, secrets, nowMs }: Doors): Promise<Tried> {
  const event = planPagerDutyEvent(page, { action: pagerActions[message.action], key: message.key });
  return sendWithSecret({ secrets, calls, nowMs }, place, pagerDutySecret, (secret) =>
    sendPagerDuty(calls, secret, event),
  );
}

/** What may have arrived is looked for first: what is sent twice stands there twice. */
async function sendChat(
  message: Message,
  page: Page,
  { reference }: Thread,
  { place, channel }: { readonly place: SecretPlace; readonly channel: string },
  { calls, secrets, nowMs }: Doors,
): Promise<Tried> {
  const text = planSlackMessage(page, {
    channel,
    id: message.id,
    ...(reference !== undefined && { threadTs: reference }),
  });
  return sendWithSecret({ secrets, calls, nowMs }, place, slackSecret, async (bot): Promise<Tried> => {
    if (message.mayHaveArrived === true) {
      const there = await findSlack(calls, bot, text, message.madeAtMs);
      if (there.found === 'yes') return { result: 'delivered', reference: there.ts };
    }
    const sent = await sendSlack(calls, bot, text);
    return sent.result === 'delivered' ? { result: 'delivered', reference: sent.ts } : sent;
  });
}
