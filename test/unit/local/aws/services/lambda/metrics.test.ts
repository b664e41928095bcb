import { expect, test } from 'vitest';
import { createMetricStore } from '../../../../../../local/aws/services/cloudwatch/metric-store.ts';
import { publishInvocation } from '../../../../../../local/aws/services/lambda/metrics.ts';

const startsOf = (alarmPeriodScale: number) => {
  const stamps: (number | undefined)[] = [];
  publishInvocation(
    {
      alarmPeriodScale,
      metrics: createMetricStore(),
      publish: (_id, _value, options) => {
        stamps.push(options?.atMs);
      },
    },
    { functionName: 'cluster-health', atMs: 1_000_000, durationMs: 30_000, isError: false },
  );
  return [...new Set(stamps)];
};

test('an invocation is counted at its start, as on AWS', () => {
  expect(startsOf(1)).toEqual([1_000_000]);
});

test('where alarms’ minutes are shortened, a run of thirty real seconds does not begin ten of them ago', () => {
  expect(startsOf(0.05)).toEqual([1_028_500]);
});
