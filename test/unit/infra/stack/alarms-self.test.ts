import { describe, expect, test } from 'vitest';
import { presetNames } from '../../../../infra/configuration/file-schema.ts';
import { silenceOf } from '../../../../infra/schedules/schedule-silence.ts';
import { planSelfAlarms } from '../../../../infra/stack/alarms-self.ts';
import { testAlarmTable } from './alarm-oracle.ts';
import { alarmTable } from './alarm-row.ts';
import { tabledAlarmsNotMade, tabledAlarmsOf, tabledContextWith } from './alarms-under-test.ts';

/** The daily check's heartbeat: the longest time between two runs, and three hours for a late one. */
const silentFor = (hours: number) =>
  alarmTable(`
heartbeat warning cluster-health-full | FILL(ScheduledRunCompleted Maximum, 0) | < 2 | ${hours} of ${hours} × 3600 s | breaching | H1 daily, or thrice a day (message-broker: 18:00 to 08:00); ours, the margin
`);

testAlarmTable(
  { alarms: [planSelfAlarms] },
  {
    common: alarmTable(`
runs-ended-badly critical durable-runs | SUM(3 × DurableExecutionFailed Sum and DurableExecutionTimedOut Sum and DurableExecutionStopped Sum) | > 0 | 1 of 1 × 60 s | notBreaching | AWS, Monitoring durable functions: its metrics, and no destination; ours, severity: a run that acted and is watched by nobody
errors warning durable-runs | SUM(1 × Errors Sum) | ≥ 1 | 2 of 3 × 300 s | notBreaching | ours: a dead invocation of a durable run is begun again, so that no queue hears it; two in a quarter of an hour are not chance
notifications-failed critical topics | SUM(6 × NumberOfNotificationsFailed Sum) | ≥ 1 | 1 of 1 × 300 s | notBreaching | AWS, SNS metrics: what could not be delivered; ours, severity: a word that somebody did not hear; SNS is silent about a topic that nobody uses
events-failed critical rules | SUM(5 × FailedInvocations Sum) | ≥ 1 | 1 of 1 × 300 s | notBreaching | AWS, EventBridge metrics: only sent where not zero; ours, severity: an alarm that woke nobody fires on and is heard once
act-problems critical acting | SUM(1 × ActProblems Sum) | ≥ 1 | 1 of 1 × 300 s | notBreaching | ours: what may not stop an act and must not be missed
queue-not-empty warning failed-runs | ApproximateNumberOfMessagesVisible Maximum | ≥ 1 | 1 of 1 × 300 s | notBreaching | ours: one lost run is one too many, and every other function's errors, throttles and time-outs end here (AWS, asynchronous invocation); SQS is silent about a queue that nobody uses
queue-not-empty warning undelivered-schedules | ApproximateNumberOfMessagesVisible Maximum | ≥ 1 | 1 of 1 × 300 s | notBreaching | ours, as above
queue-not-empty warning undelivered-alarms | ApproximateNumberOfMessagesVisible Maximum | ≥ 1 | 1 of 1 × 300 s | notBreaching | ours, as above
heartbeat warning storage-scaling-watch | FILL(ScheduledRunCompleted Maximum, 0) | < 1 | 3 of 3 × 3600 s | breaching | C5: the disk is looked after while its alarm fires; ours, severity: the alarm's own event wakes a run, too
heartbeat critical cluster-health-light | FILL(ScheduledRunCompleted Maximum, 0) | < 1 | 3 of 3 × 300 s | breaching | H2 every few minutes; ours: three runs of rate(5 minutes) missed; a full run is a light one and more; a heartbeat's silence is what it listens for
`),
    byPreset: Object.fromEntries(
      presetNames.map((preset) => [preset, silentFor(preset === 'message-broker' ? 14 + 3 : 24 + 3)]),
    ),
    notOfExpress: [],
  },
  tabledContextWith,
);

/** 27 November 2026, in winter time of the north. */
const nowMs = Date.UTC(2026, 10, 27);

describe('the watch over mskeeper itself', () => {
  const self = tabledAlarmsOf(tabledContextWith()).filter(({ owner }) => owner === 'self');
  const of = (slug: string) => self.filter((alarm) => alarm.slug === slug);

  test('what no queue hears of durable runs: their bad ends, and invocations that die and are begun again', () => {
    expect([...of('runs-ended-badly'), ...of('errors')]).toMatchObject([
      {
        severity: 'critical',
        subject: 'durable-runs',
        signal: {
          expression: 'SUM(METRICS())',
          metricById: {
            m_storage_scaling_run_1: { name: 'DurableExecutionFailed' },
            m_storage_scaling_run_2: {
              name: 'DurableExecutionTimedOut',
              dimensions: { FunctionName: 'mskeeper-orders-storage-scaling-run' },
            },
            m_storage_scaling_run_3: { name: 'DurableExecutionStopped' },
          },
        },
      },
      { severity: 'warning', signal: { metricById: { m_storage_scaling_run_1: { name: 'Errors' } } } },
    ]);
  });

  test('durable functions share alarms: three by three metrics, ten by one', () => {
    const context = tabledContextWith();
    const run = context.functions.filter(({ durable }) => durable !== undefined);
    const eleven = Array.from({ length: 11 }, (_, index) =>
      run.map((one) => ({ ...one, slug: `run-${index}` })),
    ).flat();
    const alarms = tabledAlarmsOf({ ...context, functions: eleven });
    const shown = (slug: string) =>
      alarms
        .filter((alarm) => alarm.slug === slug)
        .map(({ subject, signal }) => [subject, signal.kind === 'math' && Object.keys(signal.metricById).length]);
    expect(shown('runs-ended-badly')).toEqual([
      ['durable-runs', 9],
      ['durable-runs-2', 9],
      ['durable-runs-3', 9],
      ['durable-runs-4', 6],
    ]);
    expect(shown('errors')).toEqual([
      ['durable-runs', 10],
      ['durable-runs-2', 1],
    ]);
  });

  test('every failure queue that is not empty', () => {
    expect(of('queue-not-empty')).toHaveLength(3);
  });

  test('every schedule’s heartbeat, whose absence is the alarm, as zeros that count at once', () => {
    expect(of('heartbeat')).toMatchObject([
      {
        subject: 'cluster-health-light',
        severity: 'critical',
        missing: { treatment: 'breaching' },
        threshold: 1,
        signal: {
          expression: 'FILL(m1, 0)',
          metricById: {
            m1: {
              name: 'ScheduledRunCompleted',
              dimensions: { Cluster: 'orders', Procedure: 'cluster-health' },
              statistic: 'Maximum',
            },
          },
        },
        sentence: expect.stringContaining('for 15 min'),
      },
      {
        subject: 'cluster-health-full',
        missing: { treatment: 'breaching' },
        threshold: 2,
        signal: {
          expression: 'FILL(m1, 0)',
          metricById: {
            m1: { name: 'ScheduledRunCompleted', dimensions: { Cluster: 'orders', Procedure: 'cluster-health' } },
          },
        },
      },
      {
        subject: 'storage-scaling-watch',
        threshold: 1,
        signal: { metricById: { m1: { dimensions: { Cluster: 'orders', Procedure: 'storage-scaling' } } } },
      },
    ]);
  });

  test('of a function with one schedule, whose good runs all do its work, Lambda counts them', () => {
    const context = tabledContextWith();
    const functions = context.functions.map((one) => {
      const [first] = one.schedules;
      if (first === undefined) return one;
      const { heartbeat: _, ...alone } = first;
      return { ...one, schedules: [alone] };
    });
    expect(tabledAlarmsOf({ ...context, functions }).filter(({ slug }) => slug === 'heartbeat')).toMatchObject([
      {
        subject: 'cluster-health-light',
        threshold: 1,
        signal: {
          expression: 'FILL(m_cluster_health_1, 0) - FILL(m_cluster_health_2, 0)',
          metricById: {
            m_cluster_health_1: {
              namespace: 'AWS/Lambda',
              name: 'Invocations',
              dimensions: { FunctionName: 'mskeeper-orders-cluster-health' },
            },
            m_cluster_health_2: { namespace: 'AWS/Lambda', name: 'Errors' },
          },
        },
      },
      { subject: 'storage-scaling-watch' },
    ]);
  });

  test.each([
    ['rate(1 minute)', 300, 3],
    ['rate(5 minutes)', 300, 3],
    ['rate(15 minutes)', 900, 3],
    ['cron(0/10 * * * ? *)', 600, 3],
    ['cron(30 * * * ? *)', 3600, 3],
    ['rate(6 hours)', 3600, 9],
    ['cron(0 9 * * ? *)', 3600, 24 + 3],
    ['cron(0 8,13,18 * * ? *)', 3600, 14 + 3],
    ['cron(0 9 ? * MON,THU *)', 3600, 4 * 24 + 3],
    ['cron(0/5 8-17 ? * MON-FRI *)', 3600, 63 + 3],
  ])('the heartbeat follows its schedule: %s', (schedule, periodSeconds, evaluationPeriods) => {
    expect(silenceOf(schedule, { timeZone: 'UTC', nowMs })).toEqual({ periodSeconds, evaluationPeriods });
  });

  test.each([
    // The day when clocks go back has 25 hours, and where they go forward at 02:00 there is no 02:30.
    ['Europe/Berlin', 'cron(0 9 * * ? *)', 3600, 25 + 3],
    ['Europe/Berlin', 'cron(30 2 * * ? *)', 3600, 47 + 3],
    ['Africa/Cairo', 'cron(30 0 * * ? *)', 3600, 47 + 3],
    ['America/Santiago', 'cron(15 0 * * ? *)', 3600, 47 + 3],
    // Half an hour forward.
    ['Australia/Lord_Howe', 'cron(15 2 * * ? *)', 3600, 48 + 3],
    // The second showing of an hour runs nothing: 65 min, and two runs more.
    ['Europe/Berlin', 'cron(0/5 * * * ? *)', 300, 13 + 2],
    ['Europe/Berlin', 'rate(5 minutes)', 300, 3],
    ['Asia/Taipei', 'cron(30 2 * * ? *)', 3600, 24 + 3],
  ])('and its zone’s changes of the clock: %s %s', (timeZone, schedule, periodSeconds, evaluationPeriods) => {
    expect(silenceOf(schedule, { timeZone, nowMs })).toEqual({ periodSeconds, evaluationPeriods });
  });

  test('a heartbeat of the stack is that of the configuration’s zone', () => {
    const context = tabledContextWith();
    const schedules = { ...context.configuration.schedules, 'cluster-health-full': 'cron(30 2 * * ? *)' };
    const configuration = { ...context.configuration, schedules, timeZone: 'Europe/Berlin' };
    const alarms = tabledAlarmsOf({ ...context, configuration, nowMs });
    expect(alarms.filter(({ subject }) => subject === 'cluster-health-full')).toMatchObject([
      { periodSeconds: 3600, evaluationPeriods: 50, sentence: expect.stringContaining('for 3000 min') },
    ]);
  });

  test.each(['cron(0 9 ? * MON *)', 'cron(0 9 1 * ? *)', 'cron(0 9 * 1 ? *)', 'rate(30 days)'])(
    'a schedule that no alarm can follow, %s, is told when packaging',
    (schedule) => {
      const context = tabledContextWith();
      const schedules = { ...context.configuration.schedules, 'cluster-health-full': schedule };
      const rare = { ...context, configuration: { ...context.configuration, schedules } };
      const subjects = tabledAlarmsOf(rare)
        .filter(({ slug }) => slug === 'heartbeat')
        .map(({ subject }) => subject);
      expect(subjects).toEqual(['cluster-health-light', 'storage-scaling-watch']);
      expect(tabledAlarmsNotMade(rare)).toContainEqual(
        expect.objectContaining({ what: 'heartbeat of cluster-health-full' }),
      );
    },
  );
});
