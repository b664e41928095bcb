import type { Configuration } from '../../shared/core/configuration.ts';
import type { Alarm } from '../../shared/deployment/alarm.ts';
import { priceOfCall } from '../../shared/deployment/operations.ts';
import { ownKeyOf } from '../../shared/deployment/own-keys.ts';
import type { StackParts } from '../functions.ts';
import { alarmsOf, compositesOf } from '../stack/alarms.ts';
import { reportsKeptDays } from '../stack/bucket.ts';
import { stackContextOf } from '../stack/context.ts';
import { describeActCosts } from './act-cost.ts';
import { prices } from './price-list.ts';
import { type MonthlyRuns, planMonthlyRuns } from './runs.ts';

/** One line of the bill of a month of 30 days. `count` is what is billed, `formula` where it comes from. */
type CostLine = {
  readonly what: string;
  readonly formula: string;
  readonly count: number;
  readonly unit: string;
  readonly usd: number;
};

/** What one stack costs a month; `assumptions` are the numbers in it that nothing here measures. */
export type CostEstimate = {
  readonly lines: readonly CostLine[];
  readonly totalUsd: number;
  readonly assumptions: readonly string[];
};

/** Of a queue that Lambda reads: so many requests at once, each of which SQS holds for up to 20 s (Lambda Developer Guide). */
const assumedPollers = 5;
const secondsOfPoll = 20;
const secondsOfMonth = 30 * 86_400;

const assumedReportKiB = 30;

/** An alarm is billed for each metric that it reads. */
const billedMetricsOf = ({ signal }: Alarm): number =>
  signal.kind === 'metric' ? 1 : Object.keys(signal.metricById).length;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Whole where it is whole: schedules by weekday give fractions. */
export const shortNumber = (value: number): string => String(Math.round(value * 100) / 100);

const line = (what: string, price: keyof typeof prices, count: number, formula: string): CostLine => ({
  what,
  formula,
  count,
  unit: prices[price].unit,
  usd: (count / prices[price].per) * prices[price].usd,
});

const nameOf = ({ definition, scope }: MonthlyRuns): string => `${definition.slug} ${scope}`;

/** A line that is so much for each run, the sum over every kind of run. */
const lineOfRuns = (
  what: string,
  price: keyof typeof prices,
  runs: readonly MonthlyRuns[],
  each: { readonly of: (run: MonthlyRuns) => number; readonly say?: (run: MonthlyRuns) => string },
): CostLine => {
  const billed = runs.filter((run) => each.of(run) > 0);
  const say = each.say ?? ((run) => `× ${shortNumber(each.of(run))}`);
  const formula = billed.map((run) => `${shortNumber(run.runs)} ${nameOf(run)} ${say(run)}`).join(' + ');
  return line(what, price, sum(billed.map((run) => run.runs * each.of(run))), formula);
};

const callsOf =
  (price: string) =>
  ({ footprint }: MonthlyRuns): number =>
    sum(
      Object.entries(footprint.callCountByOperation)
        .filter(([signedAs]) => priceOfCall(signedAs) === price)
        .map(([, count]) => count),
    );

/**
 * What one stack costs a month while nothing happens, counted from what its schedules wake.
 *
 * @param parts what the stack is made of; the product's where nothing is given
 */
export const estimateCost = (configuration: Configuration, clusterKey: string, parts?: StackParts): CostEstimate => {
  const context = stackContextOf(configuration, clusterKey, parts);
  const { cluster } = context;
  const runs = planMonthlyRuns(configuration.schedules, context.functions);
  const scheduled = runs.filter(({ definition, scope }) => definition.schedules.some((one) => one.scope === scope));
  const alarms = alarmsOf(context, parts);
  const composites = compositesOf(context, parts);
  const queued = context.functions.filter(({ queue }) => queue !== undefined);
  const published = [...new Set(runs.flatMap(({ footprint }) => footprint.publishedMetrics))];
  const reports = sum(runs.map((run) => run.runs * run.footprint.reportCount));
  const one = { of: () => 1, say: () => 'runs' };
  const lines = [
    line(
      'CloudWatch alarms',
      'alarmMetric',
      sum(alarms.map(billedMetricsOf)),
      `metrics read by ${alarms.length} alarms, ${cluster.brokerCount} brokers`,
    ),
    line('Composite alarms', 'compositeAlarm', composites.length, 'told by CloudWatch where mskeeper is silent'),
    line('CloudWatch metrics of mskeeper', 'customMetric', published.length, published.join(', ')),
    lineOfRuns('GetMetricData', 'metricRequested', runs, {
      of: ({ footprint, runs: count }) => footprint.metricsRequested(context, count),
      say: ({ footprint, runs: count }) => `× ${shortNumber(footprint.metricsRequested(context, count))} series`,
    }),
    lineOfRuns('Lambda time', 'lambdaGibSecond', runs, {
      of: ({ definition, footprint }) => (definition.memoryMiB / 1024) * footprint.assumedSeconds,
      say: ({ definition, footprint }) => `× ${definition.memoryMiB} MiB × ${footprint.assumedSeconds} s (assumed)`,
    }),
    lineOfRuns('Lambda requests', 'lambdaRequest', runs, one),
    lineOfRuns('Logs', 'logGib', runs, {
      of: ({ footprint }) => footprint.assumedLogKiB / 1024 ** 2,
      say: ({ footprint }) => `× ${footprint.assumedLogKiB} KiB (assumed)`,
    }),
    lineOfRuns('S3 writes', 's3Put', runs, { of: callsOf('s3Put') }),
    lineOfRuns('S3 reads', 's3Get', runs, { of: callsOf('s3Get') }),
    line(
      'S3 storage',
      's3GibMonth',
      (reports * (reportsKeptDays / 30) * assumedReportKiB) / 1024 ** 2,
      `${shortNumber(reports)} reports × ${assumedReportKiB} KiB (assumed), kept ${reportsKeptDays} days`,
    ),
    lineOfRuns('EventBridge', 'busEvent', runs, { of: ({ footprint }) => footprint.eventCount }),
    lineOfRuns('Notifications', 'notification', runs, { of: callsOf('notification') }),
    lineOfRuns('Scheduler', 'schedulerInvocation', scheduled, { of: () => 1, say: () => 'wake-ups' }),
    line(
      'SQS',
      'sqsRequest',
      (queued.length * assumedPollers * secondsOfMonth) / secondsOfPoll,
      `the queue of ${queued.map(({ slug }) => slug).join(', ')}: ${assumedPollers} polls at once × ${secondsOfPoll} s (assumed)`,
    ),
    line('KMS', 'kmsKey', ownKeyOf(context, 'topics') === undefined ? 1 : 0, 'the key of the notification topics'),
  ].filter(({ count }) => count > 0);
  return {
    lines,
    totalUsd: sum(lines.map(({ usd }) => usd)),
    assumptions: [...assumptionsOf(runs), ...describeActCosts(context.functions, cluster)],
  };
};

const assumptionsOf = (runs: readonly MonthlyRuns[]): readonly string[] => [
  'all is quiet: no alarm wakes a run, nobody is told, no call is repeated',
  ...runs.map(
    (run) =>
      `a run of ${nameOf(run)} is billed for ${run.footprint.assumedSeconds} s, and logs ${run.footprint.assumedLogKiB} KiB`,
  ),
  `a report has ${assumedReportKiB} KiB`,
  'what is kept for channels is kept in parameters, which cost nothing: a secret of Secrets Manager is 0.40 USD a month each',
];
