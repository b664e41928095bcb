import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { canonicalJson } from '../core/canonical-json.ts';
import type { CallScope } from '../run/call-scope.ts';
import { fetchAllPages, parseAnswer } from './answer.ts';
import { callAws } from './call.ts';
import { createClient } from './client.ts';
import { type MetricDataResult, metricDataAnswer } from './cloudwatch-answer.ts';
import { type MetricSeries, seriesOf } from './metric-series.ts';

export type { MetricSeries } from './metric-series.ts';

/** A series to ask for; `planMetricQuery` makes these for MSK's own metrics, a user's metric is written by hand. */
export type SeriesRequest = {
  /** The caller's own name of the series: what stands twice is asked once. */
  readonly key: string;
  readonly query: {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions: Readonly<Record<string, string | undefined>>;
    readonly statistic: 'Average' | 'Maximum' | 'Minimum' | 'Sum';
  };
  readonly periodSeconds: number;
};

/** GetMetricData takes so many queries a call. */
const queriesPerCall = 500;

/** A client for metrics and alarms of the function's own region, with our time limits (client.ts). */
export const createCloudWatchClient = (): CloudWatchClient => createClient(CloudWatchClient);

/**
 * The series by their keys, one for each request. Unit is left out of the query: MSK sets none, and CloudWatch converts
 * none.
 *
 * @throws DependencyError naming `cloudwatch:GetMetricData`
 * @throws RangeError for an empty time range, a period that is no whole minute, or one key for two queries
 */
export async function fetchMetricSeries(
  client: CloudWatchClient,
  calls: CallScope,
  wanted: readonly SeriesRequest[],
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<ReadonlyMap<string, MetricSeries>> {
  const requests = requestsOnce(wanted, range);
  const seriesByKey = new Map<string, MetricSeries>();
  for (let start = 0; start < requests.length; start += queriesPerCall) {
    const batch = requests.slice(start, start + queriesPerCall);
    const results = await fetchBatch(client, calls, batch, range);
    const ids = new Set(batch.map((_request, index) => idAt(index)));
    const isAnswerOdd = results.some(({ Id }) => Id === undefined || !ids.has(Id));
    batch.forEach(({ key }, index) => {
      const own = results.filter(({ Id }) => Id === idAt(index));
      seriesByKey.set(key, seriesOf(own, isAnswerOdd));
    });
  }
  return seriesByKey;
}

const idAt = (index: number): string => `q${index}`;

function fetchBatch(
  client: CloudWatchClient,
  calls: CallScope,
  batch: readonly SeriesRequest[],
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly MetricDataResult[]> {
  const call = 'cloudwatch:GetMetricData';
  const input = {
    MetricDataQueries: batch.map(metricDataQuery),
    StartTime: new Date(range.fromMs),
    EndTime: new Date(range.toMs),
    ScanBy: 'TimestampAscending',
  } as const;
  return fetchAllPages(call, async (nextToken) => {
    const command = new GetMetricDataCommand({ ...input, NextToken: nextToken });
    const answer = parseAnswer(
      call,
      metricDataAnswer,
      await callAws(calls, call, (options) => client.send(command, options)),
    );
    return { items: answer.MetricDataResults, nextToken: answer.NextToken };
  });
}

function metricDataQuery({ query, periodSeconds }: SeriesRequest, index: number): MetricDataQuery {
  const dimensions = Object.entries(query.dimensions).flatMap(([name, value]) =>
    value === undefined ? [] : [{ Name: name, Value: value }],
  );
  return {
    Id: idAt(index),
    MetricStat: {
      Metric: { Namespace: query.namespace, MetricName: query.name, Dimensions: dimensions },
      Period: periodSeconds,
      Stat: query.statistic,
    },
  };
}

/** The requests, each key once. */
function requestsOnce(
  requests: readonly SeriesRequest[],
  range: { readonly fromMs: number; readonly toMs: number },
): readonly SeriesRequest[] {
  if (!(range.fromMs < range.toMs)) throw new RangeError('fetchMetricSeries: fromMs must lie before toMs');
  const broken = requests.find(({ periodSeconds }) => !(periodSeconds > 0) || periodSeconds % 60 !== 0);
  if (broken !== undefined) throw new RangeError(`fetchMetricSeries: ${broken.key} has a period of no whole minutes`);
  const byKey = new Map<string, SeriesRequest>();
  for (const request of requests) {
    const before = byKey.get(request.key);
    if (before !== undefined && canonicalJson(before) !== canonicalJson(request)) {
      throw new RangeError('fetchMetricSeries: two queries have the same key');
    }
    byKey.set(request.key, request);
  }
  return [...byKey.values()];
}
