import { describe, expect, test } from 'vitest';
import { silenceOf } from '../../../../infra/schedules/schedule-silence.ts';
import { alarmsNotMade, alarmsOf } from '../../../../infra/stack/alarms.ts';
import { contextWith } from './stack-under-test.ts';

describe('the watch over mskeeper itself', () => {
  const self = alarmsOf(contextWith()).filter(({ owner }) => owner === 'self');
  const of = (slug: string) => self.filter((alarm) => alarm.slug === slug);

  test('errors, throttles and time of every function', () => {
    for (const slug of ['errors', 'throttles', 'near-timeout']) {
      expect(of(slug).map(({ subject }) => subject)).toEqual([
        'cluster-health',
        'kafka-read',
        'storage-scaling',
        'storage-scaling-run',
      ]);
    }
    expect(of('near-timeout').map(({ threshold }) => threshold)).toEqual([96_000, 48_000, 24_000, 96_000]);
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
        signal: {
          expression: 'FILL(m1, 0)',
          metricById: {
            m1: { name: 'RunCompleted', dimensions: { Cluster: 'orders', Procedure: 'cluster-health' } },
          },
        },
        sentence: expect.stringContaining('for 15 min'),
      },
      {
        subject: 'cluster-health-full',
        missing: { treatment: 'breaching' },
        signal: { metricById: { m1: { name: 'FullRunCompleted' } } },
      },
    ]);
  });

  test.each([
    ['rate(1 minute)', 300, 3],
    ['rate(5 minutes)', 300, 3],
    ['rate(15 minutes)', 900, 3],
    ['cron(0/10 * * * ? *)', 600, 3],
    ['cron(30 * * * ? *)', 3600, 3],
    ['rate(6 hours)', 3600, 9],
    // The day when clocks go back has 25 hours.
    ['cron(0 9 * * ? *)', 3600, 27],
    ['cron(0 8,13,18 * * ? *)', 3600, 27],
  ])('the heartbeat follows its schedule: %s', (schedule, periodSeconds, evaluationPeriods) => {
    expect(silenceOf(schedule)).toEqual({ periodSeconds, evaluationPeriods });
  });

  test.each(['cron(0 9 ? * MON *)', 'cron(0 9 1 * ? *)', 'cron(0 9 * 1 ? *)', 'rate(30 days)'])(
    'a schedule that no alarm can follow, %s, is told when packaging',
    (schedule) => {
      const context = contextWith();
      const schedules = { ...context.configuration.schedules, 'cluster-health-full': schedule };
      const rare = { ...context, configuration: { ...context.configuration, schedules } };
      const subjects = alarmsOf(rare)
        .filter(({ slug }) => slug === 'heartbeat')
        .map(({ subject }) => subject);
      expect(subjects).toEqual(['cluster-health-light']);
      expect(alarmsNotMade(rare)).toContainEqual(expect.objectContaining({ what: 'heartbeat of cluster-health-full' }));
    },
  );
});
