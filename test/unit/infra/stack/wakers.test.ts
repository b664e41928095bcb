import { expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { alarmsOf, ownAlarmsOf } from '../../../../infra/stack/alarms.ts';
import { recognise } from '../../../../shared/core/own-alarms.ts';
import { scopedWakeEventOf } from '../../../../shared/events/wake.ts';
import { at, contextWith, objectsOf, ofType, resourcesWith, shown } from './stack-under-test.ts';

const resources = resourcesWith();
const schedules = ofType(resources, 'AWS::Scheduler::Schedule').map(({ Properties }) => Properties);

test('cluster-health is woken light and full, in the configuration’s time zone, with retries and a queue for what is lost', () => {
  const named = schedules.map(({ Name, ScheduleExpression }) => [Name, ScheduleExpression]);
  expect(named).toEqual(
    expect.arrayContaining([
      ['mskeeper-orders-cluster-health-light', 'rate(5 minutes)'],
      ['mskeeper-orders-cluster-health-full', 'cron(0 9 * * ? *)'],
    ]),
  );
  expect(named).toHaveLength(functionDefinitions.flatMap((one) => one.schedules).length);
  for (const schedule of schedules) {
    expect(schedule.ScheduleExpressionTimezone).toBe('UTC');
    expect(at(schedule, 'Target', 'RetryPolicy', 'MaximumRetryAttempts')).toBe(2);
    expect(shown(at(schedule, 'Target', 'DeadLetterConfig', 'Arn'))).toBe('UndeliveredSchedulesQueue');
  }
});

test('a retry of the light check never outlives the next light check', () => {
  expect(at(schedules[0], 'Target', 'RetryPolicy', 'MaximumEventAgeInSeconds')).toBe(240);
});

test('what a schedule sends is what its function accepts', () => {
  const scopes = schedules.map((schedule) => {
    const input = shown(at(schedule, 'Target', 'Input')).replace(
      '<aws.scheduler.scheduled-time>',
      '2026-11-21T09:00:00Z',
    );
    const { procedure, scope } = JSON.parse(input);
    const { schedules: known } = functionDefinitions.find(({ slug }) => slug === procedure) ?? { schedules: [] };
    const [first = '', ...others] = known.map((one) => one.scope);
    const schema = scopedWakeEventOf(procedure, () => ownAlarmsOf(contextWith()), [first, ...others]);
    const event = schema.parse(JSON.parse(input));
    return event.kind === 'schedule'
      ? `${event.procedure} ${event.scope}`
      : event.kind === 'manual'
        ? scope
        : event.kind;
  });
  expect(scopes).toEqual(
    functionDefinitions.flatMap(({ slug, schedules: own }) => own.map((one) => `${slug} ${one.scope}`)),
  );
});

const { accountId, region } = contextWith().cluster;

test('each function hears the alarms that it knows and no others, and the watch over mskeeper wakes nobody', () => {
  const names = ofType(resources, 'AWS::CloudWatch::Alarm').map(({ Properties }) => shown(Properties.AlarmName));
  const heard = functionDefinitions.flatMap(({ slug, isWokenByAlarms }) => {
    const rule = ofType(resources, 'AWS::Events::Rule').find(
      ({ Properties }) => shown(Properties.Name) === `mskeeper-orders-${slug}-alarms`,
    );
    expect(rule !== undefined).toBe(isWokenByAlarms);
    if (rule === undefined) return [];
    const [target, ...others] = objectsOf(rule.Properties.Targets);
    expect([target?.Id, others]).toEqual([slug, []]);
    const prefixes = objectsOf(at(rule.Properties, 'EventPattern', 'detail', 'alarmName')).map(({ prefix }) =>
      shown(prefix),
    );
    const woken = names.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)));
    const own = ownAlarmsOf(contextWith());
    const isKnown = (alarmName: string) => recognise(own, slug, { accountId, region, alarmName }).kind === 'own';
    expect(woken).toEqual(names.filter(isKnown));
    expect(at(rule.Properties, 'EventPattern', 'account')).toEqual([accountId]);
    expect(at(rule.Properties, 'EventPattern', 'region')).toEqual([region]);
    return woken;
  });
  expect(new Set(heard).size).toBe(heard.length);
  expect(names.filter((name) => !heard.includes(name)).every((name) => name.includes('/self/'))).toBe(true);
  expect(heard.length).toBe(alarmsOf(contextWith()).filter(({ owner }) => owner !== 'self').length);
});

test('an alarm’s wake-up that cannot be delivered is kept', () => {
  const [rule] = ofType(resources, 'AWS::Events::Rule');
  const [target] = objectsOf(rule?.Properties.Targets);
  expect(shown(target?.Arn)).toBe('ClusterDashhealthLambdaFunction');
  expect(shown(at(target, 'DeadLetterConfig', 'Arn'))).toBe('UndeliveredAlarmsQueue');
});

test('a run that failed for good leaves its event in a queue', () => {
  const [config] = ofType(resources, 'AWS::Lambda::EventInvokeConfig');
  expect(shown(at(config?.Properties, 'DestinationConfig', 'OnFailure', 'Destination'))).toBe('FailedRunsQueue');
});

test('EventBridge may invoke a function for this stack’s rule only', () => {
  const [permission] = ofType(resources, 'AWS::Lambda::Permission');
  expect(permission?.Properties.Principal).toBe('events.amazonaws.com');
  expect(shown(permission?.Properties.SourceArn)).toBe('ClusterHealthAlarmRule');
});

test('every function has a role of its own', () => {
  const roles = functionDefinitions.map(({ slug }) => slug);
  const names = ofType(resources, 'AWS::IAM::Role').map(({ Properties }) => shown(Properties.RoleName));
  expect(names).toEqual([...roles, 'scheduler'].map((slug) => `mskeeper-orders-${slug}-eu-west-1`));
  expect(new Set(names).size).toBe(functionDefinitions.length + 1);
});
