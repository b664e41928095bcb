import { describe, expect, test } from 'vitest';
import { evaluateQueries } from '../../../../../../local/aws/services/cloudwatch/metric-math.ts';
import { readMetricQueries } from '../../../../../../local/aws/services/cloudwatch/metric-query.ts';
import { createMetricStore, sampleOfValues } from '../../../../../../local/aws/services/cloudwatch/metric-store.ts';
import { alignedStartMs, keptMs, windowScope } from '../../../../../../local/aws/services/cloudwatch/metric-window.ts';

const nowMs = Date.parse('2026-11-21T06:07:08Z');
const dayMs = 86_400_000;

describe('the start of a query', () => {
  test.each([
    ['down to the minute', '2026-11-21T05:17:23Z', 300, '2026-11-21T05:17:00Z'],
    ['down to five minutes when older than 15 days', '2026-11-01T05:17:23Z', 300, '2026-11-01T05:15:00Z'],
    ['down to the hour when older than 63 days', '2026-09-01T05:17:23Z', 3600, '2026-09-01T05:00:00Z'],
    ['down to ten seconds for a period of ten seconds', '2026-11-21T06:05:23Z', 10, '2026-11-21T06:05:20Z'],
  ])('is rounded %s', (_how, start, periodSeconds, expected) => {
    expect(new Date(alignedStartMs(Date.parse(start), periodSeconds, nowMs)).toISOString()).toBe(
      new Date(expected).toISOString(),
    );
  });
});

test.each([
  [10, 3 / 24],
  [60, 15],
  [300, 63],
  [900, 63],
  [3600, 455],
  [86_400, 455],
])('data of a period of %i s is kept for %d days', (periodSeconds, days) => {
  expect(keptMs(periodSeconds)).toBe(days * dayMs);
});

test('data that is older than its period is kept is not found, and with a longer period it is', () => {
  const store = createMetricStore();
  const id = { namespace: 'N', name: 'm', dimensions: {} };
  store.put(id, sampleOfValues(nowMs - 20 * dayMs, [{ value: 4, count: 1 }]));
  const pointsOf = (Period: number) => {
    const queries = readMetricQueries([
      { Id: 'a', MetricStat: { Metric: { Namespace: 'N', MetricName: 'm' }, Period, Stat: 'Sum' } },
    ]);
    const [result] = evaluateQueries(windowScope(store, queries, { startMs: nowMs - 30 * dayMs, endMs: nowMs, nowMs }));
    return [...(result?.series[0]?.points.values() ?? [])];
  };
  expect(pointsOf(60)).toEqual([]);
  expect(pointsOf(300)).toEqual([4]);
});
