import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NotJudged } from '../../../../../../functions/health/cluster-health/core/judgement.ts';
import { planMetrics } from '../../../../../../functions/health/cluster-health/core/metrics.ts';
import type {
  HealthObservation,
  MetricSeries,
} from '../../../../../../functions/health/cluster-health/core/observation.ts';
import { longestMinutes } from '../../../../../../functions/health/cluster-health/core/resources.ts';
import { evaluateThroughput } from '../../../../../../functions/health/cluster-health/core/throughput.ts';
import { isThroughputLeftToLook } from '../../../../../../functions/health/cluster-health/core/throughput-rules.ts';
import { brokerIdsFromOne } from '../../../../../../shared/core/broker-ids.ts';
import type { Policy } from '../../../../../../shared/core/policy.ts';
import { cases } from '../../../../../support/depth.ts';
import {
  factsOf,
  failed,
  healthExpectation,
  healthObservation,
  known,
  minuteMs,
  noonMs,
} from '../../../../../support/health/builders.ts';
import { tabledAlarmsOf, tabledContextWith } from '../../../../infra/stack/alarms-under-test.ts';

type Rule = Parameters<typeof evaluateThroughput>[0];

const expectationOf = (brokerCount: number) =>
  healthExpectation({ brokerCount, brokerIds: brokerIdsFromOne(brokerCount) });

/** What each broker sent by the minute, oldest first, the last one a minute old; nothing where it was silent. */
const seriesOf = (rateOf: (brokerId: number, index: number) => number | undefined, brokerCount: number, minutes = 40) =>
  brokerIdsFromOne(brokerCount).map((brokerId): MetricSeries => {
    const points = Array.from({ length: minutes }, (_, index) => {
      const value = rateOf(brokerId, index);
      return value === undefined ? [] : [{ atMs: noonMs - (minutes - index) * minuteMs, value }];
    });
    return { metric: 'MessagesInPerSec', brokerId, points: points.flat() };
  });

const asked = { halfHour: { fromMs: noonMs - 30 * minuteMs }, isThroughputAsked: true } as const;

const judge = (
  slug: Rule,
  policy: Pick<Policy, 'limits' | 'floors'>,
  metrics: readonly MetricSeries[],
  more: Partial<HealthObservation> = {},
) => {
  const expected = expectationOf(metrics.length);
  const seen = healthObservation({ depth: 'light', ...asked, metrics: known(metrics), ...more });
  return evaluateThroughput(slug, factsOf(seen, expected), policy);
};

const limit: Pick<Policy, 'limits' | 'floors'> = {
  limits: { messagesInPerSecond: { warning: 800, warningForMinutes: 15, critical: 900, criticalForMinutes: 15 } },
  floors: {},
};
const floor: Pick<Policy, 'limits' | 'floors'> = {
  limits: {},
  floors: { messagesInPerSecond: { warning: 800, warningForMinutes: 10 } },
};
test('one fresh minute is enough to know the rate, and one of eleven minutes ago is not', () => {
  const noted = (ageMinutes: number) => seriesOf((_, index) => (index === 40 - ageMinutes ? 30 : undefined), 20);
  expect(judge('high-throughput', limit, noted(10)).findings).toMatchObject([{ severity: 'ok' }]);
  expect(judge('high-throughput', limit, noted(11)).findings).toMatchObject([{ severity: 'unknown' }]);
});

const silent = (from: number, to: number, index: number): boolean => index >= from && index < to;

describe('the rate of twenty brokers together', () => {
  test.each<[string, Rule, (id: number, index: number) => number | undefined, string, string]>([
    ['as ever', 'high-throughput', () => 30, 'ok', 'within-policy'],
    ['as much as is allowed', 'high-throughput', () => 40, 'ok', 'within-policy'],
    ['over the limit for long', 'high-throughput', () => 42, 'warning', 'above-warning'],
    ['over the higher limit for long', 'high-throughput', () => 46, 'critical', 'above-critical'],
    ['over it for too short', 'high-throughput', (_, at) => (at < 35 ? 30 : 46), 'notice', 'above-not-yet-lasting'],
    ['over it for long, and over', 'high-throughput', (_, at) => (at < 28 ? 42 : 30), 'warning', 'was-above-warning'],
    ['badly, and over', 'high-throughput', (_, at) => (at < 28 ? 46 : 30), 'warning', 'was-above-critical'],
    [
      'over it for too short, and over',
      'high-throughput',
      (_, at) => (silent(20, 30, at) ? 46 : 30),
      'ok',
      'within-policy',
    ],
    ['enough', 'low-throughput', () => 40, 'ok', 'within-policy'],
    ['under the floor for long', 'low-throughput', () => 39, 'warning', 'below-warning'],
    [
      'under the floor for too short',
      'low-throughput',
      (_, at) => (at < 35 ? 41 : 39),
      'notice',
      'below-not-yet-lasting',
    ],
    ['under the floor, and over', 'low-throughput', (_, at) => (at < 28 ? 39 : 41), 'warning', 'was-below-warning'],
  ])('%s', (_name, slug, rate, severity, reason) => {
    const { findings } = judge(slug, slug === 'high-throughput' ? limit : floor, seriesOf(rate, 20));
    expect(findings).toMatchObject([{ check: slug, subject: 'cluster', severity, reason }]);
  });

  test.each<[string, Rule, (id: number, index: number) => number | undefined, string, string]>([
    ['a broker is silent', 'high-throughput', (id) => (id === 7 ? undefined : 30), 'unknown', 'of broker 7'],
    ['two are', 'high-throughput', (id) => (id < 3 ? undefined : 30), 'unknown', 'of brokers 1, 2'],
    ['all are', 'high-throughput', () => undefined, 'unknown', 'of brokers 1, 2, 3, 4, 5 and 15 more'],
    [
      'a broker is silent, and the others are over it',
      'high-throughput',
      (id) => (id === 7 ? undefined : 44),
      'warning',
      'at least 836',
    ],
    [
      'a broker is silent, and the others are over all',
      'high-throughput',
      (id) => (id === 7 ? undefined : 60),
      'critical',
      'at least 1140',
    ],
    [
      'a broker is silent for a quarter of an hour',
      'high-throughput',
      (id, at) => (id === 7 && at > 24 ? undefined : 30),
      'unknown',
      'of broker 7',
    ],
    [
      'a broker was silent',
      'high-throughput',
      (id, at) => (id === 7 && silent(10, 20, at) ? undefined : 30),
      'ok',
      '600 messages',
    ],
    [
      'the newest minutes are late',
      'high-throughput',
      (id, at) => (id === 7 && at > 35 ? undefined : 30),
      'ok',
      '600 messages',
    ],
    [
      'a broker is silent, and the others are under the floor',
      'low-throughput',
      (id) => (id === 7 ? undefined : 39),
      'unknown',
      'of broker 7',
    ],
    [
      'a broker is silent, and the others are enough',
      'low-throughput',
      (id) => (id === 7 ? undefined : 60),
      'ok',
      'at least 1140',
    ],
    [
      'brokers take turns in being silent',
      'high-throughput',
      (id, at) => ((id + at) % 20 < 2 ? undefined : 30),
      'unknown',
      'no minute of the last ten in which all 20 brokers sent',
    ],
  ])('what was not sent is never taken for nothing: %s', (_name, slug, rate, severity, words) => {
    const { findings } = judge(slug, slug === 'high-throughput' ? limit : floor, seriesOf(rate, 20));
    expect(findings).toMatchObject([{ severity, message: expect.stringContaining(words) }]);
  });

  test('a level without minutes counts a single one', () => {
    const atOnce = { limits: { messagesInPerSecond: { critical: 800 } }, floors: {} };
    const { findings } = judge(
      'high-throughput',
      atOnce,
      seriesOf((_, at) => (at === 39 ? 42 : 30), 20),
    );
    expect(findings).toMatchObject([{ severity: 'critical', reason: 'above-critical' }]);
  });

  test('the rate, its brokers and those that are silent are the evidence', () => {
    const evidenceOf = (rate: (id: number, at: number) => number | undefined) =>
      judge('high-throughput', limit, seriesOf(rate, 20)).findings[0]?.evidence;
    expect(evidenceOf(() => 30)).toEqual({ brokers: 20, messagesInPerSecond: 600, metrics: 'MessagesInPerSec' });
    expect(evidenceOf((id) => (id === 7 ? undefined : 44))).toEqual({
      brokers: 20,
      silentBrokers: '7',
      metrics: 'MessagesInPerSec',
    });
    expect(evidenceOf((_, at) => (at < 28 ? 42 : 30))).toEqual({
      brokers: 20,
      messagesInPerSecond: 600,
      metrics: 'MessagesInPerSec',
      exceededMinutes: 27,
      exceededUntil: '2026-01-14T11:47:00.000Z',
      exceededLimit: 800,
    });
  });

  test('a long silence of all ends what lasted, so that nothing is called lasting across it', () => {
    const quiet = seriesOf((_, at) => (silent(20, 35, at) ? undefined : 42), 20);
    const { findings } = judge('high-throughput', limit, quiet);
    expect(findings).toMatchObject([{ severity: 'warning', reason: 'was-above-warning' }]);
    const short = seriesOf((_, at) => (at < 26 && at > 9 ? undefined : 42), 20);
    expect(judge('high-throughput', limit, short).findings).toMatchObject([{ severity: 'notice' }]);
  });

  test('what lasted until all fell silent is told, in the past', () => {
    const ended = seriesOf((_, at) => (at < 28 ? 42 : undefined), 20);
    expect(judge('high-throughput', limit, ended).findings).toMatchObject([
      {
        severity: 'warning',
        reason: 'was-above-warning',
        message: expect.stringMatching(
          /^The cluster took 840 messages a second on 20 brokers at 2026-01-14T11:47:00.000Z; it was over 800 for 27 min/,
        ),
      },
    ]);
  });

  test('a series that CloudWatch could not give is unknown for that reason', () => {
    const unread = { part: 'all', why: 'InternalError try again' } as const;
    const lost = seriesOf((id) => (id === 7 ? undefined : 30), 20).map((one) =>
      one.brokerId === 7 ? { ...one, unread } : one,
    );
    expect(judge('high-throughput', limit, lost).findings).toMatchObject([
      {
        severity: 'unknown',
        reason: 'series-unreadable',
        message:
          'The messages a second of the cluster are not known: CloudWatch could not give MessagesInPerSec of broker 7 (InternalError try again).',
      },
    ]);
  });

  test('CloudWatch that does not answer makes it unknown, with the call by its name', () => {
    const { findings } = judge(
      'high-throughput',
      limit,
      seriesOf(() => 30, 20),
      {
        metrics: failed('cloudwatch:GetMetricData'),
      },
    );
    expect(findings).toMatchObject([{ severity: 'unknown', message: expect.stringContaining('GetMetricData') }]);
  });

  test('a time that nobody looked at is said', () => {
    const halfHour = { fromMs: noonMs - 180 * minuteMs, unjudgedFromMs: noonMs - 600 * minuteMs };
    const { notJudged } = judge(
      'high-throughput',
      limit,
      seriesOf(() => 30, 20),
      { halfHour },
    );
    expect(notJudged).toMatchObject([{ check: 'high-throughput', reason: expect.stringContaining('by nobody') }]);
  });

  test.each<[string, Pick<Policy, 'limits' | 'floors'>, Partial<HealthObservation>, Omit<NotJudged, 'check'>]>([
    ['no number is named', floor, {}, { reason: 'the policy names no messagesInPerSecond', isUnwanted: true }],
    ['it is not time yet', limit, { isThroughputAsked: false }, { reason: 'judged every half hour' }],
  ])('it is said why it is not judged: %s', (_name, policy, more, why) => {
    const judgement = judge(
      'high-throughput',
      policy,
      seriesOf(() => 30, 20),
      more,
    );
    expect(judgement).toEqual({ findings: [], notJudged: [{ check: 'high-throughput', ...why }] });
  });
});

test('a silence never makes it milder than what was sent proves, nor well without a whole minute', () => {
  const sent = fc.array(
    fc.array(fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }), { minLength: 40, maxLength: 40 }),
    {
      minLength: 11,
      maxLength: 13,
    },
  );
  fc.assert(
    fc.property(sent, (rates) => {
      const partial = judge(
        'high-throughput',
        limit,
        seriesOf((id, at) => rates[id - 1]?.[at], rates.length),
      );
      const whole = judge(
        'high-throughput',
        limit,
        seriesOf((id, at) => rates[id - 1]?.[at] ?? 0, rates.length),
      );
      const [incomplete] = partial.findings;
      const isAnyMissing = rates.some((one) => one.slice(-10).includes(undefined));
      // Without a whole minute lately `ok` would be a guess.
      const isAnyWhole = Array.from({ length: 10 }, (_, index) => 30 + index).some((at) =>
        rates.every((one) => one[at] !== undefined),
      );
      if (isAnyMissing && !isAnyWhole) expect(incomplete?.severity).not.toBe('ok');
      if (!isAnyMissing) expect(incomplete?.severity).not.toBe('unknown');
      if (whole.findings[0]?.reason === 'above-critical') expect(incomplete?.severity).toBe('critical');
    }),
    cases(200, 5_000),
  );
});

const presets = ['msk-operations', 'daily-procedures', 'message-broker', 'performance-tuning'];

describe.each([3, 10, 11, 30, 60])('of %i brokers', (brokerCount) => {
  test.each(presets)('each throughput limit of %s is judged by exactly one of alarm and look', (preset) => {
    const context = tabledContextWith({ brokerCount }, preset);
    const { policy } = context.configuration;
    const expected = expectationOf(brokerCount);
    const isThroughputAsked = isThroughputLeftToLook(policy, expected);
    const questions = { depth: 'light', rules: [], ...asked, isThroughputAsked } as const;
    const requests = planMetrics(questions, expected, expected.brokerIds);
    const isAsked = requests.some(({ metric }) => metric === 'MessagesInPerSec');
    const bounds = [
      ['high-throughput', policy.limits.messagesInPerSecond, 1] as const,
      ['low-throughput', policy.floors.messagesInPerSecond, -1] as const,
    ].flatMap(([slug, bound, side]) =>
      (['warning', 'critical', 'emergency'] as const).flatMap((severity) =>
        bound?.[severity] === undefined ? [] : [{ slug, severity, total: bound[severity] + side }],
      ),
    );
    for (const { slug, severity, total } of bounds) {
      const alarms = tabledAlarmsOf(context).filter((one) => one.slug === slug && one.severity === severity);
      const metrics = isAsked ? seriesOf(() => total / brokerCount, brokerCount) : [];
      const seen = healthObservation({ ...questions, metrics: known(metrics) });
      const { findings, notJudged } = evaluateThroughput(slug, factsOf(seen, expected), policy);
      expect(alarms).toHaveLength(brokerCount <= 10 ? 1 : 0);
      expect(findings.map((one) => one.severity)).toEqual(brokerCount <= 10 ? [] : [severity]);
      expect(notJudged.map(({ reason }) => reason)).toEqual(brokerCount <= 10 ? ['its alarm judges it'] : []);
    }
    expect(isAsked).toBe(bounds.length > 0 && brokerCount > 10);
    expect(requests.filter(({ metric }) => metric === 'MessagesInPerSec')).toHaveLength(isAsked ? brokerCount : 0);
  });
});

test('the time that is asked for holds the minutes of the limit', () => {
  const hours = { limits: { messagesInPerSecond: { warning: 800, warningForMinutes: 240 } }, floors: {} };
  expect(longestMinutes({ depth: 'light', rules: [], ...asked }, hours)).toBe(240);
  expect(longestMinutes({ depth: 'light', rules: [] }, hours)).toBe(0);
});
