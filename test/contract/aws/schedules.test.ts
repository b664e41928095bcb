import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery } from '../../../local/aws/delivery.ts';
import { addIamResources } from '../../../local/aws/iam/creators.ts';
import { createEventBridge } from '../../../local/aws/services/eventbridge/eventbridge.ts';
import { createScheduler } from '../../../local/aws/services/scheduler/scheduler.ts';
import { createSqs } from '../../../local/aws/services/sqs/sqs.ts';
import { ACCOUNT_ID, REGION, serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
addIamResources(aws.world);
const eventBridge = createEventBridge(aws.world);
const sqs = createSqs(aws.world);
const scheduler = createScheduler(aws.world);
const invocations: Delivery[] = [];
const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:watch`;
aws.world.addReceiver('lambda', async (delivery) => {
  aws.world.authorizeSender(delivery.sender, { action: 'lambda:InvokeFunction', resource: delivery.targetArn });
  invocations.push(delivery);
});
let roleArn = '';
const groupArn = `arn:aws:scheduler:${REGION}:${ACCOUNT_ID}:schedule-group/mskeeper`;
const queueArn = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:undelivered`;
const createSchedule = (properties: object, target: object = {}) =>
  createResource(aws.world, 'AWS::Scheduler::Schedule', {
    GroupName: 'mskeeper',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: functionArn, RoleArn: roleArn, ...target },
    ...properties,
  });

beforeAll(async () => {
  await createResource(aws.world, 'AWS::SQS::Queue', { QueueName: 'undelivered' });
  const role = await createResource(aws.world, 'AWS::IAM::Role', {
    RoleName: 'scheduler',
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'scheduler.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { ArnEquals: { 'aws:SourceArn': groupArn } },
        },
      ],
    },
    Policies: [
      {
        PolicyName: 'wake',
        PolicyDocument: {
          Statement: [
            { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArn },
            { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn },
          ],
        },
      },
    ],
  });
  roleArn = role.attributes.Arn ?? '';
});
beforeEach(() => {
  invocations.length = 0;
});

describe('schedules', () => {
  test('the scheduler wakes its target with the template’s input and the planned time in it', async () => {
    const Input = '{"scope":"full","at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>"}';
    const expression = { ScheduleExpression: 'cron(30 9 ? * SAT *)', ScheduleExpressionTimezone: 'Europe/Berlin' };
    await createSchedule({ Name: 'full', ...expression }, { Input });
    await aws.clock.advanceTo(Date.parse('2026-11-21T10:00:00Z'));
    expect(invocations.map(({ payload }) => JSON.parse(payload))).toEqual([
      {
        scope: 'full',
        at: '2026-11-21T08:30:00Z',
        by: `arn:aws:scheduler:${REGION}:${ACCOUNT_ID}:schedule/mskeeper/full`,
      },
    ]);
  });

  test('a target without input gets the scheduler’s own event, whose detail is a text', async () => {
    await createSchedule({ Name: 'plain', ScheduleExpression: 'at(2026-11-21T10:30:00)' });
    await aws.clock.advanceTo(Date.parse('2026-11-21T11:00:00Z'));
    expect(invocations.map(({ payload }) => JSON.parse(payload))).toMatchObject([
      { source: 'aws.scheduler', 'detail-type': 'Scheduled Event', time: '2026-11-21T10:30:00Z', detail: '{}' },
    ]);
  });

  test('a disabled schedule never fires', async () => {
    await createSchedule({ Name: 'off', ScheduleExpression: 'rate(1 minute)', State: 'DISABLED' });
    await aws.clock.advanceTo(aws.clock.nowMs() + 600_000);
    expect(invocations).toHaveLength(0);
  });

  test('what its role may not invoke goes to the dead-letter queue by the same role', async () => {
    const target = { Arn: `${functionArn}-of-another`, DeadLetterConfig: { Arn: queueArn }, Input: '{}' };
    await createSchedule({ Name: 'denied', ScheduleExpression: 'rate(1 hour)' }, target);
    await aws.clock.advanceTo(aws.clock.nowMs() + 3_600_000);
    const [message] = sqs.queue('undelivered').messages;
    expect(message?.attributes.ERROR_CODE).toBe('NO_PERMISSIONS');
    expect(message?.attributes.ERROR_MESSAGE).toContain('is not authorized to perform: lambda:InvokeFunction');
  });

  test('a schedule outside the group that the role trusts is refused', async () => {
    const elsewhere = createSchedule({ Name: 'else', GroupName: 'default', ScheduleExpression: 'rate(1 hour)' });
    await expect(elsewhere).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });

  test('a rule’s schedule sends the scheduled event of EventBridge', async () => {
    await createResource(aws.world, 'AWS::Events::Rule', {
      Name: 'light',
      ScheduleExpression: 'rate(5 minutes)',
      Targets: [{ Id: 'watch', Arn: functionArn }],
    });
    aws.world.addResourcePolicies('lambda', () => [
      {
        statements: [
          {
            sid: undefined,
            effect: 'Allow',
            actions: { inverted: false, patterns: ['lambda:InvokeFunction'] },
            resources: { inverted: false, patterns: ['*'] },
            principals: { aws: [], services: ['events.amazonaws.com'] },
            conditions: [],
          },
        ],
      },
    ]);
    const startMs = aws.clock.nowMs();
    await aws.clock.advanceTo(startMs + 660_000);
    const arn = `arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/light`;
    const expected = [300_000, 600_000].map((afterMs) => ({
      version: '0',
      id: expect.any(String),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: ACCOUNT_ID,
      time: new Date(startMs + afterMs).toISOString().replace('.000Z', 'Z'),
      region: REGION,
      resources: [arn],
      detail: {},
    }));
    expect(invocations.map(({ payload }) => JSON.parse(payload))).toEqual(expected);
  });

  test('none fires after the end', async () => {
    eventBridge.stop();
    scheduler.stop();
    await aws.clock.advanceTo(aws.clock.nowMs() + 7 * 86_400_000);
    expect(invocations).toEqual([]);
  });
});
