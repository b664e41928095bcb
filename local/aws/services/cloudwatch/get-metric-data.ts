import type {
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { AwsError, type OperationHandler } from '../../service.ts';
import { MetricMathError } from './math-values.ts';
import { evaluateQueries } from './metric-math.ts';
import { invalid, readMetricQueries } from './metric-query.ts';
import type { MetricStore } from './metric-store.ts';
import { windowScope } from './metric-window.ts';

const queriesPerCall = 500;
const datapointsPerCall = 100_800;

type Output = Omit<GetMetricDataCommandOutput, '$metadata'>;

/** GetMetricData: 500 queries, 100,800 datapoints a page, every metric's statistic and metric math. */
export function getMetricData(
  store: MetricStore,
  nowMs: () => number,
): OperationHandler<GetMetricDataCommandInput, Output> {
  return {
    authorize: () => [{ action: 'cloudwatch:GetMetricData', resource: '*' }],
    run(input) {
      const offset = readToken(input.NextToken);
      const limit = input.MaxDatapoints ?? datapointsPerCall;
      if (limit < 1 || limit > datapointsPerCall) {
        throw invalid(`MaxDatapoints must be between 1 and ${datapointsPerCall}`);
      }
      return page(computeResults(input, store, nowMs()), offset, limit);
    },
  };
}

function computeResults(
  input: GetMetricDataCommandInput,
  store: MetricStore,
  nowMs: number,
): readonly MetricDataResult[] {
  const raw = input.MetricDataQueries ?? [];
  if (raw.length === 0) throw invalid('The parameter MetricDataQueries is required.');
  if (raw.length > queriesPerCall) {
    throw invalid(`The collection MetricDataQueries must not have a size greater than ${queriesPerCall}.`);
  }
  const startMs = input.StartTime?.getTime();
  const endMs = input.EndTime?.getTime();
  if (startMs === undefined || endMs === undefined) throw invalid('The parameters StartTime and EndTime are required.');
  if (startMs >= endMs) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  const queries = readMetricQueries(raw);
  const isAscending = input.ScanBy === 'TimestampAscending';
  try {
    return evaluateQueries(windowScope(store, queries, { startMs, endMs, nowMs })).flatMap(({ query, series }) =>
      query.isReturned
        ? series.map(({ label, points }) => {
            const ordered = [...points].sort(([a], [b]) => (isAscending ? a - b : b - a));
            return {
              Id: query.id,
              Label: label,
              Timestamps: ordered.map(([atMs]) => new Date(atMs)),
              Values: ordered.map(([, value]) => value),
            };
          })
        : [],
    );
  } catch (error) {
    if (error instanceof MetricMathError) throw invalid(error.message);
    throw error;
  }
}

/** One page: a metric that goes on in the next one is PartialData; metrics without a datapoint are on the first. */
function page(results: readonly MetricDataResult[], offset: number, limit: number): Output {
  const shown: MetricDataResult[] = [];
  let passed = 0;
  for (const result of results) {
    const size = result.Timestamps?.length ?? 0;
    const from = Math.max(0, offset - passed);
    const to = Math.min(size, offset + limit - passed);
    if (to > from || (size === 0 && offset === 0)) {
      shown.push({
        ...result,
        Timestamps: result.Timestamps?.slice(from, to),
        Values: result.Values?.slice(from, to),
        StatusCode: to < size ? 'PartialData' : 'Complete',
      });
    }
    passed += size;
  }
  const nextOffset = offset + limit;
  return {
    MetricDataResults: shown,
    Messages: [],
    ...(nextOffset < passed ? { NextToken: writeToken(nextOffset) } : {}),
  };
}

function writeToken(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64url');
}

/** @throws AwsError InvalidNextToken */
function readToken(token: string | undefined): number {
  if (token === undefined) return 0;
  const match = /^\{"offset":(\d+)\}$/.exec(Buffer.from(token, 'base64url').toString());
  if (match === null) throw new AwsError('InvalidNextToken', 400, 'The next token specified is invalid.');
  return Number(match[1]);
}
