import { deployment as storageScaling } from '../functions/capacity/storage-scaling/deployment.ts';
import { deployment as clusterHealth } from '../functions/health/cluster-health/deployment.ts';
import { planLagAlarms } from '../functions/health/consumer-lag/alarms.ts';
import { deployment as incident } from '../functions/health/incident/deployment.ts';
import { deployment as kafkaRead } from '../functions/kafka/read/deployment.ts';
import type { Deployment, EarlyAlarms } from '../shared/deployment/deployment.ts';

/** Every procedure, by its folder under `functions/`. What AWS, the documents and the commands know of it comes from here. */
export const procedures = {
  'health/cluster-health': clusterHealth,
  'health/incident': incident,
  'kafka/read': kafkaRead,
  'capacity/storage-scaling': storageScaling,
} as const satisfies Readonly<Record<string, Deployment>>;

/**
 * Procedures of the runbook that will act and are not there yet: mskeeper.yml takes their modes and approvals already, and
 * says that nothing reads them.
 */
export const awaitedActingProcedures = [
  'partition-balance',
  'topic-advice',
  'rolling-reboot',
  'cluster-change',
  'metadata-restore',
  'failover',
  'drill',
] as const;

/** Alarms of procedures that are not there yet: they page by themselves, and wake nobody. */
export const earlyAlarms: readonly EarlyAlarms[] = [
  { alarms: planLagAlarms, judges: ['limits.lagMessages', 'limits.lagSeconds'] },
];
