import { describe, expect, test } from 'vitest';
import { alarmsOf, compositesOf } from '../../../../infra/stack/alarms.ts';
import { findLimitProblems } from '../../../../infra/stack/limits/measure.ts';
import { statementsOf } from '../../../../infra/stack/permissions.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { parsePolicy } from '../../../../local/aws/iam/policy.ts';
import { compilePattern } from '../../../../local/aws/services/eventbridge/pattern.ts';
import { nameOfAlarm } from '../../../../shared/deployment/alarm.ts';
import type { Json } from '../../../../shared/deployment/template.ts';
import { isAllowedBy } from '../../../support/aws/resource-policies.ts';
import { at, configurationWith, listOf, objectsOf, ofType, shown } from './stack-under-test.ts';
import { tellerConfiguration, tellerContextWith, tellerResourcesWith, withTeller } from './teller-under-test.ts';

const resources = tellerResourcesWith();
const context = tellerContextWith();
const byId = new Map(resources);
const propertiesOf = (id: string) => byId.get(id)?.Properties;

describe('the rule of all alarms', () => {
  const rule = propertiesOf('IncidentAllAlarmsRule');
  const { matches } = compilePattern(at(rule, 'EventPattern'));
  const states = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
  const eventOf = (alarmName: string, from: string, to: string, account = '111122223333') => ({
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    account,
    region: 'eu-west-1',
    resources: [`arn:aws:cloudwatch:eu-west-1:${account}:alarm:${alarmName}`],
    detail: { alarmName, state: { value: to }, previousState: { value: from } },
  });
  const passed = (alarmName: string) =>
    states
      .flatMap((from) => states.map((to) => [from, to] as const))
      .filter(([from, to]) => from !== to && matches(eventOf(alarmName, from, to)))
      .map(([from, to]) => `${from} → ${to}`);

  test('hears what enters ALARM and what leaves it, and no alarm that finds data or loses it', () => {
    expect(passed('mskeeper/orders/cluster-health/disk-used/critical/brokers-1-to-10')).toEqual([
      'OK → ALARM',
      'ALARM → OK',
      'ALARM → INSUFFICIENT_DATA',
      'INSUFFICIENT_DATA → ALARM',
    ]);
  });

  test('hears every alarm of the stack but those that tell of whoever tells people, and no composite', () => {
    const alarms = alarmsOf(context, withTeller);
    expect(alarms.filter(({ tellsItself }) => tellsItself)).toHaveLength(5);
    for (const alarm of alarms)
      expect(passed(nameOfAlarm(context, alarm)).length > 0, alarm.slug).toBe(alarm.tellsItself !== true);
    const composites = compositesOf(context, withTeller);
    expect(composites.length).toBeGreaterThan(1);
    expect(composites.filter(({ name }) => passed(name).length > 0)).toEqual([]);
    expect(passed('mskeeper/orders/self/any-alarm/critical/group-1')).toEqual([]);
  });

  test('hears no other stack’s and no other account’s', () => {
    expect(passed('mskeeper/orders-eu/cluster-health/disk-used/critical')).toEqual([]);
    expect(matches(eventOf('mskeeper/orders/cluster-health/controller/emergency', 'OK', 'ALARM', '444455556666'))).toBe(
      false,
    );
  });
});

describe('the rule of the bus', () => {
  const { matches } = compilePattern(at(propertiesOf('IncidentInboxBusRule'), 'EventPattern'));
  const eventOf = (detailType: string, detail: Json, source = 'mskeeper') => ({
    source,
    'detail-type': detailType,
    account: '111122223333',
    region: 'eu-west-1',
    detail,
  });

  test.each(['opened', 'worse', 'eased', 'closed'])('passes a finding that is %s', (change) => {
    expect(matches(eventOf('mskeeper finding', { change }))).toBe(true);
  });

  test('passes what is still as it was of who keeps no list of what is open alone, every notice, no plan, and no report but of who keeps no list of what is open', () => {
    expect(matches(eventOf('mskeeper finding', { change: 'still', procedure: 'cluster-health' }))).toBe(false);
    expect(matches(eventOf('mskeeper finding', { change: 'still', procedure: 'storage-scaling' }))).toBe(true);
    expect(matches(eventOf('mskeeper notice', { change: 'still' }))).toBe(true);
    expect(matches(eventOf('mskeeper notice', {}, 'somebody'))).toBe(false);
    expect(matches(eventOf('mskeeper plan', {}))).toBe(false);
    expect(matches(eventOf('mskeeper report', { procedure: 'storage-scaling' }))).toBe(true);
    expect(matches(eventOf('mskeeper report', { procedure: 'cluster-health' }))).toBe(false);
  });

  test('of one alternative is a plain pattern: EventBridge takes two in a choice, or more', () => {
    const functions = withTeller.functions.map((one) =>
      one.queue === undefined ? one : { ...one, queue: { ...one.queue, busEvents: one.queue.busEvents.slice(0, 1) } },
    );
    const stack = buildStack(tellerConfiguration(), 'orders', { ...withTeller, functions });
    const pattern = compilePattern(at(stack.resources.IncidentInboxBusRule?.Properties, 'EventPattern'));
    expect(pattern.matches(eventOf('mskeeper finding', { change: 'worse' }))).toBe(true);
    expect(pattern.matches(eventOf('mskeeper finding', { change: 'still' }))).toBe(false);
    expect(pattern.matches(eventOf('mskeeper notice', {}))).toBe(false);
  });
});

test('both rules send into the queue, and what cannot be delivered is kept', () => {
  for (const id of ['IncidentAllAlarmsRule', 'IncidentInboxBusRule']) {
    const [target, ...others] = objectsOf(propertiesOf(id)?.Targets);
    expect([shown(target?.Arn), shown(at(target, 'DeadLetterConfig', 'Arn')), others]).toEqual([
      'IncidentInbox',
      'UndeliveredAlarmsQueue',
      [],
    ]);
  }
  const [kept] = objectsOf(at(propertiesOf('UndeliveredAlarmsQueuePolicy'), 'PolicyDocument', 'Statement'));
  const writers = listOf(at(kept, 'Condition', 'ArnEquals', 'aws:SourceArn')).map(shown);
  expect(writers).toEqual(expect.arrayContaining(['IncidentAllAlarmsRule', 'IncidentInboxBusRule']));
});

test('the queue is read in batches of ten by two at once, which say what they could not do; a hundred tries, ten hours, and it is set aside', () => {
  expect(propertiesOf('IncidentMapping')).toMatchObject({
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 2 },
    Enabled: true,
  });
  expect(shown(at(propertiesOf('IncidentMapping'), 'EventSourceArn'))).toBe('IncidentInbox');
  expect(shown(at(propertiesOf('IncidentMapping'), 'FunctionName'))).toBe('IncidentLambdaFunction');
  const queue = propertiesOf('IncidentInbox');
  // Six times the function's time-out of 60 s.
  expect(queue).toMatchObject({ QueueName: 'mskeeper-orders-incident', VisibilityTimeout: 360 });
  expect(at(queue, 'RedrivePolicy', 'maxReceiveCount')).toBe(100);
  expect(shown(at(queue, 'RedrivePolicy', 'deadLetterTargetArn'))).toBe('IncidentDeadLetters');
  expect(at(propertiesOf('IncidentDeadLetters'), 'RedriveAllowPolicy')).toEqual({
    redrivePermission: 'byQueue',
    sourceQueueArns: ['arn:aws:sqs:eu-west-1:111122223333:mskeeper-orders-incident'],
  });
});

const key = 'arn:aws:kms:eu-west-1:111122223333:key/5f1c2a3b-1111-4222-8333-444455556666';

test('both queues are encrypted, by the user’s key where the file names one', () => {
  const sealed = new Map(tellerResourcesWith({ stack: { keys: { queues: key } } }));
  for (const id of ['IncidentInbox', 'IncidentDeadLetters']) {
    expect(propertiesOf(id)?.SqsManagedSseEnabled).toBe(true);
    expect(propertiesOf(id)).not.toHaveProperty('KmsMasterKeyId');
    expect(sealed.get(id)?.Properties.KmsMasterKeyId).toBe(key);
    expect(sealed.get(id)?.Properties).not.toHaveProperty('SqsManagedSseEnabled');
  }
});

const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

test.each([
  ['nobody', undefined, false],
  ['who mends by hand', roleArn('break-glass'), true],
])('of people with every right %s may write into the queue', (_who, breakGlassRole, expected) => {
  const stack = breakGlassRole === undefined ? {} : { breakGlassRole };
  const { resources: made } = buildStack(tellerConfiguration(configurationWith({ stack })), 'orders', withTeller);
  const text = JSON.stringify(made.IncidentInboxPolicy?.Properties.PolicyDocument).replaceAll(
    /\{"Fn::GetAtt":\["(\w+)","Arn"\]\}/g,
    '"$1"',
  );
  const policy = parsePolicy(JSON.parse(text));
  const asked = { roleArn: roleArn('break-glass'), action: 'sqs:SendMessage', resource: 'IncidentInbox' };
  expect(isAllowedBy(policy, asked)).toBe(expected);
  const byRule = (rule: string) => ({ service: 'events.amazonaws.com', context: { 'aws:SourceArn': rule } });
  expect(isAllowedBy(policy, { ...asked, ...byRule('IncidentAllAlarmsRule') })).toBe(true);
  expect(isAllowedBy(policy, { ...asked, ...byRule('IncidentInboxBusRule') })).toBe(true);
  expect(isAllowedBy(policy, { ...asked, ...byRule('SomebodysRule') })).toBe(false);
});

test('its role takes from its own queue, and nobody else’s does', () => {
  const taking = withTeller.functions.flatMap((definition) =>
    statementsOf(context, definition)
      .filter(({ Action }) => Action.includes('sqs:ReceiveMessage'))
      .map((statement) => [definition.slug, statement.Action, shown(statement.Resource)]),
  );
  expect(taking).toEqual([
    ['incident', ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'], 'IncidentInbox'],
  ]);
});

test('it is woken each minute, and its failed runs are kept', () => {
  const names = ofType(resources, 'AWS::Scheduler::Schedule').map(({ Properties }) => shown(Properties.Name));
  expect(names).toContain('mskeeper-orders-incident-minute');
  expect(ofType(resources, 'AWS::Lambda::EventInvokeConfig').map(({ logicalId }) => logicalId)).toContain(
    'IncidentOnFailure',
  );
});

test('nothing of it is outside of what AWS takes, under the longest key', () => {
  const clusterKey = 'a'.repeat(24);
  const { clusters, ...rest } = tellerConfiguration();
  const { orders } = clusters;
  if (orders === undefined) throw new Error('no cluster');
  const stack = buildStack({ ...rest, clusters: { [clusterKey]: orders } }, clusterKey, withTeller);
  expect(findLimitProblems(stack.resources)).toEqual([]);
  expect(Object.values(stack.resources).map(({ Type }) => Type)).toContain('AWS::Lambda::EventSourceMapping');
});
