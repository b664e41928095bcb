import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { KafkaClient } from '@aws-sdk/client-kafka';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { fetchStorageAutoScaling } from '../../shared/aws/auto-scaling.ts';
import { fetchMetricSeries } from '../../shared/aws/cloudwatch.ts';
import { fetchMskOperations } from '../../shared/aws/msk.ts';
import { type Answered, ask, known } from '../../shared/core/known.ts';
import { evaluateAvailability, planMetricQuery } from '../../shared/core/metric-catalogue.ts';
import { wordsOf } from '../../shared/core/words-of.ts';
import { alarmPrefixOf, functionNameOf } from '../../shared/deployment/names.ts';
import { fetchAlarmActions, fetchAlarmStates } from '../account/alarms.ts';
import { askToFind } from '../account/find.ts';
import { fetchFunction } from '../account/functions.ts';
import { fetchLastReport } from '../account/last-report.ts';
import { fetchSeriesOfCluster, type ListedSeries } from '../account/metrics.ts';
import { fetchBootstrapForms, fetchClusterForm, fetchNodeForms } from '../account/msk-forms.ts';
import type { Target } from '../target.ts';
import type { AlarmAction, Evidence, ListedMetric, RunSources, Values } from './evidence.ts';
import { type ValueRequest, valueRequests } from './value-assumptions.ts';

const valuesMs = 3 * 3_600_000;

/** Series by name and dimensions: which topics and groups there are is of no interest. */
const grouped = (series: readonly ListedSeries[]): readonly ListedMetric[] => {
  const byKind = new Map<string, ListedMetric>();
  for (const { name, dimensions } of series) {
    const key = JSON.stringify([name, ...dimensions.toSorted()]);
    const seriesCount = (byKind.get(key)?.seriesCount ?? 0) + 1;
    byKind.set(key, { name, dimensions, seriesCount });
  }
  return [...byKind.values()];
};

const fetchValues = async ({ context, calls, clientOf }: Target, nowMs: number): Promise<Values> => {
  const { cluster } = context;
  const dimensionsOf = ({ dimensions }: ValueRequest) => ({
    'Cluster Name': cluster.name,
    ...(dimensions.includes('Broker ID') && { 'Broker ID': String(cluster.brokerIds[0] ?? 1) }),
  });
  const emitted = valueRequests.filter(
    ({ metric, dimensions }) => evaluateAvailability(metric, dimensions, cluster).kind === 'emitted',
  );
  const requests = emitted.map((request) => ({
    key: request.key,
    query: { ...planMetricQuery(request.metric, dimensionsOf(request), cluster), statistic: request.statistic },
    periodSeconds: 60,
  }));
  if (requests.length === 0) return {};
  const range = { fromMs: nowMs - valuesMs, toMs: nowMs };
  const seriesByKey = await fetchMetricSeries(clientOf(CloudWatchClient), calls, requests, range);
  return Object.fromEntries([...seriesByKey].map(([key, { points }]) => [key, points.map(({ value }) => value)]));
};

const actionOf = ({ alarmName, atMs, summary }: Omit<AlarmAction, 'hasSucceeded'>): AlarmAction => ({
  alarmName,
  atMs,
  summary,
  // CloudWatch writes "Successfully executed action …", or "Failed to execute action …".
  hasSucceeded: wordsOf(summary).includes('successfully'),
});

const fetchLastRun = async (
  { context, calls, clientOf }: Target,
  nowMs: number,
): Promise<Answered<RunSources | undefined>> => {
  const name = functionNameOf(context, 'cluster-health');
  const found = await askToFind(() => fetchFunction(clientOf(LambdaClient), calls, name));
  if (!found.isKnown || found.value === undefined) return !found.isKnown ? found : noRun;
  const bucket = found.value.environment.MSKEEPER_BUCKET;
  if (bucket === undefined) return noRun;
  const where = { procedure: 'cluster-health', clusterKey: context.clusterKey, nowMs };
  return ask(() => fetchLastReport(clientOf(S3Client), calls, bucket, where));
};
const noRun = known(undefined);

/** Asks everything that conformance judges. Nothing is changed and nothing is invoked. @param nowMs the end of the values' three hours */
export const fetchEvidence = async (target: Target, nowMs: number): Promise<Evidence> => {
  const { context, calls, clientOf } = target;
  const { arn, name } = context.cluster;
  const msk = clientOf(KafkaClient);
  const cloudWatch = clientOf(CloudWatchClient);
  const alarmPrefix = alarmPrefixOf(context);
  const [cluster, nodes, bootstrap, operations, metrics, values, alarmStates, alarmActions, autoScaling, lastRun] =
    await Promise.all([
      ask(() => fetchClusterForm(msk, calls, arn)),
      ask(() => fetchNodeForms(msk, calls, arn)),
      ask(() => fetchBootstrapForms(msk, calls, arn)),
      ask(() => fetchMskOperations(msk, calls, arn)),
      ask(async () => grouped(await fetchSeriesOfCluster(cloudWatch, calls, name))),
      ask(() => fetchValues(target, nowMs)),
      ask(() => fetchAlarmStates(cloudWatch, calls, alarmPrefix)),
      ask(async () => (await fetchAlarmActions(cloudWatch, calls, alarmPrefix)).map(actionOf)),
      ask(() => fetchStorageAutoScaling(clientOf(ApplicationAutoScalingClient), calls, arn)),
      fetchLastRun(target, nowMs),
    ]);
  return {
    cluster,
    nodes,
    bootstrap,
    operations,
    metrics,
    values,
    alarmStates,
    alarmActions,
    autoScaling,
    lastRun,
  };
};
