import { redactText } from '../text/redaction.ts';
import type { MetricDataResult } from './cloudwatch-answer.ts';

/**
 * What CloudWatch has of one series, oldest point first, each minute once. `absent` is no data at all, which is never zero and
 * never healthy; `partial` has points but not all; `failed` says why in `message`, by its status code where CloudWatch says no
 * more.
 */
export type MetricSeries = {
  readonly status: 'complete' | 'partial' | 'failed' | 'absent';
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
  readonly message?: string;
};

/**
 * One series out of its results. It may be spread over pages: each later word wins over an earlier one, of its state and of a
 * minute (GetMetricData: "retry the request using NextToken").
 *
 * @param results its own, in the order in which they came
 * @param isAnswerOdd some result of the answer is of nobody knows which series: what has none may have that one
 */
export function seriesOf(results: readonly MetricDataResult[], isAnswerOdd: boolean): MetricSeries {
  if (results.length === 0) {
    return isAnswerOdd
      ? { status: 'failed', points: [], message: 'CloudWatch answered with a result of no series' }
      : { status: 'absent', points: [] };
  }
  const read = results.flatMap(({ Points }) => Points.flatMap((point) => point ?? []));
  const oddCount = results.reduce(
    (count, { Points }) => count + Points.filter((point) => point === undefined).length,
    0,
  );
  const valueByMs = new Map(read.map(({ atMs, value }) => [atMs, value]));
  const points = [...valueByMs]
    .map(([atMs, value]) => ({ atMs, value }))
    .toSorted((left, right) => left.atMs - right.atMs);
  const codes = results.map(({ StatusCode }) => StatusCode ?? 'no status');
  const status = statusOf(codes.at(-1), points.length, oddCount);
  const message = [
    ...messagesOf(results, status === 'failed' || status === 'partial' ? codes : []),
    ...(oddCount === 0 ? [] : [`${oddCount} points that cannot be read`]),
  ].join('; ');
  return { status, points, ...(message !== '' && { message }) };
}

/** A status that is new to us tells nothing of its points: it is not taken for the word that all is there. */
function statusOf(lastCode: string | undefined, pointCount: number, oddCount: number): MetricSeries['status'] {
  switch (lastCode) {
    case 'Complete':
      if (oddCount > 0) return pointCount === 0 ? 'failed' : 'partial';
      return pointCount === 0 ? 'absent' : 'complete';
    case 'PartialData':
      return 'partial';
    default:
      return 'failed';
  }
}

/** What CloudWatch said of any of them, or else the codes that are no `Complete`. */
function messagesOf(results: readonly MetricDataResult[], codes: readonly string[]): readonly string[] {
  const said = results
    .flatMap(({ Messages }) => Messages)
    .map((one) => redactText(`${one?.Code ?? ''} ${one?.Value ?? ''}`.trim()))
    .filter((message) => message !== '');
  return said.length > 0
    ? said
    : [...new Set(codes.filter((code) => code !== 'Complete'))].map((code) => redactText(code));
}
