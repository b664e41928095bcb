import { AwsError } from '../../service.ts';
import type { MetricId } from './metric-store.ts';
import { parseStatistic, type Statistic } from './statistics.ts';

/** A metric's statistic over periods, as GetMetricData and alarms ask for it. */
export type MetricStat = {
  readonly metric: MetricId;
  readonly periodSeconds: number;
  /** As asked: `Average`, `p99`. */
  readonly stat: string;
  readonly statistic: Statistic;
  readonly unit: string | undefined;
};

/** One entry of MetricDataQueries or of an alarm's Metrics: a metric or an expression over the others. */
export type MetricQuery = {
  readonly id: string;
  readonly label: string | undefined;
  readonly isReturned: boolean;
  readonly of:
    | { readonly kind: 'metric'; readonly stat: MetricStat }
    | { readonly kind: 'math'; readonly text: string };
};

/** The SDK's and the template's shape of a query; both spell it alike. */
export type RawMetricQuery = {
  readonly Id?: string | undefined;
  readonly Label?: string | undefined;
  readonly ReturnData?: boolean | undefined;
  readonly Expression?: string | undefined;
  readonly MetricStat?:
    | {
        readonly Metric?: RawMetric | undefined;
        readonly Period?: number | undefined;
        readonly Stat?: string | undefined;
        readonly Unit?: string | undefined;
      }
    | undefined;
};

type RawMetric = {
  readonly Namespace?: string | undefined;
  readonly MetricName?: string | undefined;
  readonly Dimensions?: readonly RawDimension[] | undefined;
};

export type RawDimension = { readonly Name?: string | undefined; readonly Value?: string | undefined };

/** @throws AwsError ValidationException for ids, periods and statistics that CloudWatch or the stand-in refuses */
export function readMetricQueries(raw: readonly RawMetricQuery[]): readonly MetricQuery[] {
  const seen = new Set<string>();
  return raw.map((query) => {
    const id = query.Id ?? '';
    if (!/^[a-z][A-Za-z0-9_]{0,254}$/.test(id)) {
      throw invalid(
        `The value ${JSON.stringify(id)} for Id must start with a lowercase letter and hold only letters, digits and _`,
      );
    }
    if (seen.has(id)) throw invalid(`The values for parameter id in MetricDataQueries are not unique: ${id}`);
    seen.add(id);
    if ((query.Expression === undefined) === (query.MetricStat === undefined)) {
      throw invalid(`Query ${id} must have exactly one of MetricStat and Expression`);
    }
    return {
      id,
      label: query.Label,
      isReturned: query.ReturnData ?? true,
      of:
        query.MetricStat === undefined
          ? { kind: 'math', text: query.Expression ?? '' }
          : { kind: 'metric', stat: readMetricStat(id, query.MetricStat) },
    };
  });
}

/** @throws AwsError ValidationException */
function readMetricStat(id: string, raw: NonNullable<RawMetricQuery['MetricStat']>): MetricStat {
  const periodSeconds = raw.Period ?? 0;
  if (![1, 5, 10, 20, 30].includes(periodSeconds) && (periodSeconds < 60 || periodSeconds % 60 !== 0)) {
    throw invalid(`Period of ${id} must be 1, 5, 10, 20, 30 or a multiple of 60 seconds, not ${periodSeconds}`);
  }
  const statistic = parseStatistic(raw.Stat ?? '');
  if (statistic === undefined) throw invalid(`Stat ${JSON.stringify(raw.Stat)} of ${id} is not supported here`);
  return { metric: readMetric(id, raw.Metric), periodSeconds, stat: raw.Stat ?? '', statistic, unit: raw.Unit };
}

/** @throws AwsError ValidationException when the namespace or the name is missing */
function readMetric(id: string, raw: RawMetric | undefined): MetricId {
  if (!raw?.Namespace || !raw.MetricName) throw invalid(`The metric of ${id} needs Namespace and MetricName`);
  return { namespace: raw.Namespace, name: raw.MetricName, dimensions: readDimensions(raw.Dimensions ?? []) };
}

/** @throws AwsError ValidationException for an unnamed, repeated or over-many dimension (30 are allowed) */
export function readDimensions(raw: readonly RawDimension[]): Readonly<Record<string, string>> {
  if (raw.length > 30) throw invalid('The collection Dimensions must not have a size greater than 30.');
  const dimensions: Record<string, string> = {};
  for (const { Name: name, Value: value } of raw) {
    if (!name || !value) throw invalid('A dimension needs Name and Value');
    if (name in dimensions) throw invalid(`No Metric may specify the same dimension name twice: ${name}`);
    dimensions[name] = value;
  }
  return dimensions;
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', 400, message);
}
