import { describe, expect, test } from 'vitest';
import { planHalfHour } from '../../../../../../functions/health/cluster-health/core/half-hour.ts';
import { planMetricRange } from '../../../../../../functions/health/cluster-health/core/metrics.ts';
import { evaluateResources } from '../../../../../../functions/health/cluster-health/core/resources.ts';
import {
  factsOf,
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
