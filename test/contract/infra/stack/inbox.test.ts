import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { addCoreServices } from '../../../../local/aws/core-services.ts';
import { createCloudWatch } from '../../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { createEvent } from '../../../../local/aws/services/eventbridge/event.ts';
import { createStack } from '../../../../local/aws/template/create-stack.ts';
import { incidentHeard } from '../../../../shared/core/incident-heard.ts';
import { ACCOUNT_ID, REGION, START_MS, serveAws } from '../../../support/aws/aws.ts';
import { heartbeatMetricsOf } from '../../../support/heartbeats.ts';
import { tellerConfiguration, withTeller } from '../../../unit/infra/stack/teller-under-test.ts';

const minuteMs = 60_000;

/** What alarms, bus and queue are made of, and what those name; of rules and policies of queues only the queue's own. */
const needed = [
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::Events::EventBus',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
];
const own = ['IncidentInboxPolicy', 'IncidentDeadLettersPolicy', 'IncidentAllAlarmsRule', 'IncidentInboxBusRule'];

const aws = serveAws();
const services = addCoreServices(aws.world);
const cloudWatch = createCloudWatch(aws.world, {
  putEvent: (event) => services.eventBridge.deliver('default', event),
});

beforeAll(async () => {
  const { resources } = buildStack(tellerConfiguration(), 'orders', withTeller);
  const chosen = Object.fromEntries(
    Object.entries(resources).filter(([id, { Type }]) => needed.includes(Type) || own.includes(id)),
  );
  await createStack(aws.world, { Resources: chosen }, { stackName: 'mskeeper-orders' });
  cloudWatch.start();
});

const queued = z.object({
  'detail-type': z.string(),
  detail: z.object({
    alarmName: z.string().optional(),
    state: z.object({ value: z.string() }).optional(),
    change: z.string().optional(),
    procedure: z.string().optional(),
  }),
});

/** What came into the queue since it was asked last, shortly. */
const taken = (): readonly string[] =>
  services.sqs
    .queue('mskeeper-orders-incident')
    .messages.splice(0)
    .map(({ body }) => {
      const { 'detail-type': type, detail } = queued.parse(JSON.parse(body));
      return [
        type.replace(' Alarm State Change', ''),
        detail.alarmName,
        detail.state?.value,
        detail.change,
        detail.procedure,
      ]
        .filter((word) => word !== undefined)
        .join(' ');
    });

const offline = 'mskeeper/orders/cluster-health/offline-partitions/emergency';

/** So many minutes, with so many partitions without a leader, or none told; incident speaks or is silent, and the others' runs end well. */
const live = async (minutes: number, partitions: number | undefined, isHeard = true): Promise<void> => {
  const metric = {
    namespace: 'AWS/Kafka',
    name: 'OfflinePartitionsCount',
    dimensions: { 'Cluster Name': 'orders-live' },
  };
  const heard = {
    namespace: 'mskeeper',
    name: incidentHeard,
    dimensions: { Cluster: 'orders', Procedure: 'incident' },
  };
  for (let minute = 0; minute < minutes; minute += 1) {
    if (partitions !== undefined) cloudWatch.publish(metric, partitions);
    if (isHeard) cloudWatch.publish(heard, 1);
    for (const { id, value } of heartbeatMetricsOf('orders')) cloudWatch.publish(id, value);
    await aws.clock.advanceTo(aws.clock.nowMs() + minuteMs);
  }
};

describe('of alarms', () => {
  test('what finds its first data after a deploy comes not', async () => {
    expect(aws.clock.nowMs()).toBe(START_MS);
    await live(10, 0);
    const found = services.eventBridge.events.filter(({ event }) => event['detail-type'].startsWith('CloudWatch'));
    expect(found.length).toBeGreaterThan(5);
    expect(taken()).toEqual([]);
  });

  test('what enters ALARM comes, and what leaves it, also where it leaves for want of data, once', async () => {
    await live(3, 4);
    expect(taken()).toEqual([`CloudWatch ${offline} ALARM`]);
    await live(5, 0);
    expect(taken()).toEqual([`CloudWatch ${offline} OK`]);
    await live(3, 4);
    await live(10, undefined);
    await live(5, 0);
    expect(taken()).toEqual([`CloudWatch ${offline} ALARM`, `CloudWatch ${offline} INSUFFICIENT_DATA`]);
  });

  test('what tells that incident itself is silent comes not', async () => {
    await live(5, 4);
    taken();
    await live(6, 4, false);
    const states = ['incident-silent/critical', 'nobody-told/emergency'].map(
      (name) => cloudWatch.alarms.get(`mskeeper/orders/self/${name}`)?.state.value,
    );
    expect(states).toEqual(['ALARM', 'ALARM']);
    expect(taken()).toEqual([]);
  });
});

test('of the bus come findings that changed, of whom no sweep reads those that did not, too, and his reports; notices; and nothing else', async () => {
  const say = (detailType: string, detail: { readonly change?: string; readonly procedure?: string } = {}) =>
    services.eventBridge.deliver(
      'mskeeper-orders',
      createEvent({
        source: 'mskeeper',
        detailType,
        account: ACCOUNT_ID,
        region: REGION,
        atMs: aws.clock.nowMs(),
        resources: [],
        detail,
      }),
    );
  for (const change of ['opened', 'still', 'worse', 'eased', 'still', 'closed'])
    await say('mskeeper finding', { change, procedure: 'cluster-health' });
  for (const change of ['still', 'closed']) await say('mskeeper finding', { change, procedure: 'storage-scaling' });
  for (const type of ['mskeeper notice', 'mskeeper report', 'mskeeper plan', 'mskeeper action']) await say(type);
  for (const procedure of ['cluster-health', 'storage-scaling']) await say('mskeeper report', { procedure });
  expect(taken()).toEqual([
    ...['opened', 'worse', 'eased', 'closed'].map((change) => `mskeeper finding ${change} cluster-health`),
    ...['still', 'closed'].map((change) => `mskeeper finding ${change} storage-scaling`),
    'mskeeper notice',
    'mskeeper report storage-scaling',
  ]);
  expect(services.eventBridge.lost).toEqual([]);
});

test('who may do anything anywhere writes nothing into it', async () => {
  const stranger = aws.role('ci', { Effect: 'Allow', Action: '*', Resource: '*' });
  const { url } = services.sqs.queue('mskeeper-orders-incident');
  const send = new SQSClient(aws.client(stranger)).send(new SendMessageCommand({ QueueUrl: url, MessageBody: '{}' }));
  await expect(send).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  expect(taken()).toEqual([]);
});
