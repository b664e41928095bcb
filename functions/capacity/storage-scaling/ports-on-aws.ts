import { applyAct } from '../../../shared/acting/act.ts';
import { readAuditRetention } from '../../../shared/acting/audit-retention.ts';
import { openActDoor, openProblems, openReceipts } from '../../../shared/acting/door-on-aws.ts';
import { createParameterClient } from '../../../shared/acting/kill-switch.ts';
import { createAutoScalingClient, fetchStorageAutoScaling } from '../../../shared/aws/auto-scaling.ts';
import { openBrokers } from '../../../shared/aws/brokers.ts';
import { fetchProvenCaller } from '../../../shared/aws/caller-proof.ts';
import { createCloudWatchClient, fetchMetricSeries } from '../../../shared/aws/cloudwatch.ts';
import { fetchWakingAlarms } from '../../../shared/aws/cloudwatch-alarms.ts';
import { createKafkaArmClient } from '../../../shared/aws/kafka-arm.ts';
import {
  createMskClient,
  fetchMskCluster,
  fetchMskNodes,
  fetchMskOperation,
  fetchMskOperations,
} from '../../../shared/aws/msk.ts';
import { applyBrokerStorage, createMskUpdateClient } from '../../../shared/aws/msk-update.ts';
import { createStoreClient, readJson, writeOnce } from '../../../shared/aws/store.ts';
import { type BundledConfiguration, readBundledConfiguration } from '../../../shared/configuration/bundled.ts';
import { readEnvironment } from '../../../shared/configuration/environment.ts';
import { openOwnAlarms } from '../../../shared/configuration/own-alarms.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import { stateKey, statePrefix } from '../../../shared/core/store-keys.ts';
import { approvalDocument, approvalKey, approvalPrefix, encodeApproval } from '../../../shared/durable/approval.ts';
import { episodeDocument, executionNameOf } from '../../../shared/durable/episode.ts';
import { createDurableClient, fetchRunStatus, functionOfExecution } from '../../../shared/durable/start.ts';
import type { RunContext } from '../../../shared/run/run-context.ts';
import { openBus } from '../../../shared/telling/bus.ts';
import { createEventBridgeClient } from '../../../shared/telling/events-bus.ts';
import { eventOf } from './bus.ts';
import { fetchDisks, storageOf } from './disks-on-aws.ts';
import type { Ports } from './ports.ts';

const slug = 'storage-scaling';
/** A look at the brokers, for the retention cut alone: the function starts, connects and asks. */
const lookTime = { withinMs: 20_000, patienceMs: 40_000 };

const msk = createMskClient();
const mskUpdate = createMskUpdateClient();
const autoScaling = createAutoScalingClient();
const cloudWatch = createCloudWatchClient();
const kafkaArm = createKafkaArmClient();
const lambda = createDurableClient();
const s3 = createStoreClient();
const ssm = createParameterClient();
const eventBridge = createEventBridgeClient();
const ownAlarms = openOwnAlarms();

const variables = [
  'MSKEEPER_BUCKET',
  'MSKEEPER_BUS_NAME',
  'MSKEEPER_CLUSTER_CLAIM',
  'MSKEEPER_KAFKA_READ_FUNCTION',
  'MSKEEPER_STACK_ID',
] as const;

/** A run may not write the episode's document: the intake sets one aside that cannot be read, whenever something wakes it. */
function sayWhoMends(error: unknown): never {
  if (!(error instanceof DependencyError) || error.failure !== 'bad-answer') throw error;
  const { call, failure, detail, facts } = error;
  const advice = 'wake storage-scaling by hand, which sets the document aside and begins anew';
  throw new DependencyError(call, failure, `${detail}: ${advice}`, { cause: error, facts });
}

let bundled: BundledConfiguration | undefined;

/** The ports of one invocation on Lambda. @throws ConfigError where configuration or environment are wrong */
export function openPorts(run: RunContext): Ports {
  bundled ??= readBundledConfiguration();
  const configuration = bundled;
  const { calls, runId } = run;
  const { cluster, clusterKey } = configuration;
  const environment = readEnvironment(variables);
  const auditRetention = readAuditRetention();
  const door = openActDoor(run, {
    bundled: configuration,
    execution: runId,
    bucket: environment.MSKEEPER_BUCKET,
    ...(auditRetention && { auditRetention }),
    busName: environment.MSKEEPER_BUS_NAME,
    claim: { parameter: environment.MSKEEPER_CLUSTER_CLAIM, stackId: environment.MSKEEPER_STACK_ID },
    s3,
    ssm,
    eventBridge,
  });
  const speaker = { cluster: clusterKey, procedure: slug, runId };
  const publish = openBus(eventBridge, calls, environment.MSKEEPER_BUS_NAME, cluster);
  const look = openBrokers({ msk, arm: kafkaArm }, calls, cluster, environment.MSKEEPER_KAFKA_READ_FUNCTION);
  const fetchDocument = async () => {
    const store = { client: s3, calls, bucket: environment.MSKEEPER_BUCKET, prefixes: [statePrefix(slug)] };
    return (await readJson(store, stateKey(slug, clusterKey), episodeDocument).catch(sayWhoMends))?.value;
  };
  return {
    configuration,
    nowMs: () => Date.now(),
    fetchEpisode: fetchDocument,
    fetchNewest: async (executionArn) => {
      const document = await fetchDocument();
      if (document === undefined) return undefined;
      const { episode, openedAtMs } = document;
      const name = executionNameOf(clusterKey, slug, episode);
      const status = await fetchRunStatus(lambda, calls, functionOfExecution(executionArn), name);
      return { episode, openedAtMs, isStarted: status !== 'unknown' };
    },
    fetchCluster: async () => storageOf(await fetchMskCluster(msk, calls, cluster.arn)),
    fetchOperations: () => fetchMskOperations(msk, calls, cluster.arn),
    fetchOperation: (operationArn) => fetchMskOperation(msk, calls, operationArn),
    fetchAutoScaling: () => fetchStorageAutoScaling(autoScaling, calls, cluster.arn),
    fetchDisks: async (atMs, forMinutes) => {
      const nodes = await fetchMskNodes(msk, calls, cluster.arn);
      return fetchDisks((requests, range) => fetchMetricSeries(cloudWatch, calls, requests, range), cluster, {
        nodes,
        atMs,
        forMinutes,
      });
    },
    fetchAlarms: () => fetchWakingAlarms(cloudWatch, calls, ownAlarms(), slug),
    fetchView: (request) => look(request, () => lookTime),
    applyStorage: (currentVersion, volumeGiB) =>
      applyBrokerStorage(mskUpdate, calls, cluster.arn, { currentVersion, volumeGiB }),
    act: (request) => applyAct(request, door),
    keepApproval: async (request) => {
      const store = { client: s3, calls, bucket: environment.MSKEEPER_BUCKET, prefixes: [approvalPrefix(clusterKey)] };
      await writeOnce(store, approvalKey(clusterKey, request.id), encodeApproval(request), approvalDocument);
    },
    proveCaller: (proof, digest) => fetchProvenCaller(calls, cluster.region, digest, proof),
    fetchReceipt: openReceipts(run, environment.MSKEEPER_BUCKET, s3, clusterKey),
    reportProblem: openProblems(run),
    publish: (spoken, atMs) => publish(spoken.map((one) => eventOf(speaker, atMs, one))),
  };
}
