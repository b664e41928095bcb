import {
  AddPermissionCommand,
  DeleteTopicCommand,
  PublishCommand,
  PutDataProtectionPolicyCommand,
  RemovePermissionCommand,
  SetTopicAttributesCommand,
  SNSClient,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { addCoreServices } from '../../../../local/aws/core-services.ts';
import type { Credentials } from '../../../../local/aws/iam/identities.ts';
import { serveAws } from '../../../support/aws/aws.ts';
import { makePolicies } from '../../../support/aws/resource-policies.ts';
import { configurationWith } from '../../../unit/infra/stack/stack-under-test.ts';

const aws = serveAws();
addCoreServices(aws.world);
let stranger: Credentials | undefined;
let arnOf = (_logicalId: string): string => '';

beforeAll(async () => {
  arnOf = await makePolicies(aws.world, buildStack(configurationWith(), 'orders').resources);
  stranger = aws.role('ci', { Effect: 'Allow', Action: '*', Resource: '*' });
});

const ofPeople = ['EmergencyTopic', 'CriticalTopic', 'WarningTopic', 'MaintenanceTopic', 'OperationsTopic'];
const ofMskeeper = ['SelfEmergencyTopic', 'SelfCriticalTopic', 'SelfWarningTopic'];
const topics = [...ofPeople, ...ofMskeeper];
const publish = (owner: Credentials | undefined, TopicArn: string) =>
  new SNSClient(aws.client(owner)).send(new PublishCommand({ TopicArn, Message: 'sign in' }));
const roleOf = (slug: string) =>
  aws.world.identities.assumeRole(`mskeeper-orders-${slug}-eu-west-1`, `mskeeper-orders-${slug}`);
const refused = { $metadata: { httpStatusCode: 403 } };

test.each(topics)('who may do anything anywhere says nothing on the %s', async (topic) => {
  await expect(publish(stranger, arnOf(topic))).rejects.toMatchObject(refused);
});

test.each([
  ['cluster-health', []],
  ['incident', ofPeople],
  ['storage-scaling', []],
  ['storage-scaling-run', []],
  ['kafka-read', []],
])('%s speaks by its own topics alone', async (slug, own) => {
  for (const topic of topics) {
    const said = publish(roleOf(slug), arnOf(topic));
    if (own.includes(topic)) await said;
    else await expect(said, topic).rejects.toMatchObject(refused);
  }
});

const alarm = (name: string) =>
  ({
    kind: 'service',
    service: 'cloudwatch.amazonaws.com',
    sourceArn: `arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${name}`,
  }) as const;

test('alarms of this stack are heard by the topics of mskeeper itself alone, those of one whose key begins alike are not, nor is another service', async () => {
  const deliver = (
    sender: ReturnType<typeof alarm> | { kind: 'service'; service: string; sourceArn: string },
    topic = 'SelfCriticalTopic',
  ) => aws.world.deliver({ sender, targetArn: arnOf(topic), payload: 'disk' });
  const nobodyTold = alarm('mskeeper/orders/self/nobody-told/critical');
  for (const topic of ofMskeeper) await deliver(nobodyTold, topic);
  for (const topic of ofPeople) await expect(deliver(nobodyTold, topic), topic).rejects.toThrow('not authorized');
  await expect(deliver(alarm('mskeeper/orders-eu/self/nobody-told/critical'))).rejects.toThrow('not authorized');
  const rule = {
    kind: 'service' as const,
    service: 'events.amazonaws.com',
    sourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/x',
  };
  await expect(deliver(rule)).rejects.toThrow('not authorized');
});

describe('a topic itself', () => {
  const breakGlassRole = 'arn:aws:iam::111122223333:role/break-glass';
  const closed = serveAws();
  addCoreServices(closed.world);
  let closedArnOf = (_logicalId: string): string => '';
  const wide = { Effect: 'Allow', Action: '*', Resource: '*' };
  const owners: Record<string, Credentials> = {};
  beforeAll(async () => {
    const { resources } = buildStack(configurationWith({ stack: { breakGlassRole } }), 'orders');
    closedArnOf = await makePolicies(closed.world, resources);
    for (const name of ['ci', 'break-glass']) owners[name] = closed.role(name, wide);
  });
  const changesOf = (TopicArn: string) => [
    new AddPermissionCommand({ TopicArn, Label: 'me', AWSAccountId: ['111122223333'], ActionName: ['Publish'] }),
    new DeleteTopicCommand({ TopicArn }),
    new PutDataProtectionPolicyCommand({ ResourceArn: TopicArn, DataProtectionPolicy: '{}' }),
    new RemovePermissionCommand({ TopicArn, Label: 'NobodyElse' }),
    new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue: '{}' }),
  ];
  const send = (client: SNSClient, command: unknown) => client.send(command as DeleteTopicCommand);

  test.each(topics)('%s is not opened by who may do anything anywhere, and mended by who may mend', async (topic) => {
    const clientOf = (name: string) => new SNSClient(closed.client(owners[name]));
    for (const command of changesOf(closedArnOf(topic))) {
      await expect(send(clientOf('ci'), command), command.constructor.name).rejects.toMatchObject(refused);
      await expect(send(clientOf('break-glass'), command)).rejects.toMatchObject({ name: 'NotImplemented' });
    }
    // A topic's policy has no word for it: who may do it, may (docs/security.md).
    const unsubscribe = new UnsubscribeCommand({ SubscriptionArn: `${closedArnOf(topic)}:id` });
    await expect(send(clientOf('ci'), unsubscribe)).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  test('stays open where nobody could mend it: SNS lets nobody past a policy that denies all', async () => {
    const client = new SNSClient(aws.client(stranger));
    for (const command of changesOf(arnOf('CriticalTopic')))
      await expect(send(client, command)).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});
