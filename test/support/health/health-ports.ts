import type { LookClaim } from '../../../functions/health/cluster-health/core/claim.ts';
import type { HealthState } from '../../../functions/health/cluster-health/core/memory.ts';
import type { HealthReport } from '../../../functions/health/cluster-health/core/report.ts';
import { runClusterHealth } from '../../../functions/health/cluster-health/handler.ts';
import type { Ports } from '../../../functions/health/cluster-health/ports.ts';
import type { WriteCondition } from '../../../shared/aws/store.ts';
import type { BundledConfiguration } from '../../../shared/configuration/bundled.ts';
import type { BusEvent } from '../../../shared/core/bus-event.ts';
import type { ClusterConfiguration } from '../../../shared/core/configuration.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import type { WakeEvent } from '../../../shared/events/wake.ts';
import type { RunMetric } from '../../../shared/run/run-context.ts';
import { fullView, metricSeries, mskObservation, noonMs } from './builders.ts';

export const clusterConfiguration = (more: Partial<ClusterConfiguration> = {}): ClusterConfiguration => ({
  name: 'orders',
  arn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/00000000-0000-4000-8000-000000000000-1',
  region: 'eu-west-1',
  accountId: '111122223333',
  role: 'primary',
  brokerCount: 3,
  brokerIds: [1, 2, 3],
  brokerKind: 'standard',
  metadataMode: 'kraft',
  monitoringLevel: 'DEFAULT',
  authentication: { kind: 'plaintext' },
  network: { subnetIds: ['subnet-0a1b2c3d4e5f60001'], securityGroupIds: ['sg-0a1b2c3d4e5f60001'] },
  topics: {
    critical: [{ name: 'orders', replicationFactor: 3 }],
    watch: ['*'],
    ignore: [],
    deadLetter: [],
    flowing: [],
  },
  groups: { watch: ['*'], ignore: [] },
  endpoints: [],
  ...more,
});

export const noApproval = { isRequired: false, timeoutMinutes: 60, validMinutes: 1440, mayInitiatorApprove: false };

export const bundledConfiguration = (cluster: Partial<ClusterConfiguration> = {}): BundledConfiguration => {
  const configured = clusterConfiguration(cluster);
  return {
    clusterKey: 'orders',
    cluster: configured,
    configuration: {
      version: 1,
      timeZone: 'UTC',
      policy: {
        preset: 'msk-operations',
        brokerAnswerTimeoutMs: 5000,
        limits: {
          diskUsedPercent: { notice: 70, warning: 80, critical: 85 },
          underReplicatedPartitions: { critical: 0 },
          underMinIsrPartitions: { critical: 0 },
        },
        floors: {},
        scaling: {},
        responseMinutes: { emergency: 5, critical: 15, warning: 60, notice: 240 },
        escalation: { emergency: [], critical: [], warning: [] },
      },
      clusters: { orders: configured },
      modes: {
        'storage-scaling': 'plan',
        'partition-balance': 'plan',
        'topic-advice': 'plan',
        'rolling-reboot': 'plan',
        'cluster-change': 'plan',
        'metadata-restore': 'plan',
        failover: 'plan',
        drill: 'plan',
      },
      approvals: {
        'storage-scaling': noApproval,
        'partition-balance': noApproval,
        'topic-advice': noApproval,
        'rolling-reboot': noApproval,
        'cluster-change': noApproval,
        'metadata-restore': noApproval,
        failover: noApproval,
        drill: noApproval,
      },
      approverPrincipals: [],
      killSwitch: { parameter: '/mskeeper/kill-switch' },
      actionBudget: { actsPerHour: 4 },
      contacts: [],
      maintenanceWindows: [],
      schedules: { 'cluster-health-light': 'rate(5 minutes)', 'cluster-health-full': 'cron(0 9 * * ? *)' },
    },
  };
};

/** A bucket and a bus that keep what they get. */
export type Outside = {
  stored: { value: HealthState; etag: string } | undefined;
  claim: { value: LookClaim; etag: string } | undefined;
  readonly onBus: BusEvent[];
  readonly reports: HealthReport[];
  readonly metrics: RunMetric[];
};

export const outside = (): Outside => ({
  stored: undefined,
  claim: undefined,
  onBus: [],
  reports: [],
  metrics: [],
});

let version = 0;

/** A write on condition, as S3 does it: the new version, or a conflict. */
function writeOver(etag: string | undefined, condition: WriteCondition): string {
  const isMet = condition === 'always' || (condition === 'absent' ? etag === undefined : etag === condition.etag);
  if (!isMet) throw new DependencyError('s3:PutObject', 'conflict', 'somebody else wrote');
  version += 1;
  return `version-${version}`;
}

/** One run that looks, as a schedule, a person or an alarm wakes it. */
export async function checkClusterHealth(event: WakeEvent, ports: Ports): Promise<HealthReport> {
  const result = await runClusterHealth(event, ports);
  if ('holderRunId' in result) throw new Error(`the run left its wake to ${result.holderRunId}`);
  return result;
}

/** Ports over a healthy cluster, writing to `kept`; the state is written as S3 does, on condition. */
export function healthPorts(kept: Outside, more: Partial<Ports> = {}): Ports {
  const configuration = more.configuration ?? bundledConfiguration();
  return {
    configuration,
    run: { runId: 'run-1', addMetric: (metric) => kept.metrics.push(metric), requestCountByCall: () => ({}) },
    nowMs: () => noonMs,
    remainingMs: () => 110_000,
    wait: async () => {},
    chance: () => 0.5,
    fetchMsk: async () => mskObservation({ kind: configuration.cluster.brokerKind }),
    fetchNodeIds: async () => [1, 2, 3],
    fetchView: async () => fullView(),
    fetchMetrics: async (requests) => {
      const all = [...metricSeries({}, 'full'), ...metricSeries({}, 'light')];
      return requests.flatMap(({ metric, brokerId }) => {
        const found = all.find((one) => one.metric === metric && one.brokerId === brokerId);
        return found === undefined ? [] : [found];
      });
    },
    fetchAlarms: async () => [{ name: 'disk-used', state: 'OK', brokerIds: [1, 2, 3], isMuted: false }],
    fetchEndpoint: async () => ({ status: 200, answerMs: 5 }),
    fetchClaim: async () => kept.claim,
    applyClaim: async (value, condition) => {
      kept.claim = { value, etag: writeOver(kept.claim?.etag, condition) };
      return { etag: kept.claim.etag };
    },
    fetchState: async () => kept.stored,
    applyState: async (value, condition) => {
      kept.stored = { value, etag: writeOver(kept.stored?.etag, condition) };
      return { etag: kept.stored.etag };
    },
    reportToBus: async (events) => {
      kept.onBus.push(...events);
      return [];
    },
    reportToBucket: async (report) => {
      kept.reports.push(report);
    },
    ...more,
  };
}
