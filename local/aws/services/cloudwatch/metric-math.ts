import { mathFunctions, type TimesOfPeriod } from './math-functions.ts';
import { type Expression, parseExpression } from './math-parser.ts';
import {
  combine,
  type MathValue,
  MetricMathError,
  mapSeries,
  type Scalar,
  type Series,
  valueAt,
} from './math-values.ts';
import type { MetricQuery, MetricStat } from './metric-query.ts';

/** What a set of queries is evaluated against. */
export type MathScope = {
  readonly queries: readonly MetricQuery[];
  readonly readSeries: (stat: MetricStat, label: string) => Series;
  readonly times: TimesOfPeriod;
};

/** The results of one query, one or many time series. */
export type QueryResult = { readonly query: MetricQuery; readonly series: readonly Series[] };

/**
 * Evaluates every query, also those that are not returned.
 *
 * @throws MetricMathError for an expression that doesn't parse, names an unknown id, refers to itself or ends in a number
 */
export function evaluateQueries(scope: MathScope): readonly QueryResult[] {
  const valueById = new Map<string, MathValue>();
  const underWay = new Set<string>();
  const resultOf = (id: string): MathValue => {
    const known = valueById.get(id);
    if (known !== undefined) return known;
    const query = scope.queries.find((each) => each.id === id);
    if (query === undefined) throw new MetricMathError(`the expression refers to ${id}, which is not a query's Id`);
    if (underWay.has(id)) throw new MetricMathError(`the expression of ${id} refers to itself`);
    underWay.add(id);
    const value =
      query.of.kind === 'metric'
        ? scope.readSeries(query.of.stat, query.label ?? query.of.stat.metric.name)
        : evaluate(parseExpression(query.of.text), scope, resultOf);
    valueById.set(id, value);
    return value;
  };
  return scope.queries.map((query) => {
    const value = resultOf(query.id);
    if (value.kind === 'scalar') {
      throw new MetricMathError(`Error in expression '${query.id}': the result is a number, not a time series`);
    }
    const several = value.kind === 'array' ? value.series : [value];
    return {
      query,
      series: several.map((series) => ({ ...series, label: query.label ?? (series.label || query.id) })),
    };
  });
}

function evaluate(expression: Expression, scope: MathScope, resultOf: (id: string) => MathValue): MathValue {
  const inner = (each: Expression) => evaluate(each, scope, resultOf);
  switch (expression.kind) {
    case 'number':
      return { kind: 'scalar', value: expression.value };
    case 'text':
      throw new MetricMathError(`the text "${expression.value}" is no value`);
    case 'id':
      return resultOf(expression.name);
    case 'negative':
      return combine('*', { kind: 'scalar', value: -1 }, inner(expression.of));
    case 'operation':
      return combine(expression.operator, inner(expression.left), inner(expression.right));
    case 'list':
      return { kind: 'array', series: expression.items.map(inner).flatMap(seriesOf) };
    case 'call':
      return call(expression, scope, inner, resultOf);
    default:
      return expression satisfies never;
  }
}

function call(
  { name, args }: Extract<Expression, { kind: 'call' }>,
  scope: MathScope,
  inner: (each: Expression) => MathValue,
  resultOf: (id: string) => MathValue,
): MathValue {
  if (name === 'METRICS') {
    const [filter] = args;
    const wanted = filter?.kind === 'text' ? filter.value : '';
    const metrics = scope.queries.filter((query) => query.of.kind === 'metric' && query.id.includes(wanted));
    return { kind: 'array', series: metrics.map((query) => resultOf(query.id)).flatMap(seriesOf) };
  }
  if (name === 'PERIOD') {
    const [metric] = args;
    const query = scope.queries.find((each) => metric?.kind === 'id' && each.id === metric.name);
    if (query?.of.kind !== 'metric') throw new MetricMathError('PERIOD takes the id of a metric');
    return { kind: 'scalar', value: query.of.stat.periodSeconds };
  }
  if (name === 'FILL') return fill(args, scope.times, inner);
  const known = mathFunctions[name];
  if (known === undefined) throw new MetricMathError(`the function ${name} is not supported here`);
  return known(args.map(inner), name, scope.times);
}

/** FILL over the whole window, with a number, another series, the last value (REPEAT) or a straight line (LINEAR). */
function fill(args: readonly Expression[], times: TimesOfPeriod, inner: (each: Expression) => MathValue): MathValue {
  const [what, filler] = args;
  if (what === undefined || filler === undefined || args.length !== 2)
    throw new MetricMathError('FILL takes 2 arguments');
  const keyword =
    filler.kind === 'id' && (filler.name === 'REPEAT' || filler.name === 'LINEAR') ? filler.name : undefined;
  const value = keyword === undefined ? inner(filler) : undefined;
  if (value?.kind === 'array') throw new MetricMathError('FILL takes no array as filler');
  return mapSeries('FILL', inner(what), (series) => {
    const points = new Map<number, number>();
    for (const atMs of times(series.periodMs)) {
      const point = series.points.get(atMs) ?? fillerAt(series, keyword, value, atMs);
      if (point !== undefined) points.set(atMs, point);
    }
    return { ...series, points };
  });
}

function fillerAt(
  series: Series,
  keyword: 'REPEAT' | 'LINEAR' | undefined,
  value: Scalar | Series | undefined,
  atMs: number,
): number | undefined {
  if (keyword === undefined) return value && valueAt(value, atMs);
  const known = [...series.points].sort(([a], [b]) => a - b);
  const before = known.findLast(([knownMs]) => knownMs < atMs);
  if (keyword === 'REPEAT' || before === undefined) return before?.[1];
  const after = known.find(([knownMs]) => knownMs > atMs);
  if (after === undefined) return undefined;
  return before[1] + ((after[1] - before[1]) * (atMs - before[0])) / (after[0] - before[0]);
}

function seriesOf(value: MathValue): readonly Series[] {
  if (value.kind === 'scalar') throw new MetricMathError('an array holds time series, not numbers');
  return value.kind === 'series' ? [value] : value.series;
}
