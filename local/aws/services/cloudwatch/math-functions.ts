import {
  type MathValue,
  MetricMathError,
  mapPoints,
  mapSeries,
  type Scalar,
  type Series,
  type SeriesArray,
  timesOf,
  valueAt,
} from './math-values.ts';

/** The time that an evaluation covers: the starts of its periods, ascending; of its own period where none is named. */
export type TimesOfPeriod = (periodMs?: number) => readonly number[];

type MathFunction = (args: readonly MathValue[], name: string, times: TimesOfPeriod) => MathValue;

/** Of one series a number; of an array a series. `overArray` sees the existing values and how many series there are. */
const reduction =
  (ofOne: (values: readonly number[]) => number, overArray: typeof ofArray = ofArray): MathFunction =>
  (args, name) => {
    const [value] = only(name, args, 1);
    if (value === undefined || value.kind === 'scalar') throw new MetricMathError(`${name} needs a time series`);
    if (value.kind === 'series') return { kind: 'scalar', value: ofOne([...value.points.values()]) };
    return overArray(value, ofOne);
  };

function ofArray({ series }: SeriesArray, reduce: (values: readonly number[]) => number): Series {
  const points = new Map(
    timesOf(...series).map((atMs) => [atMs, reduce(series.flatMap((each) => each.points.get(atMs) ?? []))] as const),
  );
  return { kind: 'series', label: '', periodMs: series[0]?.periodMs ?? 60_000, points };
}

/** The average of an array counts a missing value as 0 (User Guide, AVG). */
const averageOfArray: typeof ofArray = (array) =>
  ofArray(array, (values) => sum(values) / Math.max(1, array.series.length));

const pointwise =
  (change: (value: number) => number): MathFunction =>
  (args, name) => {
    const [value] = only(name, args, 1);
    return mapSeries(name, value ?? { kind: 'scalar', value: 0 }, (series) => mapPoints(series, change));
  };

/** A change that looks at the point before. */
const successive =
  (change: (value: number, before: number, elapsedSeconds: number) => number): MathFunction =>
  (args, name) => {
    const [value] = only(name, args, 1);
    return mapSeries(name, value ?? { kind: 'scalar', value: 0 }, (series) => {
      let before: { value: number; atMs: number } | undefined;
      return mapPoints(series, (now, atMs) => {
        const last = before;
        before = { value: now, atMs };
        return last === undefined ? undefined : change(now, last.value, (atMs - last.atMs) / 1000);
      });
    });
  };

/** Functions whose arguments are values. METRICS, PERIOD, FILL's keywords and SEARCH need names: see metric-math.ts. */
export const mathFunctions: Readonly<Record<string, MathFunction>> = {
  SUM: reduction(sum),
  AVG: reduction((values) => sum(values) / values.length, averageOfArray),
  MIN: reduction((values) => Math.min(...values)),
  MAX: reduction((values) => Math.max(...values)),
  DATAPOINT_COUNT: reduction((values) => values.length),
  ABS: pointwise(Math.abs),
  CEIL: pointwise(Math.ceil),
  FLOOR: pointwise(Math.floor),
  DIFF: successive((value, before) => value - before),
  RATE: successive((value, before, elapsedSeconds) => (value - before) / elapsedSeconds),
  RUNNING_SUM: (args, name) => {
    const [value] = only(name, args, 1);
    return mapSeries(name, value ?? { kind: 'scalar', value: 0 }, (series) => {
      let running = 0;
      return mapPoints(series, (each) => (running += each));
    });
  },
  METRIC_COUNT: (args, name) => {
    const [value] = only(name, args, 1);
    return { kind: 'scalar', value: value?.kind === 'array' ? value.series.length : 1 };
  },
  TIME_SERIES: (args, name, times) => {
    const [value] = only(name, args, 1);
    if (value?.kind !== 'scalar') throw new MetricMathError('TIME_SERIES needs a number');
    return {
      kind: 'series',
      label: '',
      periodMs: 60_000,
      points: new Map(times().map((atMs) => [atMs, value.value])),
    };
  },
  FIRST: (args, name) => member(name, args, 0),
  LAST: (args, name) => member(name, args, -1),
  IF: (args) => choose(args),
};

/**
 * IF per point of the condition: where it is true and the value has no point, 0; where it is false and there is no
 * other value, the point is dropped (User Guide, "Using IF expressions").
 */
function choose(args: readonly MathValue[]): MathValue {
  const [condition, then, otherwise] = args;
  if (condition === undefined || then === undefined || args.length > 3)
    throw new MetricMathError('IF takes 2 or 3 arguments');
  if (condition.kind === 'array' || then.kind === 'array' || otherwise?.kind === 'array') {
    throw new MetricMathError('IF takes no array of time series');
  }
  if (condition.kind === 'scalar') {
    const chosen: Scalar | Series | undefined = condition.value === 0 ? otherwise : then;
    return chosen ?? { ...(then.kind === 'series' ? then : emptySeries), points: new Map() };
  }
  return mapPoints(condition, (value, atMs) =>
    value === 0 ? otherwise && valueAt(otherwise, atMs) : (valueAt(then, atMs) ?? 0),
  );
}

const emptySeries: Series = { kind: 'series', label: '', periodMs: 60_000, points: new Map() };

function member(name: string, args: readonly MathValue[], index: number): MathValue {
  const [value] = only(name, args, 1);
  const found = value?.kind === 'array' ? value.series.at(index) : undefined;
  if (found === undefined) throw new MetricMathError(`${name} needs an array with a time series`);
  return found;
}

function only(name: string, args: readonly MathValue[], count: number): readonly MathValue[] {
  if (args.length !== count) throw new MetricMathError(`${name} takes ${count} argument, not ${args.length}`);
  return args;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
