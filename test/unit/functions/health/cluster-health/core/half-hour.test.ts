import { describe, expect, test } from 'vitest';
import { evaluateClusterHealth } from '../../../../../../functions/health/cluster-health/core/evaluate.ts';
import { planHalfHour } from '../../../../../../functions/health/cluster-health/core/half-hour.ts';
import { planMetricRange } from '../../../../../../functions/health/cluster-health/core/metrics.ts';
import type {
  HealthObservation,
  MetricSeries,
} from '../../../../../../functions/health/cluster-health/core/observation.ts';
import { evaluateResources } from '../../../../../../functions/health/cluster-health/core/resources.ts';
import type { MetricName } from '../../../../../../shared/core/metric-table.ts';
import {
  factsOf,
  failed,
  healthExpectation,
  healthObservation,
  healthState,
  known,
  metricSeries,
  minuteMs,
  noonMs,
} from '../../../../../support/health/builders.ts';

const judged = (minutesAgo: number) => healthState({ halfHourJudgedToMs: noonMs - minutesAgo * minuteMs });

test.each([
  ['the first run', 'light', undefined, 30],
  ['a run after a release that did not know it', 'light', healthState(), 30],
  ['half an hour after the last time', 'light', judged(30), 30],
  ['seconds early, as schedules are', 'light', judged(29.8), 29.8],
  ['the full run, whenever it comes', 'full', judged(4), 4],
  ['a run after two that failed', 'light', judged(95), 95],
  ['a clock that ran ahead', 'light', judged(-5), 30],
] as const)('memory is judged since the last time: %s', (_name, depth, previous, minutes) => {
  expect(planHalfHour(depth, previous, noonMs)).toEqual({ fromMs: noonMs - minutes * minuteMs });
});

test('between two half hours memory is not asked', () => {
  expect(planHalfHour('light', judged(0), noonMs)).toBeUndefined();
  expect(planHalfHour('light', judged(29), noonMs)).toBeUndefined();
});

test('three hours are caught up, and what is beyond is said to be judged by nobody', () => {
  const span = planHalfHour('light', judged(600), noonMs);
  expect(span).toEqual({ fromMs: noonMs - 180 * minuteMs, unjudgedFromMs: noonMs - 600 * minuteMs });
  const seen = healthObservation({ depth: 'light', ...(span !== undefined && { halfHour: span }) });
  const policy = { limits: { memoryUsedPercent: { warning: 80 } }, floors: {} };
  const { notJudged } = evaluateResources(factsOf(seen, healthExpectation()), policy);
  expect(notJudged.find(({ check }) => check === 'memory-used')?.reason).toContain(
    'from 2026-01-14T02:00:00.000Z to 2026-01-14T09:00:00.000Z',
  );
});

test.each([
  ['an hour', 15, undefined, 60],
  ['as long as the longest duration, and what comes late', 240, undefined, 250],
  ['the span of memory, and the duration before it', 15, 90, 115],
])('CloudWatch is asked for %s', (_name, longestMinutes, spanMinutes, minutes) => {
  const span = spanMinutes === undefined ? undefined : { fromMs: noonMs - spanMinutes * minuteMs };
  const range = planMetricRange(noonMs, longestMinutes, span);
  expect(range).toEqual({ fromMs: noonMs - minutes * minuteMs, toMs: noonMs });
});

/** Memory of broker 2 by the minute, oldest first, the last one a minute old; others are at 30 %. */
function memoryOf(percents: readonly number[]) {
  return metricSeries({ MemoryUsed: 30, MemoryFree: 70, MemoryBuffered: 0, MemoryCached: 0 }).map((one) => {
    if (one.brokerId !== 2 || !one.metric.startsWith('Memory')) return one;
    const points = percents.map((percent, index) => ({
      atMs: noonMs - (percents.length - index) * minuteMs,
      value: one.metric === 'MemoryUsed' ? percent : one.metric === 'MemoryFree' ? 100 - percent : 0,
    }));
    return { ...one, points };
  });
}
const minutes = (count: number, percent: number): readonly number[] => Array.from({ length: count }, () => percent);
const limits = { memoryUsedPercent: { warning: 80, warningForMinutes: 5, critical: 90, criticalForMinutes: 5 } };

describe('memory over half an hour', () => {
  const judge = (percents: readonly number[]) => {
    const seen = healthObservation({ metrics: known(memoryOf(percents)) });
    const { findings } = evaluateResources(factsOf(seen), { limits, floors: {} });
    return findings.find(({ check, subject }) => check === 'memory-used' && subject === 'broker 2');
  };

  test.each([
    ['as ever', minutes(30, 50), 'ok', 'within-policy'],
    ['over the limit for its minutes, and still', [...minutes(20, 50), ...minutes(10, 85)], 'warning', 'above-warning'],
    ['over the higher limit, and still', [...minutes(20, 50), ...minutes(10, 95)], 'critical', 'above-critical'],
    ['over the limit for too short', [...minutes(28, 50), ...minutes(2, 95)], 'notice', 'above-not-yet-lasting'],
    [
      'over it for too short, and over',
      [...minutes(10, 50), ...minutes(4, 95), ...minutes(16, 50)],
      'ok',
      'within-policy',
    ],
    [
      'over it for long, and over',
      [...minutes(10, 50), ...minutes(8, 85), ...minutes(12, 50)],
      'warning',
      'was-above-warning',
    ],
    ['badly, and over', [...minutes(5, 50), ...minutes(9, 95), ...minutes(16, 50)], 'warning', 'was-above-critical'],
    ['badly before, and still over the lower one', [...minutes(9, 95), ...minutes(21, 85)], 'warning', 'above-warning'],
  ])('%s', (_name, percents, severity, reason) => {
    expect(judge(percents)).toMatchObject({ severity, reason });
  });

  test('what is over says for how long it was, and until when', () => {
    const found = judge([...minutes(10, 50), ...minutes(8, 85), ...minutes(12, 50)]);
    expect(found?.message).toContain('at 50 %; it was over 80 % for 7 min until 2026-01-14T11:47:00.000Z');
  });

  test('what ended long before the last judgement was judged then', () => {
    const found = judge([...minutes(10, 85), ...minutes(37, 50)]);
    expect(found).toMatchObject({ severity: 'ok' });
  });

  test('a floor that was only touched was not passed, and one that was passed is told', () => {
    const idle = (fractions: readonly number[]) => {
      const points = fractions.map((value, index) => ({
        atMs: noonMs - (fractions.length - index) * minuteMs,
        value,
      }));
      const series = { metric: 'RequestHandlerAvgIdlePercent', brokerId: 2, points } as const;
      const seen = healthObservation({ metrics: known([series]) });
      const expected = healthExpectation({ monitoringLevel: 'PER_BROKER' });
      const floors = { requestHandlerIdlePercent: { warning: 30 } };
      const { findings } = evaluateResources(factsOf(seen, expected), { limits: {}, floors });
      return findings.find(({ check, subject }) => check === 'request-handlers-busy' && subject === 'broker 2');
    };
    expect(idle([0.5, 0.3, 0.5])).toMatchObject({ severity: 'ok' });
    expect(idle([0.5, 0.25, 0.5])).toMatchObject({
      severity: 'warning',
      reason: 'was-below-warning',
      message: expect.stringContaining('at 50 %; it was under 30 % for 0 min until 2026-01-14T11:58:00.000Z'),
      evidence: { requestHandlerIdlePercent: 50, exceededMinutes: 0, exceededLimit: 30 },
    });
  });

  test('two peaks with a silence between them are no long one', () => {
    const series = memoryOf([...minutes(3, 85), ...minutes(15, 0), ...minutes(3, 85), ...minutes(9, 50)]).map(
      (one) => ({
        ...one,
        points: one.points.filter(
          (_, index) => one.brokerId !== 2 || one.points.length !== 30 || index < 3 || index >= 18,
        ),
      }),
    );
    const seen = healthObservation({ metrics: known(series) });
    const { findings } = evaluateResources(factsOf(seen), { limits, floors: {} });
    expect(findings.find(({ subject, check }) => subject === 'broker 2' && check === 'memory-used')).toMatchObject({
      severity: 'ok',
    });
  });
});

describe('a broker that fell silent', () => {
  /** Every broker but 2 is heard until now, broker 2 until `silentForMinutes` ago. */
  const judge = (percents: readonly number[], silentForMinutes: number) => {
    const ended = memoryOf(percents).map((one) =>
      one.brokerId !== 2 || !one.metric.startsWith('Memory')
        ? one
        : { ...one, points: one.points.map((point) => ({ ...point, atMs: point.atMs - silentForMinutes * minuteMs })) },
    );
    const seen = healthObservation({ metrics: known(ended) });
    const { findings } = evaluateResources(factsOf(seen), { limits, floors: {} });
    return findings.find(({ check, subject }) => check === 'memory-used' && subject === 'broker 2');
  };

  test.each([
    ['over the limit for long, then calm', [...minutes(8, 85), ...minutes(4, 50)], 'warning', 'was-above-warning'],
    ['over the limit until its last word', minutes(20, 95), 'warning', 'was-above-critical'],
    ['over it for too short until its last word', [...minutes(9, 50), ...minutes(3, 95)], 'unknown', 'no-data'],
    ['well until its last word', minutes(20, 50), 'unknown', 'no-data'],
  ])('is told by what it said in the half hour: %s', (_name, percents, severity, reason) => {
    expect(judge(percents, 11)).toMatchObject({ severity, reason });
  });

  test('says beside it that nobody knows how it stands now', () => {
    expect(judge(minutes(20, 95), 11)?.message).toBe(
      'broker 2: CloudWatch has no fresh MemoryUsed, MemoryFree, MemoryBuffered, MemoryCached, so its memory (page cache not counted) is not known; it was over 90 % for 19 min until 2026-01-14T11:48:00.000Z. A weak signal: confirm with the heap before choosing a larger instance.',
    );
  });

  test('ten minutes ago still speaks of now', () => {
    expect(judge(minutes(20, 95), 9)).toMatchObject({ severity: 'critical', reason: 'above-critical' });
  });
});

describe('a half hour that could not be read', () => {
  const unread = { part: 'all', why: 'InternalError try again' } as const;
  const halfHour = { fromMs: noonMs - 30 * minuteMs };
  const markOf = (metrics: HealthObservation['metrics'], more: Partial<HealthObservation> = {}) =>
    evaluateClusterHealth(
      healthObservation({ depth: 'light', halfHour, metrics, previous: known(judged(30)), ...more }),
      healthExpectation(),
      { limits, floors: {} },
    ).halfHourJudgedToMs;
  const without = (metric: MetricName, more: Pick<MetricSeries, 'unread'>) =>
    known(metricSeries().map((one) => (one.metric === metric && one.brokerId === 3 ? { ...one, ...more } : one)));

  test.each([
    ['all of it was read', known(metricSeries()), 0],
    [
      'a broker sent nothing',
      known(metricSeries().map((one) => (one.brokerId === 3 ? { ...one, points: [] } : one))),
      0,
    ],
    ['a series of it failed', without('CpuSystem', { unread }), 30],
    ['a part of a series is missing', without('MemoryFree', { unread: { ...unread, part: 'some' } }), 30],
    ['what failed is judged daily and by no half hour', without('RootDiskUsed', { unread }), 0],
    ['CloudWatch did not answer', failed('cloudwatch:GetMetricData'), 30],
    ['no broker was known by id', known(metricSeries({}, 'full', [])), 30],
  ])('is judged by the next run: %s', (_name, metrics, minutesAgo) => {
    expect(markOf(metrics)).toBe(noonMs - minutesAgo * minuteMs);
  });

  test('on a first run, too', () => {
    const metrics = without('CpuUser', { unread });
    expect(markOf(metrics, { previous: known(undefined) })).toBe(noonMs - 30 * minuteMs);
    const since = { fromMs: noonMs - 180 * minuteMs, unjudgedFromMs: noonMs - 600 * minuteMs };
    expect(markOf(metrics, { halfHour: since })).toBe(noonMs - 600 * minuteMs);
  });

  test('makes an unknown that says why, of that broker and no other', () => {
    const seen = healthObservation({
      metrics: without('CpuSystem', { unread: { part: 'all', why: 'Forbidden: no' } }),
    });
    const withoutPoints = seen.metrics.isKnown
      ? known(seen.metrics.value.map((one) => (one.unread === undefined ? one : { ...one, points: [] })))
      : seen.metrics;
    const { findings } = evaluateResources(factsOf({ ...seen, metrics: withoutPoints }), {
      limits: { cpuUsedPercent: { warning: 70 } },
      floors: {},
    });
    expect(findings.map(({ severity, reason }) => [severity, reason])).toEqual([
      ['ok', 'within-policy'],
      ['ok', 'within-policy'],
      ['unknown', 'series-unreadable'],
    ]);
    expect(findings[2]?.message).toBe(
      'broker 3: CloudWatch could not give CpuSystem of broker 3 (Forbidden: no), so its CPU (user + system) is not known.',
    );
  });
});
