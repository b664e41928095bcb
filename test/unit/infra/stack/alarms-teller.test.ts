import { describe, expect, test } from 'vitest';
import { presetNames } from '../../../../infra/configuration/file-schema.ts';
import { alarmsOf, ownAlarmsOf } from '../../../../infra/stack/alarms.ts';
import { planSelfAlarms } from '../../../../infra/stack/alarms-self.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { selfTopics } from '../../../../shared/core/configuration.ts';
import { recognise } from '../../../../shared/core/own-alarms.ts';
import { alarmResource, nameOfAlarm } from '../../../../shared/deployment/alarm.ts';
import { selfTopicLogicalId } from '../../../../shared/deployment/names.ts';
import { tellerOf } from '../../../../shared/deployment/teller.ts';
import { testAlarmTable } from './alarm-oracle.ts';
import { alarmTable } from './alarm-row.ts';
import { configurationWith, contextWith, listOf, ofType, shown } from './stack-under-test.ts';
import { tellerContextWith, tellerResourcesWith, withoutTeller, withTeller } from './teller-under-test.ts';

const dailyHeartbeat = (hours: number) =>
  alarmTable(`
heartbeat warning cluster-health-full | FILL(ScheduledRunCompleted Maximum, 0) | < 2 | ${hours} of ${hours} × 3600 s | breaching | as without
`);

testAlarmTable(
  { alarms: [planSelfAlarms] },
  {
    common: alarmTable(`
incident-silent critical undefined | FILL(IncidentHeard Minimum, 0) | < 1 | 3 of 3 × 60 s | breaching | I2: P0 at once; ours, 5 min from incident's death to a telephone, and two silent minutes are none
incident-errors warning undefined | SUM(1 × Errors Sum) | ≥ 1 | 2 of 3 × 300 s | notBreaching | ours: the next minute goes on; two in a quarter of an hour are not chance
incident-queue-old critical undefined | ApproximateAgeOfOldestMessage Maximum | ≥ 420 | 1 of 1 × 60 s | notBreaching | AWS, Using Lambda with Amazon SQS: hidden for six times the time-out of 60 s; ours, the end of a second try; AWS, SQS metrics: a third at 720 s is counted no more
incident-dead-letters warning undefined | ApproximateNumberOfMessagesVisible Maximum | ≥ 1 | 1 of 1 × 300 s | notBreaching | ours, as of the other queues
runs-ended-badly critical durable-runs | SUM(3 × DurableExecutionFailed Sum and DurableExecutionTimedOut Sum and DurableExecutionStopped Sum) | > 0 | 1 of 1 × 60 s | notBreaching | as without one who tells people
errors warning durable-runs | SUM(1 × Errors Sum) | ≥ 1 | 2 of 3 × 300 s | notBreaching | as without
heartbeat warning storage-scaling-watch | FILL(ScheduledRunCompleted Maximum, 0) | < 1 | 3 of 3 × 3600 s | breaching | as without: our own code would be silent with it
heartbeat critical cluster-health-light | FILL(ScheduledRunCompleted Maximum, 0) | < 1 | 3 of 3 × 300 s | breaching | as without; incident's own is incident-silent
events-failed critical rules | SUM(7 × FailedInvocations Sum) | ≥ 1 | 1 of 1 × 300 s | notBreaching | as without, and the two rules of its queue
act-problems critical acting | SUM(1 × ActProblems Sum) | ≥ 1 | 1 of 1 × 300 s | notBreaching | as without
queue-not-empty warning failed-runs | ApproximateNumberOfMessagesVisible Maximum | ≥ 1 | 1 of 1 × 300 s | notBreaching | as without
queue-not-empty warning undelivered-schedules | ApproximateNumberOfMessagesVisible Maximum | ≥ 1 | 1 of 1 × 300 s | notBreaching | as without
queue-not-empty warning undelivered-alarms | ApproximateNumberOfMessagesVisible Maximum | ≥ 1 | 1 of 1 × 300 s | notBreaching | as without
notifications-failed critical topics | SUM(8 × NumberOfNotificationsFailed Sum) | ≥ 1 | 1 of 1 × 300 s | notBreaching | as without: all five topics of people, by which incident speaks, and three of mskeeper itself
`),
    byPreset: Object.fromEntries(
      presetNames.map((preset) => [preset, dailyHeartbeat(preset === 'message-broker' ? 14 + 3 : 24 + 3)]),
    ),
    notOfExpress: [],
  },
  tellerContextWith,
);

const telling = [
  'incident-silent',
  'incident-errors',
  'incident-queue-old',
  'incident-dead-letters',
  'notifications-failed',
];

describe('once a procedure tells people', () => {
  const context = tellerContextWith();
  const alarms = alarmsOf(context, withTeller);
  const isTelling = (slug: string) => telling.includes(slug);

  test('alarms tell nobody but those on that procedure, which go to topics of mskeeper’s own', () => {
    const actions = alarms.map((alarm) => {
      const { Properties } = alarmResource(context, alarm);
      return [alarm.slug, listOf(Properties.AlarmActions).map(shown)] as const;
    });
    const acting = actions.filter(([, topics]) => topics.length > 0);
    expect(acting.map(([slug]) => slug).toSorted()).toEqual(telling.toSorted());
    expect(acting.flatMap(([, topics]) => topics).filter((topic) => !topic.startsWith('Self'))).toEqual([]);
    expect(actions.length).toBeGreaterThan(acting.length + 10);
  });

  test('every other schedule’s heartbeat is CloudWatch’s and comes to it, and its own is incident-silent alone', () => {
    const heartbeats = alarms.filter(({ slug }) => slug === 'heartbeat');
    expect(heartbeats.map(({ subject }) => subject).toSorted()).toEqual([
      'cluster-health-full',
      'cluster-health-light',
      'storage-scaling-watch',
    ]);
    const { accountId, region } = context.cluster;
    const own = ownAlarmsOf(context, withTeller);
    for (const alarm of heartbeats)
      expect(recognise(own, 'incident', { accountId, region, alarmName: nameOfAlarm(context, alarm) })).toEqual({
        kind: 'own',
        rule: 'heartbeat',
      });
  });

  test('it knows every alarm of the stack that tells nobody itself, and no other', () => {
    const own = ownAlarmsOf(context, withTeller);
    const { accountId, region } = context.cluster;
    for (const alarm of alarms) {
      const alarmName = nameOfAlarm(context, alarm);
      const kind = isTelling(alarm.slug) ? 'stranger' : 'own';
      expect(recognise(own, 'incident', { accountId, region, alarmName }).kind, alarmName).toBe(kind);
    }
  });

  const named = (groups: readonly string[]) =>
    ownAlarmsOf(
      tellerContextWith({
        groups: { watch: groups, ignore: [] },
        topics: {
          ...context.cluster.topics,
          critical: [{ name: 'orders', replicationFactor: 3 }],
          flowing: [{ name: 'orders.payments', minMessagesPerMinute: 1 }],
        },
        monitoringLevel: 'PER_TOPIC_PER_PARTITION',
      }),
      withTeller,
    ).alarms;

  test('it knows by name of which group and topic an alarm is; one of brokers is the cluster’s', () => {
    const subjects = named(['billing', 'end of day']);
    const ofRule = (wanted: string): readonly string[] => [
      ...new Set(
        subjects.flatMap(({ rule, subject }) => (rule === wanted ? JSON.stringify(subject ?? 'cluster') : [])),
      ),
    ];
    const lag = ['billing', 'end of day'].map((group) => JSON.stringify({ group, topic: 'orders' }));
    expect(ofRule('lag-seconds')).toEqual(lag);
    expect(ofRule('not-flowing')).toEqual([JSON.stringify({ topic: 'orders.payments' })]);
    expect(ofRule('disk-used')).toEqual([JSON.stringify('cluster')]);
    expect(ofRule('errors')).toEqual([JSON.stringify('cluster')]);
  });

  test('its list of 200 groups with names of 200 letters stays far below what a bundle holds', () => {
    const groups = Array.from({ length: 200 }, (_, index) => `${'g'.repeat(197)}${100 + index}`);
    const list = named(groups);
    expect(list.filter(({ subject }) => subject?.group !== undefined).length).toBe(400);
    // Every function unpacks it at its start, beside a megabyte of code.
    expect(JSON.stringify(list).length).toBeLessThan(1_000_000);
  });

  test('of another deploy of this stack it hears every alarm, and nobody else more than his own', () => {
    const own = ownAlarmsOf(context, withTeller);
    const { accountId, region } = context.cluster;
    const kindOf = (slug: string, alarmName: string) => recognise(own, slug, { accountId, region, alarmName }).kind;
    const gone = 'mskeeper/orders/cluster-health/gone-by-now/critical';
    expect(kindOf('incident', gone)).toBe('other-deploy');
    expect(kindOf('cluster-health', gone)).toBe('other-deploy');
    expect(kindOf('storage-scaling', gone)).toBe('stranger');
    expect(kindOf('incident', 'mskeeper/orders-eu/cluster-health/gone-by-now/critical')).toBe('stranger');
    expect(ownAlarmsOf({ ...context, functions: withoutTeller.functions }, withoutTeller)).not.toHaveProperty('teller');
  });

  test('CloudWatch is let into no topic of people’s, nor to their key, and into each of mskeeper’s own', () => {
    const lettingIn = (type: string, document: string) =>
      ofType(tellerResourcesWith(), type)
        .filter(({ Properties }) => JSON.stringify(Properties[document]).includes('cloudwatch.amazonaws.com'))
        .map(({ logicalId }) => logicalId);
    expect(lettingIn('AWS::SNS::TopicPolicy', 'PolicyDocument')).toEqual(
      selfTopics.map((topic) => `${selfTopicLogicalId(topic)}Policy`),
    );
    expect(lettingIn('AWS::KMS::Key', 'KeyPolicy')).toEqual([]);
  });

  test('its silence is not judged before it can have said anything', () => {
    const [silent] = alarms.filter(({ slug }) => slug === 'incident-silent');
    if (silent === undefined) throw new Error('no incident-silent');
    expect(alarmResource(context, silent).Properties.WarmUpConfiguration).toEqual({
      WarmUpPeriodDurationInMinutes: 5,
      OnlyStartEvaluatingAfterWarmUpPeriodEnds: true,
    });
  });
});

describe('while none does', () => {
  const context = { ...contextWith(), functions: withoutTeller.functions };
  const alarms = alarmsOf(context, withoutTeller);

  test('every alarm tells its topic, every schedule has a heartbeat, and nothing is said of incident', () => {
    expect(
      alarms.filter((alarm) => listOf(alarmResource(context, alarm).Properties.AlarmActions).length !== 1),
    ).toEqual([]);
    const schedules = withoutTeller.functions.flatMap((one) => one.schedules);
    expect(alarms.filter(({ slug }) => slug === 'heartbeat')).toHaveLength(schedules.length);
    expect(alarms.filter(({ slug }) => slug.startsWith('incident-'))).toEqual([]);
  });

  test('the stack has no composite, no queue that a function reads, and no rule for one', () => {
    const { resources } = buildStack(configurationWith(), 'orders', withoutTeller);
    const types = Object.values(resources).map(({ Type }) => Type);
    expect(types).not.toContain('AWS::CloudWatch::CompositeAlarm');
    expect(types).not.toContain('AWS::Lambda::EventSourceMapping');
    expect(Object.keys(resources).filter((id) => /Inbox|AllAlarms|DeadLetters/.test(id))).toEqual([]);
  });
});

test('two who tell people of the same fault are none of ours', () => {
  const [teller] = withTeller.functions.filter(({ tellsPeople }) => tellsPeople);
  if (teller === undefined) throw new Error('nobody tells people');
  expect(tellerOf({ functions: withTeller.functions })).toBe(teller);
  expect(tellerOf({ functions: withoutTeller.functions })).toBeUndefined();
  expect(() => tellerOf({ functions: [...withTeller.functions, { ...teller, slug: 'second' }] })).toThrow(
    'incident, second would each tell people',
  );
});
