import { randomUUID } from 'node:crypto';
import * as SnsClient from '@aws-sdk/client-sns';
import type { Receiver } from '../../delivery.ts';
import { AwsError, type Call, type Permission } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import { addTopicResources } from './creators.ts';
import { describeOperations, type SmsSettings } from './describe-operations.ts';
import { judgedAlone } from './judged-alone.ts';
import { createPostOffice, type InboxMessage } from './post-office.ts';
import { bytesOfAttributes, type Publication, readPublication, type Subscription, type Topic } from './topic.ts';

/** SNS: topics, and what reached people. */
export type Sns = {
  /** Messages to e-mail, SMS and HTTPS endpoints, in order; nothing ever leaves this process. */
  readonly inbox: readonly InboxMessage[];
  /** What could not be delivered, with the reason. */
  readonly undelivered: readonly { subscription: Subscription; reason: string }[];
  /** Confirms a subscription as a person clicking the link in the mail would. */
  confirm(endpoint: string): void;
  topics(): readonly Topic[];
  /** From now on; an account begins out of the sandbox, with 50 USD a month. */
  setSms(settings: Partial<SmsSettings>): void;
};

/** Adds SNS to the world. */
export function createSns(world: AwsWorld): Sns {
  const topics = new Map<string, Topic>();
  let sms: SmsSettings = { isInSandbox: false, monthlySpendLimitUsd: 50 };
  const find = (arn: string): Topic => {
    const topic = topics.get(arn);
    if (topic) return topic;
    throw new AwsError('NotFoundException', 404, 'Topic does not exist');
  };
  const postOffice = createPostOffice(world);
  const publish = async (
    arn: string,
    message: string,
    subject: string | undefined,
    { isStructured, attributeBytes }: Pick<Publication, 'isStructured' | 'attributeBytes'>,
  ): Promise<string> => {
    const messages = readPublication({ message, subject, isStructured, attributeBytes: attributeBytes ?? 0 });
    const topic = find(arn);
    const messageId = randomUUID();
    for (const subscription of topic.subscriptions) {
      const text = messages.get(subscription.protocol) ?? messages.get('default') ?? '';
      await postOffice.send(subscription, {
        messageId,
        topicArn: arn,
        subject,
        message: text,
        atMs: world.clock.nowMs(),
      });
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
  const receive: Receiver = async ({ sender, targetArn, payload, attributes }) => {
    // The default topic policy admits the account's own alarms, but no EventBridge rule.
    const context = sender.service === 'cloudwatch.amazonaws.com' ? { 'AWS:SourceOwner': world.accountId } : {};
    world.authorizeSender(sender, { action: 'sns:Publish', resource: targetArn, context });
    useKey(targetArn, (permission) => world.authorizeSender(sender, permission));
    await publish(targetArn, payload, attributes?.Subject, { isStructured: false });
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
          const messageId = await publish(topicArnOf(input), input.Message ?? '', input.Subject, {
            isStructured: input.MessageStructure === 'json',
            attributeBytes: bytesOfAttributes(input.MessageAttributes),
          });
          return { MessageId: messageId };
        },
      },
      ...judgedAlone,
      ...describeOperations(find, world.accountId, () => sms),
    },
  });
  return {
    inbox: postOffice.inbox,
    undelivered: postOffice.undelivered,
    confirm(endpoint) {
      const pending = [...topics.values()].flatMap((topic) =>
        topic.subscriptions.filter((each) => each.endpoint === endpoint),
      );
      if (pending.length === 0) throw new Error(`no subscription has the endpoint ${endpoint}`);
      for (const subscription of pending) subscription.isConfirmed = true;
    },
    topics: () => [...topics.values()],
    setSms(settings) {
      sms = { ...sms, ...settings };
    },
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
