import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery } from '../../../local/aws/delivery.ts';
import { AwsError } from '../../../local/aws/service.ts';
import { createEvent } from '../../../local/aws/services/eventbridge/event.ts';
import { createEventBridge } from '../../../local/aws/services/eventbridge/eventbridge.ts';
import { createSqs } from '../../../local/aws/services/sqs/sqs.ts';
import { ACCOUNT_ID, REGION, serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
const eventBridge = createEventBridge(aws.world);
const sqs = createSqs(aws.world);
const invocations: Delivery[] = [];
let refusal: AwsError | undefined;
aws.world.addReceiver('lambda', async (delivery) => {
  if (refusal) throw refusal;
  invocations.push(delivery);
});
const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:watch`;
const queueArn = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:failures`;
const client = () => new EventBridgeClient(aws.client());
const entry: PutEventsRequestEntry = {
  EventBusName: 'mskeeper',
  Source: 'mskeeper',
  DetailType: 'mskeeper finding',
  Detail: '{"severity":"critical","n":1}',
};
const put = (...Entries: PutEventsRequestEntry[]) => client().send(new PutEventsCommand({ Entries }));
const payloads = () => invocations.map(({ payload }) => JSON.parse(payload));

beforeAll(async () => {
  await createResource(aws.world, 'AWS::SQS::Queue', { QueueName: 'failures' });
  await createResource(aws.world, 'AWS::SQS::QueuePolicy', {
    Queues: ['failures'],
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queueArn,
          Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/mskeeper/*` } },
        },
      ],
    },
  });
  await createResource(aws.world, 'AWS::Events::EventBus', { Name: 'mskeeper' });
  await createResource(aws.world, 'AWS::Events::Rule', {
    Name: 'critical',
    EventBusName: 'mskeeper',
    EventPattern: { source: ['mskeeper'], detail: { severity: [{ 'anything-but': 'ok' }] } },
    Targets: [
      {
        Id: 'watch',
        Arn: functionArn,
        InputTransformer: {
          InputPathsMap: { level: '$.detail.severity', count: '$.detail.n' },
          InputTemplate: '{"level": "<level>!", "count": <count>, "rule": "<aws.events.rule-name>"}',
        },
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 600 },
        DeadLetterConfig: { Arn: queueArn },
      },
    ],
  });
  await createResource(aws.world, 'AWS::Events::Rule', {
    Name: 'alarms',
    EventPattern: { source: ['aws.cloudwatch'] },
    Targets: [
      { Id: 'whole', Arn: functionArn },
      { Id: 'part', Arn: functionArn, InputPath: '$.detail.state' },
    ],
  });
});
beforeEach(() => {
  invocations.length = 0;
  refusal = undefined;
});

describe('PutEvents over AWS JSON 1.1', () => {
  test('takes events and brings those that match to the target, as its transformer forms them', async () => {
    const { Entries, FailedEntryCount } = await put(entry, { ...entry, Detail: '{"severity":"ok"}' });
    expect(FailedEntryCount).toBe(0);
    expect(Entries?.every(({ EventId }) => EventId !== undefined)).toBe(true);
    expect(payloads()).toEqual([{ level: 'critical!', count: 1, rule: 'critical' }]);
  });

  test('fails single entries with a code each, and takes the rest', async () => {
    const { DetailType: _, ...withoutType } = entry;
    const answer = await put(entry, { ...entry, Source: 'aws.kafka' }, { ...entry, Detail: '[1]' }, withoutType);
    expect(answer.FailedEntryCount).toBe(3);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'NotAuthorizedForSourceException',
      'MalformedDetail',
      'InvalidArgument',
    ]);
    expect(invocations).toHaveLength(1);
  });

  test('refuses more than ten entries, none, and 256 KB in all', async () => {
    await expect(put(...Array.from({ length: 11 }, () => entry))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(put()).rejects.toMatchObject({ name: 'ValidationException' });
    const half = { ...entry, Detail: JSON.stringify({ severity: 'critical', n: 'x'.repeat(131_050) }) };
    await expect(put(half, half)).rejects.toMatchObject({
      message: 'Total size of the entries in the request is over the limit.',
    });
    await expect(put(half)).resolves.toMatchObject({ FailedEntryCount: 0 });
    expect(invocations).toHaveLength(1);
  });

  test('a bus that does not exist is an error', async () => {
    await expect(put({ ...entry, EventBusName: 'none' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('a role may put only events of the source that its policy names', async () => {
    const Condition = { StringEquals: { 'events:source': 'mskeeper' } };
    const credentials = aws.role('teller', { Effect: 'Allow', Action: 'events:PutEvents', Resource: '*', Condition });
    const teller = new EventBridgeClient(aws.client(credentials));
    await expect(teller.send(new PutEventsCommand({ Entries: [entry] }))).resolves.toMatchObject({
      FailedEntryCount: 0,
    });
    const other = teller.send(new PutEventsCommand({ Entries: [{ ...entry, Source: 'other' }] }));
    await expect(other).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
  });
});

describe('a queue as a target', () => {
  const ruleArn = (path: string) => `arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/${path}`;
  const incidentArn = queueArn.replace('failures', 'incident');
  const bodies = () =>
    sqs
      .queue('incident')
      .messages.splice(0)
      .map(({ body }): unknown => JSON.parse(body));

  beforeAll(async () => {
    await createResource(aws.world, 'AWS::SQS::Queue', { QueueName: 'incident' });
    await createResource(aws.world, 'AWS::SQS::QueuePolicy', {
      Queues: ['incident'],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: incidentArn,
            Condition: { ArnEquals: { 'aws:SourceArn': [ruleArn('queued-alarms'), ruleArn('mskeeper/queued')] } },
          },
        ],
      },
    });
    const Targets = [{ Id: 'incident', Arn: incidentArn, DeadLetterConfig: { Arn: queueArn } }];
    const EventPattern = { source: ['queued'] };
    const rule = (properties: object) =>
      createResource(aws.world, 'AWS::Events::Rule', { EventPattern, Targets, ...properties });
    await rule({ Name: 'queued-alarms' });
    await rule({ Name: 'queued', EventBusName: 'mskeeper', Targets: [{ ...Targets[0], InputPath: '$.detail' }] });
    await rule({ Name: 'strange', EventBusName: 'mskeeper', EventPattern: { source: ['strange'] } });
  });

  test('gets events of the default bus whole, and of another bus the part that the rule names', async () => {
    const queued = { ...entry, Source: 'queued' };
    await put({ ...queued, EventBusName: 'default' });
    expect(bodies()).toMatchObject([{ source: 'queued', 'detail-type': 'mskeeper finding', detail: { n: 1 } }]);
    await put(queued);
    expect(bodies()).toEqual([{ severity: 'critical', n: 1 }]);
    expect(invocations).toEqual([]);
  });

  test('gets nothing of a rule that its policy does not name: that goes to the dead letters', async () => {
    await put({ ...entry, Source: 'strange' });
    expect(bodies()).toEqual([]);
    const [message] = sqs.queue('failures').messages.splice(0);
    expect(message?.attributes).toMatchObject({
      ERROR_CODE: 'NO_PERMISSIONS',
      RULE_ARN: ruleArn('mskeeper/strange'),
      TARGET_ARN: incidentArn,
    });
  });
});

describe('rules and their targets', () => {
  const alarmEvent = () =>
    createEvent({
      source: 'aws.cloudwatch',
      detailType: 'CloudWatch Alarm State Change',
      account: ACCOUNT_ID,
      region: REGION,
      atMs: aws.clock.nowMs(),
      resources: ['arn:alarm'],
      detail: { alarmName: 'a', state: { value: 'ALARM' } },
    });

  test('an event of AWS on the default bus reaches targets whole or in part', async () => {
    const event = alarmEvent();
    await eventBridge.deliver('default', event);
    expect(payloads()).toEqual([event, { value: 'ALARM' }]);
    expect(event.time).toBe('2026-11-21T06:00:00Z');
    expect(invocations[0]?.sender).toEqual({
      kind: 'service',
      service: 'events.amazonaws.com',
      sourceArn: `arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/alarms`,
    });
  });

  test('delivers twice when told to, as it may on AWS', async () => {
    eventBridge.setDeliveriesPerEvent(2);
    await put(entry);
    eventBridge.setDeliveriesPerEvent(1);
    expect(invocations).toHaveLength(2);
  });

  test('tries a throttled target again, and brings it when it recovers', async () => {
    refusal = new AwsError('TooManyRequestsException', 429, 'Rate exceeded');
    await put(entry);
    await aws.clock.advanceTo(aws.clock.nowMs() + 1000);
    refusal = undefined;
    expect(invocations).toHaveLength(0);
    await aws.clock.advanceTo(aws.clock.nowMs() + 2000);
    expect(invocations).toHaveLength(1);
  });

  test('gives up after its retries, with the reason beside the event in the dead-letter queue', async () => {
    refusal = new AwsError('ServiceException', 500, 'broken');
    await put(entry);
    await aws.clock.advanceTo(aws.clock.nowMs() + 60_000);
    const [message] = sqs.queue('failures').messages.splice(0);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ level: 'critical!' });
    expect(message?.attributes).toMatchObject({
      ERROR_MESSAGE: 'broken',
      RETRY_ATTEMPTS: '2',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      TARGET_ARN: functionArn,
    });
  });

  test('does not retry a target that refuses for good', async () => {
    refusal = new AwsError('AccessDeniedException', 403, 'no permission');
    await put(entry);
    const [message] = sqs.queue('failures').messages.splice(0);
    expect(message?.attributes).toMatchObject({ ERROR_CODE: 'NO_PERMISSIONS', RETRY_ATTEMPTS: '0' });
  });

  test('keeps what neither target nor queue took, which AWS would lose', async () => {
    refusal = new AwsError('AccessDeniedException', 403, 'no permission');
    const before = eventBridge.lost.length;
    await eventBridge.deliver('default', alarmEvent());
    expect(eventBridge.lost.slice(before)).toMatchObject([{ reason: 'no permission' }, { reason: 'no permission' }]);
  });
});
