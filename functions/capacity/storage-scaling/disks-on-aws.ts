import type { MetricSeries, SeriesRequest } from '../../../shared/aws/cloudwatch.ts';
import type { ClusterConfiguration } from '../../../shared/core/configuration.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import { planMetricQuery } from '../../../shared/core/metric-catalogue.ts';
import type { MskCluster, MskNode } from '../../../shared/core/msk-model.ts';
import { dayMs, hourMs, minuteMs } from '../../../shared/core/units.ts';
import type { BrokerDisk, ClusterStorage } from './core/observation.ts';

/** Five minutes tell a day in 288 points: a hundred brokers fit one call with room to spare (CloudWatch: 100,800 points). */
const dayPeriodSeconds = 300;

/** GetMetricData, bound to a client and a run. */
type FetchSeries = (
  requests: readonly SeriesRequest[],
  range: { readonly fromMs: number; readonly toMs: number },
) => Promise<ReadonlyMap<string, MetricSeries>>;

/**
 * How full each broker's data disk is: minute by minute for an hour, or as long as the policy's minutes need, and by five
 * minutes for a day. The root disk and the application-log disk are MSK's and are not asked.
 *
 * A broker whose series CloudWatch fails, or has only in part, has no points: never a shorter history, and the others keep theirs.
 *
 * @throws DependencyError `bad-answer` where it is so of every broker
 */
export async function fetchDisks(
  fetchSeries: FetchSeries,
  cluster: ClusterConfiguration,
  ask: { readonly nodes: readonly Pick<MskNode, 'brokerId'>[]; readonly atMs: number; readonly forMinutes: number },
): Promise<readonly BrokerDisk[]> {
  const { nodes, atMs, forMinutes } = ask;
  const brokerIds = nodes.flatMap(({ brokerId }) => brokerId ?? []);
  const unnamed = nodes.filter(({ brokerId }) => brokerId === undefined).map(() => ({ lastHour: [], lastDay: [] }));
  if (brokerIds.length === 0) return unnamed;
  const toMs = Math.ceil(atMs / minuteMs) * minuteMs;
  const hourlyMs = Math.max(hourMs, (forMinutes + 15) * minuteMs);
  const requests = (periodSeconds: number) =>
    brokerIds.map((brokerId) => ({
      key: String(brokerId),
      query: planMetricQuery(
        'KafkaDataLogsDiskUsed',
        { 'Cluster Name': cluster.name, 'Broker ID': String(brokerId) },
        cluster,
      ),
      periodSeconds,
    }));
  const [lastHour, lastDay] = await Promise.all([
    fetchSeries(requests(60), { fromMs: toMs - hourlyMs, toMs }),
    fetchSeries(requests(dayPeriodSeconds), { fromMs: toMs - dayMs, toMs }),
  ]);
  const named = brokerIds.map((brokerId) => {
    const key = String(brokerId);
    return diskOf(brokerId, lastHour.get(key), lastDay.get(key));
  });
  const [why] = named.flatMap(({ unread }) => unread ?? []);
  if (why !== undefined && named.every(({ unread }) => unread !== undefined))
    throw new DependencyError('cloudwatch:GetMetricData', 'bad-answer', why);
  return [...named, ...unnamed];
}

/** Nothing at all is an answer (the metric is absent); a failed or partial series is none. */
const isAnswer = (series: MetricSeries | undefined): series is MetricSeries =>
  series?.status === 'complete' || series?.status === 'absent';

function diskOf(
  brokerId: number,
  lastHour: MetricSeries | undefined,
  lastDay: MetricSeries | undefined,
): BrokerDisk & { readonly brokerId: number } {
  if (isAnswer(lastHour) && isAnswer(lastDay)) return { brokerId, lastHour: lastHour.points, lastDay: lastDay.points };
  const { status = 'no', message = '' } = (isAnswer(lastHour) ? lastDay : lastHour) ?? {};
  const unread = `${status} series of KafkaDataLogsDiskUsed of broker ${brokerId}: ${message}`.trim();
  return { brokerId, lastHour: [], lastDay: [], unread };
}

/** What storage scaling reads of a cluster, and nothing else of it: the look is kept in the run's history. */
export const storageOf = (cluster: MskCluster): ClusterStorage => {
  const { state, kind, currentVersion, brokerCount, volumeGiB, activeOperationArn } = cluster;
  return {
    state,
    kind,
    brokerCount,
    ...(currentVersion !== undefined && { currentVersion }),
    ...(volumeGiB !== undefined && { volumeGiB }),
    ...(activeOperationArn !== undefined && { activeOperationArn }),
  };
};
