import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { beforeAll, describe, expect, test } from 'vitest';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { createSns } from '../../../local/aws/services/sns/sns.ts';
import { createStack } from '../../../local/aws/template/create-stack.ts';
import { ACCOUNT_ID, REGION, serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
const sns = createSns(aws.world);
const cloudWatch = createCloudWatch(aws.world, { putEvent: () => {} });
const client = () => new CloudWatchClient(aws.client());
const alarmArn = (name: string) => `arn:aws:cloudwatch:${REGION}:${ACCOUNT_ID}:alarm:${name}`;
const topicArn = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:emergency`;
const metricAlarm = (AlarmName: string) =>
  createResource(aws.world, 'AWS::CloudWatch::Alarm', {
    AlarmName,
    Namespace: 'mskeeper',
    MetricName: 'Trouble',
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
const composite = (AlarmName: string, AlarmRule: string, properties: object = {}) =>
  createResource(aws.world, 'AWS::CloudWatch::CompositeAlarm', { AlarmName, AlarmRule, ...properties });
const set = (AlarmName: string, StateValue: StateValue) =>
  client().send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'a test' }));
const stateOf = async (name: string) => {
  const { CompositeAlarms: [found] = [] } = await client().send(
    new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['CompositeAlarm'] }),
  );
  return found?.StateValue;
};
const any = (names: readonly string[]) => names.map((name) => `ALARM("${name}")`).join(' OR ');

beforeAll(async () => {
  await createResource(aws.world, 'AWS::SNS::Topic', {
    TopicName: 'emergency',
    Subscription: [
      { Protocol: 'sms', Endpoint: '+15550100' },
      { Protocol: 'email', Endpoint: 'team@example.com' },
    ],
  });
  sns.confirm('team@example.com');
  await createResource(aws.world, 'AWS::SNS::TopicPolicy', {
    Topics: [topicArn],
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: topicArn,
          Condition: { ArnEquals: { 'aws:SourceArn': alarmArn('dead-man') } },
        },
      ],
    },
  });
  for (const name of ['silent', 'down-1', 'down-2', 'disk-1']) await metricAlarm(name);
});

describe('a composite of composites', () => {
  beforeAll(async () => {
    await composite('any-down', any(['down-1', 'down-2']));
    await composite('any-disk', any(['disk-1']));
    const rule = `(${any(['any-down', 'any-disk'])}) AND ALARM(${alarmArn('silent')})`;
    await composite('dead-man', rule, { AlarmActions: [topicArn] });
    await composite('dead-man-unlisted', rule, { AlarmActions: [topicArn] });
  });

  test('is OK while no child alarms, also where none has any data', async () => {
    expect(await stateOf('any-down')).toBe('OK');
    expect(await stateOf('dead-man')).toBe('OK');
  });

  test('follows a grandchild at once, and tells a topic whose policy names it', async () => {
    await set('down-2', 'ALARM');
    expect([await stateOf('any-down'), await stateOf('dead-man')]).toEqual(['ALARM', 'OK']);
    expect(sns.inbox).toEqual([]);
    await set('silent', 'ALARM');
    expect(await stateOf('dead-man')).toBe('ALARM');
    const subject = `ALARM: "dead-man" in ${REGION}`;
    const [text, mail] = sns.inbox;
    expect([text?.sms, mail?.subject]).toEqual([{ text: subject, encoding: 'GSM', partCount: 1 }, subject]);
    expect(JSON.parse(mail?.message ?? '{}')).toMatchObject({
      AlarmName: 'dead-man',
      NewStateReason: expect.stringContaining(`${alarmArn('silent')} transitioned to ALARM`),
      TriggeringChildren: [{ arn: alarmArn('any-down') }, { arn: alarmArn('silent') }],
    });
  });

  test('whose ARN the topic’s policy does not name could not tell it, as its history says', () => {
    const actions = cloudWatch.history.filter(
      ({ alarmName, itemType }) => alarmName === 'dead-man-unlisted' && itemType === 'Action',
    );
    expect(actions.map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/^Failed to execute action .*not authorized to perform: sns:Publish/),
    ]);
  });

  test('ends when a child has no data any more: that is neither ALARM nor OK', async () => {
    await composite('silence-unknown', 'INSUFFICIENT_DATA(silent) AND NOT OK(silent) AND NOT ALARM(silent)');
    expect(await stateOf('silence-unknown')).toBe('OK');
    await set('silent', 'INSUFFICIENT_DATA');
    expect(await stateOf('dead-man')).toBe('OK');
    expect(await stateOf('silence-unknown')).toBe('ALARM');
  });

  test('holds a hundred children in a rule of 10,240 characters', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `long-${index}-${'x'.repeat(80)}`);
    for (const name of names) await metricAlarm(name);
    const rule = any(names);
    await composite('long', `${rule.padEnd(10_240 - 9)} OR FALSE`);
    await set(names[99] ?? '', 'ALARM');
    expect(await stateOf('long')).toBe('ALARM');
  });
});

describe('refused, by CloudWatch’s own code', () => {
  const children = Array.from({ length: 101 }, (_, index) => `child-${index}`);

  test.each([
    [
      'an alarm that is not there yet',
      'ALARM(silent) OR ALARM(nobody) OR OK(none)',
      'Could not save the composite alarm as alarms [nobody, none] in the alarm rule do not exist',
    ],
    [
      'itself',
      'ALARM(refused)',
      'Could not save the composite alarm as alarms [refused] in the alarm rule do not exist',
    ],
    ['an empty bracket', '()', expect.stringMatching(/^Error in AlarmRule \[/)],
    ['a rule that ends too early', 'ALARM(silent) AND', expect.stringMatching(/^Error in AlarmRule \[/)],
    ['a space around it', ' ALARM(silent)', 'AlarmRule must not contain leading or trailing whitespace or be null'],
    ['10,241 characters', `TRUE${' '.repeat(10_241 - 9)} OR 1`.slice(0, 10_241), expect.stringContaining('10240')],
    ['101 children', any(children), 'AlarmRule has more than 100 children'],
    ['501 elements', Array.from({ length: 501 }, () => 'TRUE').join(' OR '), 'AlarmRule has more than 500 elements'],
  ])('%s', async (_what, rule, message) => {
    await expect(composite('refused', rule)).rejects.toMatchObject({ code: 'ValidationError', message });
  });

  test('in a template that names its children by texts alone and states no order', async () => {
    const child = (AlarmName: string) => ({
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName,
        Namespace: 'mskeeper',
        MetricName: 'Trouble',
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      },
    });
    const above = (AlarmName: string, DependsOn?: readonly string[]) => ({
      Type: 'AWS::CloudWatch::CompositeAlarm',
      Properties: { AlarmName, AlarmRule: 'ALARM(of-template)' },
      ...(DependsOn && { DependsOn }),
    });
    const deploy = (Resources: object) => createStack(aws.world, { Resources }, { stackName: 'ordered' });
    await expect(deploy({ Child: child('of-template'), Above: above('unordered') })).rejects.toThrow(
      'Above (AWS::CloudWatch::CompositeAlarm): Could not save the composite alarm as alarms [of-template] in the alarm rule do not exist',
    );
    await deploy({ Above: above('ordered', ['Child']), Child: child('of-template') });
    expect(await stateOf('ordered')).toBe('OK');
  });

  test('an alarm in the rules of 150 others', async () => {
    await metricAlarm('popular');
    for (let count = 1; count <= 150; count += 1) await composite(`of-popular-${count}`, 'ALARM(popular)');
    await expect(composite('of-popular', 'ALARM(popular)')).rejects.toMatchObject({ code: 'LimitExceeded' });
  });

  test('six actions, or a suppressor, which is not served', async () => {
    const AlarmActions = Array.from({ length: 6 }, () => topicArn);
    await expect(composite('refused', 'TRUE', { AlarmActions })).rejects.toThrow(/AlarmActions/);
    await expect(composite('refused', 'TRUE', { ActionsSuppressor: 'silent' })).rejects.toThrow(/ActionsSuppressor/);
  });
});
