import type { AlarmValue, ComparisonOperator, MetricAlarm, MissingDataTreatment } from './alarm.ts';

/**
 * How many periods CloudWatch looks back. The User Guide says "a higher number of data points than the number specified
 * as Evaluation Periods" and shows 5 for 3 ("Configuring how CloudWatch alarms treat missing data"); it gives no formula
 * for other lengths, so the stand-in takes its example's two extra periods for all.
 */
export function evaluationRangePeriods(evaluationPeriods: number): number {
  return evaluationPeriods + 2;
}

export type AlarmRule = Pick<
  MetricAlarm,
  'evaluationPeriods' | 'datapointsToAlarm' | 'threshold' | 'comparison' | 'missingData'
>;

/** What an evaluation says: a state, or `retain` the one that the alarm has. */
export type AlarmVerdict = {
  readonly value: AlarmValue | 'retain';
  /** Indexes into the datapoints of those that decided, oldest first. */
  readonly usedIndexes: readonly number[];
  /** How many missing datapoints were filled in. */
  readonly filledCount: number;
};

/**
 * Judges the datapoints of the evaluation range, oldest first, undefined for a missing one (User Guide, same page):
 *
 * 1. At least N (Evaluation Periods) real datapoints: the newest N real ones decide, wherever they are in the range; the
 *    treatment of missing data is not used.
 * 2. Fewer: all real ones count, and as few missing ones as possible are filled in with the treatment.
 * 3. `missing` and `ignore`, to avoid a premature alarm: without M breaching datapoints it is ALARM (`ignore`: retain)
 *    only where nothing real is within the threshold and the oldest breaching one is at least M periods old.
 *
 * The guide leaves one case open: under `missing`, breaching datapoints alone, fewer than M and all younger than M
 * periods. It "does not go immediately into ALARM", and INSUFFICIENT_DATA is for no data at all: the stand-in says OK.
 */
export function evaluateDatapoints(datapoints: readonly (number | undefined)[], rule: AlarmRule): AlarmVerdict {
  const realIndexes = datapoints.flatMap((value, index) => (value === undefined ? [] : [index]));
  const usedIndexes = realIndexes.slice(-rule.evaluationPeriods);
  const isBreachingAt = (index: number) => {
    const value = datapoints[index];
    return value !== undefined && isBreaching(value, rule.comparison, rule.threshold);
  };
  const breachingCount = usedIndexes.filter(isBreachingAt).length;
  const filledCount = rule.evaluationPeriods - usedIndexes.length;
  const verdict = (value: AlarmVerdict['value']): AlarmVerdict => ({ value, usedIndexes, filledCount });

  if (breachingCount >= rule.datapointsToAlarm) return verdict('ALARM');
  if (filledCount === 0) return verdict('OK');
  const oldestIndex = usedIndexes[0];
  const isOnlyBreaching = breachingCount === usedIndexes.length;
  const treatment: MissingDataTreatment = rule.missingData;
  switch (treatment) {
    case 'notBreaching':
      return verdict('OK');
    case 'breaching':
      return verdict(breachingCount + filledCount >= rule.datapointsToAlarm ? 'ALARM' : 'OK');
    case 'ignore':
      return verdict(isOnlyBreaching ? 'retain' : 'OK');
    case 'missing':
      if (oldestIndex === undefined) return verdict('INSUFFICIENT_DATA');
      return verdict(isOnlyBreaching && datapoints.length - oldestIndex >= rule.datapointsToAlarm ? 'ALARM' : 'OK');
    default:
      return treatment satisfies never;
  }
}

/** Whether a datapoint crosses the threshold. */
export function isBreaching(value: number, comparison: ComparisonOperator, threshold: number): boolean {
  switch (comparison) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
    default:
      return comparison satisfies never;
  }
}
