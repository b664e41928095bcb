import { join } from 'node:path';
import process from 'node:process';
import { planMetrics } from '../functions/health/cluster-health-metrics.ts';
import type { Configuration } from '../shared/config-types.ts';
import type { Alarm } from './alarm.ts';
import { brokerIdsOf } from './alarm-levels.ts';
import { alarmsOf } from './alarms.ts';
import { resolveConfiguration } from './configuration/resolve-configuration.ts';
import { type FunctionDefinition, functionDefinitions } from './functions.ts';
import { stackContextOf } from './names.ts';
import { customMetrics, prices } from './price-list.ts';

/** One line of the bill of a month of 30 days. `count` is what is billed, `formula` where it comes from. */
export type CostLine = {
  readonly what: string;
  readonly formula: string;
  readonly count: number;
  readonly unit: string;
  readonly usd: number;
};

/** Runs by the default schedules; another schedule changes them in proportion. */
const runsPerMonth = { light: 12 * 24 * 30, full: 30 };

/** Billed time of a run, guessed on the safe side: nothing of this was measured on AWS. */
const assumedSeconds: Readonly<Record<string, number>> = { 'cluster-health': 8, 'kafka-read': 5 };
const assumedLogKiBPerRun = 8;
const assumedReportKiB = 30;

/** An alarm is billed for each metric that it reads; a query for each series, which here is one a broker. */
const billedMetricsOf = ({ signal }: Alarm, brokerCount: number): number =>
  signal.kind === 'metric' ? 1 : signal.kind === 'math' ? Object.keys(signal.metricById).length : brokerCount;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const gibSecondsOf = ({ slug, memoryMiB }: FunctionDefinition, runs: number): number =>
  runs * (memoryMiB / 1024) * (assumedSeconds[slug] ?? 0);

/** What one stack costs a month while nothing happens, counted from what its schedules call. */
export const estimateCost = (configuration: Configuration, clusterKey: string): readonly CostLine[] => {
  const context = stackContextOf(configuration, clusterKey);
  const { cluster } = context;
  const runs = runsPerMonth.light + runsPerMonth.full;
  const seriesOf = (depth: 'light' | 'full'): number => planMetrics(depth, cluster, brokerIdsOf(cluster)).length;
  const alarms = alarmsOf(context);
  const line = (what: string, formula: string, count: number, price: keyof typeof prices): CostLine => ({
    what,
    formula,
    count,
    unit: prices[price].unit,
    usd: (count / prices[price].per) * prices[price].usd,
  });
  return [
    line(
      'CloudWatch alarms',
      `metrics read by ${alarms.length} alarms, ${cluster.brokerCount} brokers`,
      sum(alarms.map((alarm) => billedMetricsOf(alarm, cluster.brokerCount))),
      'alarmMetric',
    ),
    line('CloudWatch metrics of mskeeper', customMetrics.join(', '), customMetrics.length, 'customMetric'),
    line(
      'GetMetricData',
      `${runsPerMonth.light} light runs × ${seriesOf('light')} series + ${runsPerMonth.full} full runs × ${seriesOf('full')}`,
      runsPerMonth.light * seriesOf('light') + runsPerMonth.full * seriesOf('full'),
      'metricRequested',
    ),
    line(
      'Lambda time',
      functionDefinitions
        .map(({ slug, memoryMiB }) => `${runs} × ${memoryMiB} MiB × ${assumedSeconds[slug]} s`)
        .join(' + '),
      sum(functionDefinitions.map((one) => gibSecondsOf(one, runs))),
      'lambdaGibSecond',
    ),
    line(
      'Lambda requests',
      `${runs} runs × ${functionDefinitions.length} functions`,
      runs * functionDefinitions.length,
      'lambdaRequest',
    ),
    line(
      'Logs',
      `${runs} runs × ${functionDefinitions.length} functions × ${assumedLogKiBPerRun} KiB`,
      (runs * functionDefinitions.length * assumedLogKiBPerRun) / 1024 ** 2,
      'logGib',
    ),
    line('S3 writes', `${runs} runs × (report + state)`, runs * 2, 's3Put'),
    line('S3 reads', `${runs} runs × state`, runs, 's3Get'),
    line(
      'S3 storage',
      `${runs} reports a month × ${assumedReportKiB} KiB, kept 90 days`,
      (runs * 3 * assumedReportKiB) / 1024 ** 2,
      's3GibMonth',
    ),
    line('EventBridge', `${runs} runs × (1 report event + 1 of a finding)`, runs * 2, 'busEvent'),
    line('Scheduler', `${runs} wake-ups`, runs, 'schedulerInvocation'),
    line('KMS', 'the key of the notification topics', 1, 'kmsKey'),
  ];
};

/** The estimate as a Markdown table, as docs/deploy.md shows it. */
export const costTable = (lines: readonly CostLine[]): string => {
  const rows = lines.map(
    ({ what, formula, count, unit, usd }) =>
      `| ${what} | ${formula} | ${count < 10 ? count.toFixed(2).replace(/\.00$/, '') : Math.round(count)} ${unit} | ${usd.toFixed(2)} |`,
  );
  const total = sum(lines.map(({ usd }) => usd));
  return [
    '| what | counted from | a month | USD |',
    '|---|---|--:|--:|',
    ...rows,
    `| **together** | | | **${total.toFixed(2)}** |`,
  ].join('\n');
};

if (import.meta.main) {
  const configuration = resolveConfiguration(join(import.meta.dirname, '../mskeeper.yml'));
  for (const clusterKey of Object.keys(configuration.clusters)) {
    process.stdout.write(`${clusterKey}\n\n${costTable(estimateCost(configuration, clusterKey))}\n\n`);
  }
}
