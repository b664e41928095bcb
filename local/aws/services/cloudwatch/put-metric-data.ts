import type { MetricDatum, PutMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { AwsError, type OperationHandler } from '../../service.ts';
import { readDimensions } from './metric-query.ts';
import { type MetricSample, type MetricStore, noUnit, sampleOfValues } from './metric-store.ts';

const metricsPerCall = 1000;
const valuesPerMetric = 150;
const twoWeeksMs = 14 * 24 * 3_600_000;
const twoHoursMs = 2 * 3_600_000;

/** PutMetricData: values with counts or a statistic set. CloudWatch takes stamps from two weeks ago to two hours ahead. */
export function putMetricData(store: MetricStore, nowMs: () => number): OperationHandler<PutMetricDataCommandInput> {
  return {
    authorize: (input) => [
      {
        action: 'cloudwatch:PutMetricData',
        resource: '*',
        context: { 'cloudwatch:namespace': input.Namespace ?? '' },
      },
    ],
    run(input) {
      const namespace = input.Namespace ?? '';
      if (!/^[^:].{0,254}$/s.test(namespace)) throw refused('The value for parameter Namespace is invalid.');
      const data = input.MetricData ?? [];
      if (data.length > metricsPerCall) {
        throw refused(`The collection MetricData must not have a size greater than ${metricsPerCall}.`);
      }
      const read = data.map((datum, index) => ({
        id: { namespace, name: nameOf(datum, index), dimensions: readDimensions(datum.Dimensions ?? []) },
        sample: readSample(datum, index, nowMs()),
      }));
      for (const { id, sample } of read) store.put(id, sample);
      return {};
    },
  };
}

function nameOf(datum: MetricDatum, index: number): string {
  if (!datum.MetricName || datum.MetricName.length > 255) throw refusedMember(index, 'MetricName is required.');
  return datum.MetricName;
}

function readSample(datum: MetricDatum, index: number, nowMs: number): MetricSample {
  const atMs = datum.Timestamp?.getTime() ?? nowMs;
  if (atMs < nowMs - twoWeeksMs || atMs > nowMs + twoHoursMs) {
    throw refusedMember(index, 'Timestamp must be from two weeks before the current date to two hours after it.');
  }
  const unit = datum.Unit ?? noUnit;
  const given = [datum.Value, datum.Values, datum.StatisticValues].filter((each) => each !== undefined);
  if (given.length !== 1) throw refusedMember(index, 'exactly one of Value, Values and StatisticValues is required.');
  if (datum.StatisticValues !== undefined) {
    const { SampleCount: sampleCount, Sum: sum, Minimum: minimum, Maximum: maximum } = datum.StatisticValues;
    if (sampleCount === undefined || sum === undefined || minimum === undefined || maximum === undefined) {
      throw refusedMember(index, 'StatisticValues needs SampleCount, Sum, Minimum and Maximum.');
    }
    if (![sampleCount, sum, minimum, maximum].every(isAcceptable) || sampleCount <= 0) {
      throw refusedMember(index, 'StatisticValues holds a value out of range.');
    }
    return { atMs, unit, sampleCount, sum, minimum, maximum, values: undefined };
  }
  const values = datum.Values ?? [datum.Value ?? Number.NaN];
  const counts = datum.Counts ?? values.map(() => 1);
  if (values.length > valuesPerMetric) throw refusedMember(index, `Values holds more than ${valuesPerMetric} values.`);
  if (values.length === 0 || counts.length !== values.length) {
    throw refusedMember(index, 'Values and Counts must be of the same, positive length.');
  }
  if (!values.every(isAcceptable))
    throw refusedMember(index, 'Values must not hold NaN, an infinity or a value beyond 2^360.');
  return sampleOfValues(
    atMs,
    values.map((value, each) => ({ value, count: counts[each] ?? 0 })),
    unit,
  );
}

/** PutMetricData reference: -2^360 to 2^360, and neither NaN nor an infinity. */
function isAcceptable(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) <= 2 ** 360;
}

function refusedMember(index: number, message: string): AwsError {
  return refused(`The parameter MetricData.member.${index + 1}: ${message}`);
}

function refused(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', 400, message);
}
