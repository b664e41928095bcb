import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { CallScope } from '../run/call-scope.ts';
import { redactText } from '../text/redaction.ts';
import { fetchAllPages, parseAnswer } from './answer.ts';
import { callAws } from './call.ts';
import { createClient } from './client.ts';
import { type MetricDataResult, metricDataAnswer } from './cloudwatch-answer.ts';

/** A series to ask for; `planMetricQuery` makes these for MSK's own metrics, a user's metric is written by hand. */
export type SeriesRequest = {
  /** The caller's own name of the series, unique in one call. */
  readonly key: string;
  readonly query: {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions: Readonly<Record<string, string | undefined>>;
    readonly statistic: 'Average' | 'Maximum' | 'Minimum' | 'Sum';
  };
  readonly periodSeconds: number;
};

/**
 * What CloudWatch has of one series, oldest point first. `absent` is no data at all, which is never zero and never
 * healthy; `partial` has points but not all; `failed` says why in `message`, by its status code where CloudWatch says no more.
 */
export type MetricSeries = {
  readonly status: 'complete' | 'partial' | 'failed' | 'absent';
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
  readonly message?: string;
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
 * @throws RangeError for an empty time range, a period that is no whole minute, or a key that stands twice
 */
export async function fetchMetricSeries(
  client: CloudWatchClient,
  calls: CallScope,
  requests: readonly SeriesRequest[],
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<ReadonlyMap<string, MetricSeries>> {
  checkRequests(requests, range);
  const seriesByKey = new Map<string, MetricSeries>();
  for (let start = 0; start < requests.length; start += queriesPerCall) {
    const batch = requests.slice(start, start + queriesPerCall);
    const results = await fetchBatch(client, calls, batch, range);
    batch.forEach(({ key }, index) => {
      seriesByKey.set(key, seriesOf(results.filter(({ Id }) => Id === idAt(index))));
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

/** One series may be spread over pages, and its last page says whether it is complete. */
function seriesOf(pages: readonly MetricDataResult[]): MetricSeries {
  const points = pages
    .flatMap(({ Timestamps, Values }) =>
      Timestamps.flatMap((time, index) => {
        const value = Values[index];
        return value === undefined ? [] : [{ atMs: time.getTime(), value }];
      }),
    )
    .toSorted((left, right) => left.atMs - right.atMs);
  const messages = pages.flatMap(({ Messages }) =>
    Messages.map(({ Code, Value }) => redactText(`${Code ?? ''} ${Value ?? ''}`.trim())),
  );
  const codes = pages.map(({ StatusCode }) => StatusCode ?? 'Complete');
  const status = statusOf(codes, points.length);
  const said = status === 'failed' || status === 'partial' ? codes.filter((code) => code !== 'Complete') : [];
  const message = [...(messages.length === 0 ? new Set(said) : messages)].join('; ');
  return { status, points, ...(message !== '' && { message }) };
}

function statusOf(codes: readonly string[], pointCount: number): MetricSeries['status'] {
  if (codes.some((code) => code === 'Forbidden' || code === 'InternalError')) return 'failed';
  const isPartial = codes.at(-1) === 'PartialData';
  if (isPartial) return 'partial';
  return pointCount === 0 ? 'absent' : 'complete';
}

function checkRequests(requests: readonly SeriesRequest[], range: { readonly fromMs: number; readonly toMs: number }) {
  if (!(range.fromMs < range.toMs)) throw new RangeError('fetchMetricSeries: fromMs must lie before toMs');
  const broken = requests.find(({ periodSeconds }) => periodSeconds <= 0 || periodSeconds % 60 !== 0);
  if (broken !== undefined) throw new RangeError(`fetchMetricSeries: ${broken.key} has a period of no whole minutes`);
  if (new Set(requests.map(({ key }) => key)).size !== requests.length) {
    throw new RangeError('fetchMetricSeries: two requests have the same key');
  }
}
