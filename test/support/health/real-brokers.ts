import type { Ports } from '../../../functions/health/cluster-health/ports.ts';
import type { LocalKafka } from '../../../local/kafka/start-kafka.ts';
import type { ClusterConfiguration } from '../../../shared/core/configuration.ts';
import { lookAtCluster } from '../../../shared/kafka/look/look.ts';
import { series } from './builders.ts';
import { bundledConfiguration, clusterConfiguration, healthPorts, type Outside } from './health-ports.ts';

/** Metrics as CloudWatch would still show them: healthy, whatever happens to the brokers. */
const staleMetrics: Ports['fetchMetrics'] = async (requests, { toMs }) =>
  requests.map((request) => {
    const healthy = series(request, request.metric === 'ActiveControllerCount' ? 1 : 0);
    const points = healthy.points.map(({ value }, index, all) => ({
      atMs: toMs - (all.length - index) * 60_000,
      value,
    }));
    return { ...healthy, points };
  });

export type RealHealth = {
  /** A topic with three copies, configured as critical. */
  readonly critical: string;
  /** Default: every broker, in the order of their ids. */
  readonly bootstrapServers?: readonly string[];
  readonly metadataMode?: ClusterConfiguration['metadataMode'];
};

/** Ports of cluster-health that look at real brokers; everything else is as of a healthy cluster. `kept`: what it tells. */
export const realHealthPorts = (kafka: LocalKafka, kept: Outside, health: RealHealth): Ports => {
  const { critical, bootstrapServers = kafka.bootstrapServers(), metadataMode = 'kraft' } = health;
  const { topics } = clusterConfiguration();
  return healthPorts(kept, {
    configuration: bundledConfiguration({
      metadataMode,
      topics: { ...topics, critical: [{ name: critical, replicationFactor: 3 }], deadLetter: ['*.dlq'] },
    }),
    nowMs: () => Date.now(),
    fetchNodeIds: async () => kafka.brokers.map(({ id }) => id),
    fetchMetrics: staleMetrics,
    fetchAlarms: async () => [
      { name: 'all', state: 'OK', brokerIds: kafka.brokers.map(({ id }) => id), isMuted: false },
    ],
    fetchView: (request) =>
      lookAtCluster(request, {
        bootstrapServers,
        authentication: { kind: 'plaintext' },
        deadlineAtMs: Date.now() + 60_000,
      }),
  });
};
