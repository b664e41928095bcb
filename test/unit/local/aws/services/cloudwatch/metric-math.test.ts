import { describe, expect, test } from 'vitest';
import { MetricMathError } from '../../../../../../local/aws/services/cloudwatch/math-values.ts';
import { evaluateQueries } from '../../../../../../local/aws/services/cloudwatch/metric-math.ts';
import { readMetricQueries } from '../../../../../../local/aws/services/cloudwatch/metric-query.ts';

type Values = readonly (number | undefined)[];
const minuteMs = 60_000;

/** Evaluates one expression over metrics m1, m2, … of one value a minute; a missing value is undefined. */
function evaluate(expression: string, valuesByMetric: Readonly<Record<string, Values>>): Values {
  const queries = readMetricQueries([
    { Id: 'result', Expression: expression },
    ...Object.keys(valuesByMetric).map((id) => ({
      Id: id,
      MetricStat: { Metric: { Namespace: 'N', MetricName: id }, Period: 60, Stat: 'Sum' },
      ReturnData: false,
    })),
  ]);
  const length = Math.max(...Object.values(valuesByMetric).map((values) => values.length));
  const starts = Array.from({ length }, (_, index) => index * minuteMs);
  const [result] = evaluateQueries({
    queries,
    readSeries: ({ metric }, label) => ({
      kind: 'series',
      label,
      periodMs: minuteMs,
      points: new Map(
        starts.flatMap((atMs, index) => {
          const value = valuesByMetric[metric.name]?.[index];
          return value === undefined ? [] : [[atMs, value] as const];
        }),
      ),
    }),
    times: () => starts,
  });
  return starts.map((atMs) => result?.series[0]?.points.get(atMs));
}

const m = undefined;

describe('operators', () => {
  test.each<[string, Record<string, Values>, Values]>([
    ['m1 + m2', { m1: [1, 2], m2: [10, 20] }, [11, 22]],
    ['m1 + m2', { m1: [1, m], m2: [m, 20] }, [1, 20]],
    ['m1 - m2 * 2', { m1: [10], m2: [3] }, [4]],
    ['(m1 - m2) * 2', { m1: [10], m2: [3] }, [14]],
    ['100 * m1 / m2', { m1: [1, 1], m2: [4, 0] }, [25, m]],
    ['(-m1) ^ 2 - m1 ^ 2', { m1: [3] }, [0]],
    ['m1 < m2', { m1: [30, 20, 0, 0], m2: [20, m, 20, m] }, [0, 0, 1, 0]],
    ['m1 >= 30', { m1: [30, 20, 0, 0] }, [1, 0, 0, 0]],
    ['m1 > 15 AND m2 > 15', { m1: [30, 20, 0, 0], m2: [20, m, 20, m] }, [1, 0, 0, 0]],
    ['m1 > 15 || m2 > 15', { m1: [30, 20, 0, 0], m2: [20, m, 20, m] }, [1, 1, 1, 0]],
  ])('%s of %j is %j', (expression, metrics, expected) => {
    expect(evaluate(expression, metrics)).toEqual(expected);
  });
});

describe('functions', () => {
  test.each<[string, Record<string, Values>, Values]>([
    ['SUM(METRICS())', { m1: [1, m], m2: [2, 3] }, [3, 3]],
    ['AVG(METRICS())', { m1: [1, m], m2: [3, 3] }, [2, 1.5]],
    ['MAX([m1, m2])', { m1: [1, 9], m2: [2, 3] }, [2, 9]],
    ['MIN([m1, m2])', { m1: [1, 9], m2: [2, 3] }, [1, 3]],
    ['SUM(METRICS("err"))', { err1: [1], ok1: [5], err2: [2] }, [3]],
    ['m1 - MIN(m1)', { m1: [4, 6] }, [0, 2]],
    ['m1 * 60 / PERIOD(m1)', { m1: [7] }, [7]],
    ['ABS(m1)', { m1: [-4, 6] }, [4, 6]],
    ['CEIL(m1 / 4)', { m1: [5] }, [2]],
    ['FILL(m1, 0)', { m1: [m, 5, m] }, [0, 5, 0]],
    ['FILL(m1, REPEAT)', { m1: [m, 5, m] }, [m, 5, 5]],
    ['FILL(m1, LINEAR)', { m1: [1, m, 5] }, [1, 3, 5]],
    ['FILL(m1, m2)', { m1: [m, 5], m2: [8, 9] }, [8, 5]],
    ['IF(m1, m2, m3)', { m1: [1, 1, 0, 0, m], m2: [30, m, 0, 0, 30], m3: [0, 0, 20, m, 20] }, [30, 0, 20, m, m]],
    ['IF(m1, 5, m3)', { m1: [1, 1, 0, 0, m], m3: [0, 0, 20, m, 20] }, [5, 5, 20, m, m]],
    ['IF(m1, m2, 5)', { m1: [1, 1, 0, 0, m], m2: [30, m, 0, 0, 30] }, [30, 0, 5, 5, m]],
    ['IF(m1 < 400, m1)', { m1: [300, 500] }, [300, m]],
    ['RATE(m1)', { m1: [0, 120] }, [m, 2]],
    ['SUM([m1, 100 / m2])', { m1: [1], m2: [4] }, [26]],
  ])('%s of %j is %j', (expression, metrics, expected) => {
    expect(evaluate(expression, metrics)).toEqual(expected);
  });
});

describe('refused expressions', () => {
  test.each([
    ['m1 +', /unexpected end/],
    ['m9', /m9, which is not a query's Id/],
    ['SUM(m1)', /a number, not a time series/],
    ['result + 1', /refers to itself/],
    ['SEARCH("x", "Sum")', /no value|not supported/],
    ['SELECT MAX(x) FROM SCHEMA("N")', /Metrics Insights/],
    ['m1 $ 2', /cannot read \$ 2/],
    ['MEDIAN(m1)', /MEDIAN is not supported/],
  ])('%s', (expression, reason) => {
    expect(() => evaluate(expression, { m1: [1] })).toThrow(MetricMathError);
    expect(() => evaluate(expression, { m1: [1] })).toThrow(reason);
  });
});
