/** A metric's values over time, by the start of each period in epoch milliseconds; a missing point has no entry. */
export type Series = {
  readonly kind: 'series';
  readonly label: string;
  readonly periodMs: number;
  readonly points: ReadonlyMap<number, number>;
};
export type Scalar = { readonly kind: 'scalar'; readonly value: number };
export type SeriesArray = { readonly kind: 'array'; readonly series: readonly Series[] };
export type MathValue = Scalar | Series | SeriesArray;

/** An expression that CloudWatch, or this stand-in, refuses. */
export class MetricMathError extends Error {
  override readonly name = 'MetricMathError';
}

export type Operator = '+' | '-' | '*' | '/' | '^' | '==' | '!=' | '<=' | '>=' | '<' | '>' | 'AND' | 'OR';

/**
 * Applies an operator. Where one of two series has no point, it counts as 0; a division by zero drops the point
 * (CloudWatch User Guide, "Using metric math": basic arithmetic, comparison and logical operators).
 *
 * @throws MetricMathError for two arrays of different length
 */
export function combine(operator: Operator, left: MathValue, right: MathValue): MathValue {
  if (left.kind === 'array' && right.kind === 'array') {
    if (left.series.length !== right.series.length) {
      throw new MetricMathError(`arrays of ${left.series.length} and ${right.series.length} time series don't match`);
    }
    return arrayOf(left.series.map((each, index) => combine(operator, each, right.series[index] ?? each)));
  }
  if (left.kind === 'array') return arrayOf(left.series.map((each) => combine(operator, each, right)));
  if (right.kind === 'array') return arrayOf(right.series.map((each) => combine(operator, left, each)));
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    return { kind: 'scalar', value: combineNumbers(operator, left.value, right.value) ?? Number.NaN };
  }
  const model = left.kind === 'series' ? left : right;
  if (model.kind === 'scalar') throw new MetricMathError('no time series to combine');
  const points = new Map<number, number>();
  for (const atMs of timesOf(left, right)) {
    const value = combineNumbers(operator, valueAt(left, atMs) ?? 0, valueAt(right, atMs) ?? 0);
    // A number divided by 0 beside a series drops the point as well.
    if (value !== undefined && !Number.isNaN(value)) points.set(atMs, value);
  }
  return { ...model, points };
}

/** A scalar is the same at every time. */
export function valueAt(value: Scalar | Series, atMs: number): number | undefined {
  return value.kind === 'scalar' ? value.value : value.points.get(atMs);
}

/** Every time at which one of the series has a point, ascending. */
export function timesOf(...values: readonly (Scalar | Series)[]): readonly number[] {
  const times = new Set(values.flatMap((value) => (value.kind === 'series' ? [...value.points.keys()] : [])));
  return [...times].sort((a, b) => a - b);
}

/** The same series with each point changed; undefined drops it. */
export function mapPoints(series: Series, change: (value: number, atMs: number) => number | undefined): Series {
  const points = new Map<number, number>();
  for (const [atMs, value] of [...series.points].sort(([a], [b]) => a - b)) {
    const changed = change(value, atMs);
    if (changed !== undefined) points.set(atMs, changed);
  }
  return { ...series, points };
}

/** Applies a change of one series to one or to each of an array. @throws MetricMathError for a scalar */
export function mapSeries(name: string, value: MathValue, change: (series: Series) => Series): MathValue {
  if (value.kind === 'scalar') throw new MetricMathError(`${name} needs a time series, not a number`);
  return value.kind === 'series' ? change(value) : { kind: 'array', series: value.series.map(change) };
}

function arrayOf(values: readonly MathValue[]): SeriesArray {
  return { kind: 'array', series: values.flatMap((value) => (value.kind === 'series' ? [value] : [])) };
}

function combineNumbers(operator: Operator, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : left / right;
    case '^':
      return left ** right;
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '<=':
      return Number(left <= right);
    case '>=':
      return Number(left >= right);
    case '<':
      return Number(left < right);
    case '>':
      return Number(left > right);
    case 'AND':
      return Number(left !== 0 && right !== 0);
    case 'OR':
      return Number(left !== 0 || right !== 0);
    default:
      return operator satisfies never;
  }
}
