import type { ComparisonOperator, MetricAlarm } from './alarm.ts';
import { type AlarmVerdict, isBreaching } from './alarm-evaluation.ts';

/** A datapoint of the evaluation range; `value` is undefined where it is missing. */
export type Datapoint = { readonly atMs: number; readonly value: number | undefined };

const comparisonWords: Readonly<Record<ComparisonOperator, string>> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/**
 * The reason and the reasonData of a new state, in CloudWatch's words (User Guide, "Alarm events and EventBridge").
 *
 * @param range the evaluation range, oldest first
 */
export function explainVerdict(
  alarm: MetricAlarm,
  range: readonly Datapoint[],
  verdict: AlarmVerdict,
  nowMs: number,
): { readonly reason: string; readonly reasonData: string } {
  const used = verdict.usedIndexes.flatMap((index) => {
    const { atMs, value } = range[index] ?? { atMs: 0, value: undefined };
    return value === undefined ? [] : [{ atMs, value }];
  });
  const isAlarm = verdict.value === 'ALARM';
  const deciding = used.filter(({ value }) => isBreaching(value, alarm.comparison, alarm.threshold) === isAlarm);
  const [query] = alarm.queries;
  const reasonData = JSON.stringify({
    version: '1.0',
    queryDate: awsTimestamp(nowMs),
    ...(used[0] ? { startDate: awsTimestamp(used[0].atMs) } : {}),
    ...(!alarm.isMath && query?.of.kind === 'metric' ? { statistic: query.of.stat.stat } : {}),
    period: alarm.periodSeconds,
    recentDatapoints: used.map(({ value }) => value),
    threshold: alarm.threshold,
    evaluatedDatapoints: used.map(({ atMs, value }) => ({ timestamp: awsTimestamp(atMs), value })).reverse(),
  });
  return { reason: reasonText(alarm, deciding, verdict, isAlarm), reasonData };
}

function reasonText(
  alarm: MetricAlarm,
  deciding: readonly { readonly atMs: number; readonly value: number }[],
  verdict: AlarmVerdict,
  isAlarm: boolean,
): string {
  const { filledCount } = verdict;
  if (verdict.value === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${filledCount} datapoint${filledCount === 1 ? ' was' : 's were'} unknown.`;
  }
  const treatedAs = alarm.missingData === 'breaching' ? 'Breaching' : 'NonBreaching';
  const isFilled = filledCount > 0 && (alarm.missingData === 'breaching' || alarm.missingData === 'notBreaching');
  const filled = `${filledCount} missing datapoint${filledCount === 1 ? ' was' : 's were'} treated as [${treatedAs}]`;
  if (deciding.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${filledCount} period${filledCount === 1 ? '' : 's'} and ${filled}.`;
  }
  const values = deciding.map(({ value, atMs }) => `${javaNumber(value)} (${shortTime(atMs)})`).reverse();
  const minimum = isAlarm ? alarm.datapointsToAlarm : alarm.evaluationPeriods - alarm.datapointsToAlarm + 1;
  return (
    `Threshold Crossed: ${deciding.length} out of the last ${alarm.evaluationPeriods} datapoints [${values.join(', ')}] ` +
    `${deciding.length === 1 ? 'was' : 'were'} ${isAlarm ? '' : 'not '}${comparisonWords[alarm.comparison]} ` +
    `the threshold (${javaNumber(alarm.threshold)})${isFilled ? ` and ${filled}` : ''} ` +
    `(minimum ${minimum} datapoint${minimum === 1 ? '' : 's'} for ${isAlarm ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`
  );
}

/** `2019-10-02T17:04:40.989+0000`, the form of alarms' own timestamps. */
export function awsTimestamp(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '+0000');
}

/** `02/10/19 16:59:00` */
function shortTime(atMs: number): string {
  const [date = '', time = ''] = new Date(atMs).toISOString().split('T');
  const [year = '', month, day] = date.split('-');
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}

/** `50.0`, as Java prints a double. */
function javaNumber(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
