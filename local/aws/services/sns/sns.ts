import { randomUUID } from 'node:crypto';
import * as SnsClient from '@aws-sdk/client-sns';
import type { Receiver } from '../../delivery.ts';
import { AwsError, type Call, type Permission } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import { addTopicResources } from './creators.ts';
import { describeOperations } from './describe-operations.ts';
import { judgedAlone } from './judged-alone.ts';
import { createPostOffice, type PostOffice, type SnsCount } from './post-office.ts';
import { type Publication, readAttributes, readPublication } from './publication.ts';
import { type SmsSettings, usualSms } from './sms.ts';
import { subscriptionsOf, type Topic } from './topic.ts';

/** SNS: topics, and what reached people. */
export type Sns = Pick<PostOffice, 'inbox' | 'forget' | 'undelivered' | 'breakEndpoint' | 'onHttps'> & {
  /** Confirms a subscription as a person clicking the link in the mail would. */
  confirm(endpoint: string): void;
  /** Ends every subscription of an address, as the link in a mail does. */
  unsubscribe(endpoint: string): void;
  /** Subscribes an address of AWS's own, which confirms by itself. @throws AwsError NotFoundException */
  subscribeService(topicArn: string, endpoint: string): void;
  topics(): readonly Topic[];
  /** From now on; an account begins out of the sandbox, with 50 USD a month. */
  setSms(settings: Partial<SmsSettings>): void;
  /** What is published and how it ends, as AWS/SNS counts it. */
  onCount(listener: (count: SnsCount) => void): void;
};

/** Adds SNS to the world. */
export function createSns(world: AwsWorld): Sns {
  const topics = new Map<string, Topic>();
  const listeners: ((count: SnsCount) => void)[] = [];
  let sms = usualSms;
  const find = (arn: string): Topic => {
    const topic = topics.get(arn);
    if (topic) return topic;
    throw new AwsError('NotFoundException', 404, 'Topic does not exist');
  };
  const count = (counted: SnsCount): void => {
    for (const listener of listeners) listener(counted);
  };
  const postOffice = createPostOffice(world, () => sms, count);
  /** @param own what one protocol gets in place of the message */
  const publish = async (
    arn: string,
    publication: Publication,
    own: ReadonlyMap<string, string> = new Map(),
  ): Promise<string> => {
    const messages = readPublication(publication);
    const topic = find(arn);
    const { subject, attributes } = publication;
    const messageId = randomUUID();
    count({ topicName: topic.name, metric: 'NumberOfMessagesPublished', value: 1 });
    for (const subscription of subscriptionsOf(topic, world.clock.nowMs())) {
      const { protocol } = subscription;
      const message = own.get(protocol) ?? messages.get(protocol) ?? messages.get('default') ?? '';
      const atMs = world.clock.nowMs();
      await postOffice.send(topic, subscription, { messageId, topicArn: arn, subject, message, attributes, atMs });
    }
    return messageId;
  };
  /** Source: SNS Developer Guide, "Setting up encryption with a customer managed key". */
  const useKey = (topicArn: string, authorize: (permission: Permission) => void): void => {
    const { keyArn } = find(topicArn);
    if (keyArn === undefined) return;
    try {
      const context = { 'kms:ViaService': `sns.${world.region}.amazonaws.com` };
      for (const action of ['kms:GenerateDataKey', 'kms:Decrypt']) authorize({ action, resource: keyArn, context });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError('KMSAccessDeniedException', 400, error.message);
    }
  };
  const receive: Receiver = async ({ sender, targetArn, payload, attributes: given = {} }) => {
    // The default topic policy admits the account's own alarms, but no EventBridge rule.
    const isAlarm = sender.service === 'cloudwatch.amazonaws.com';
    const context = isAlarm ? { 'AWS:SourceOwner': world.accountId } : {};
    world.authorizeSender(sender, { action: 'sns:Publish', resource: targetArn, context });
    useKey(targetArn, (permission) => world.authorizeSender(sender, permission));
    // A service sends no message attributes.
    const publication = { message: payload, subject: given.Subject, isStructured: false, ...readAttributes() };
    // An alarm's text message is its subject alone.
    const own = isAlarm && given.Subject !== undefined ? new Map([['sms', given.Subject]]) : undefined;
    await publish(targetArn, publication, own);
  };

  addTopicResources(world, topics, find);
  world.addReceiver('sns', receive);
  world.addResourcePolicies('sns', (arn) => topics.get(arn)?.policies ?? []);
  world.addService({
    signingName: 'sns',
    protocol: 'query',
    clientModule: SnsClient,
    operations: {
      Publish: {
        authorize: (input: SnsClient.PublishCommandInput) => [{ action: 'sns:Publish', resource: topicArnOf(input) }],
        run: async (input: SnsClient.PublishCommandInput, { caller }: Call) => {
          useKey(topicArnOf(input), (permission) => world.authorizeCaller(caller, permission));
          const messageId = await publish(topicArnOf(input), {
            message: input.Message ?? '',
            subject: input.Subject,
            isStructured: input.MessageStructure === 'json',
            ...readAttributes(input.MessageAttributes),
          });
          return { MessageId: messageId };
        },
      },
      ...judgedAlone,
      ...describeOperations(find, world, () => sms),
    },
  });
  return {
    inbox: postOffice.inbox,
    forget: postOffice.forget,
    undelivered: postOffice.undelivered,
    breakEndpoint: postOffice.breakEndpoint,
    onHttps: postOffice.onHttps,
    confirm(endpoint) {
      const pending = [...topics.values()].flatMap((topic) =>
        topic.subscriptions.filter((each) => each.endpoint === endpoint),
      );
      if (pending.length === 0) throw new Error(`no subscription has the endpoint ${endpoint}`);
      for (const subscription of pending) subscription.isConfirmed = true;
    },
    unsubscribe(endpoint) {
      for (const topic of topics.values())
        topic.subscriptions = topic.subscriptions.filter((each) => each.endpoint !== endpoint);
    },
    subscribeService(topicArn, endpoint) {
      const { subscriptions } = find(topicArn);
      if (subscriptions.some((each) => each.endpoint === endpoint)) return;
      subscriptions.push({
        arn: `${topicArn}:${randomUUID()}`,
        topicArn,
        protocol: 'https',
        endpoint,
        isRaw: false,
        filter: undefined,
        deadLetterQueueArn: undefined,
        createdMs: world.clock.nowMs(),
        isConfirmed: true,
      });
    },
    topics: () => [...topics.values()],
    setSms(settings) {
      sms = { ...sms, ...settings };
    },
    onCount: (listener) => void listeners.push(listener),
  };
}

function topicArnOf(input: SnsClient.PublishCommandInput): string {
  const arn = input.TopicArn ?? input.TargetArn;
  if (arn !== undefined) return arn;
  throw new AwsError(
    'InvalidParameterException',
    400,
    'Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter',
  );
}
