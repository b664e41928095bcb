import { KafkaClient } from '@aws-sdk/client-kafka';
import { type ActDecision, type ActRequest, applyAct } from '../../../shared/acting/act.ts';
import { openActDoor } from '../../../shared/acting/door-on-aws.ts';
import { createParameterClient } from '../../../shared/acting/kill-switch.ts';
import { createAutoScalingClient, fetchStorageAutoScaling } from '../../../shared/aws/auto-scaling.ts';
import { createClient } from '../../../shared/aws/client.ts';
import { createCloudWatchClient } from '../../../shared/aws/cloudwatch.ts';
import { fetchMetricAlarms } from '../../../shared/aws/cloudwatch-alarms.ts';
import { createKafkaArmClient, fetchClusterView } from '../../../shared/aws/kafka-arm.ts';
import {
  createMskClient,
  fetchBootstrapServers,
  fetchMskCluster,
  fetchMskNodes,
  fetchMskOperation,
  fetchMskOperations,
} from '../../../shared/aws/msk.ts';
import { type AcceptedUpdate, applyBrokerStorage } from '../../../shared/aws/msk-update.ts';
import { createStoreClient, readJson, writeJson } from '../../../shared/aws/store.ts';
import { stateKey, statePrefix } from '../../../shared/aws/store-keys.ts';
import { type BundledConfiguration, readBundledConfiguration } from '../../../shared/configuration/bundled.ts';
import type { ClusterView, LookRequest } from '../../../shared/core/cluster-view.ts';
import type { MskOperation, MskOperationDetail } from '../../../shared/core/msk-model.ts';
import { type ApprovalRequest, approvalKey, approvalPrefix, encodeApproval } from '../../../shared/durable/approval.ts';
import { episodeDocument } from '../../../shared/durable/episode.ts';
import type { RunContext } from '../../../shared/run/run-context.ts';
import { createEventBridgeClient } from '../../../shared/telling/events-bus.ts';
import { createNotifyClient } from '../../../shared/telling/notify.ts';
import type { Announcement } from './core/model.ts';
import type { BrokerDisk, ClusterStorage, StorageAutoScaling } from './core/observation.ts';
import { fetchDisks, storageOf } from './disks-on-aws.ts';
import { openTelling, readEnvironment } from './tell-ports.ts';

export type { ActDecision, ActRequest, Effect } from '../../../shared/acting/act.ts';
export type { ApprovalOutcome } from '../../../shared/durable/approval.ts';
export type { BackOff, Durable } from '../../../shared/durable/durable.ts';
export type { EpisodeInput } from '../../../shared/durable/episode.ts';

/**
 * Everything outside of a run, opened anew at each invocation and used inside of steps only. Every `fetch` throws
 * DependencyError; the look makes an unknown of it.
 */
export type Ports = {
  readonly configuration: BundledConfiguration;
  readonly nowMs: () => number;
  /** The newest episode that an intake opened; undefined where its document is not there. */
  readonly fetchEpisode: () => Promise<number | undefined>;
  readonly fetchCluster: () => Promise<ClusterStorage>;
  readonly fetchOperations: () => Promise<readonly MskOperation[]>;
  readonly fetchOperation: (operationArn: string) => Promise<MskOperationDetail>;
  readonly fetchAutoScaling: () => Promise<StorageAutoScaling>;
  readonly fetchDisks: (atMs: number, forMinutes: number) => Promise<readonly BrokerDisk[]>;
  /** This procedure's own disk alarms; none for a cluster that has none. */
  readonly fetchAlarms: () => Promise<readonly { readonly name: string; readonly state: string }[]>;
  readonly fetchView: (request: LookRequest) => Promise<ClusterView>;
  readonly applyStorage: (currentVersion: string, volumeGiB: number) => Promise<AcceptedUpdate>;
  readonly act: <State, Outcome>(request: ActRequest<State, Outcome>) => Promise<ActDecision<Outcome>>;
  /** Puts what waits for a person where approvers read, callback id and all. */
  readonly keepApproval: (
    id: string,
    executionName: string,
    request: ApprovalRequest,
    callbackId: string,
  ) => Promise<void>;
  readonly notify: (announcement: Announcement, atMs: number) => Promise<void>;
  readonly publish: (announcement: Announcement, atMs: number) => Promise<void>;
};

const slug = 'storage-scaling';
/** Histories are short, and their order is not documented: far more than any cluster has in the days that matter. */
const mostOperations = 1_000;
/** A look at the brokers, for the retention cut alone: the function starts, connects and asks. */
const lookMs = 20_000;
const patienceMs = 40_000;

const msk = createMskClient();
/** The act itself is never repeated by the SDK: only the door knows whether it may be. */
const mskOnce = createClient(KafkaClient, { maxAttempts: 1 });
const autoScaling = createAutoScalingClient();
const cloudWatch = createCloudWatchClient();
const kafkaArm = createKafkaArmClient();
const s3 = createStoreClient();
const ssm = createParameterClient();
const eventBridge = createEventBridgeClient();
const sns = createNotifyClient();

let bundled: BundledConfiguration | undefined;

/** The ports of one invocation on Lambda. @throws ConfigError where configuration or environment are wrong */
export function openPorts(run: RunContext): Ports {
  bundled ??= readBundledConfiguration();
  const configuration = bundled;
  const { calls, runId } = run;
  const { cluster, clusterKey } = configuration;
  const environment = readEnvironment();
  const door = openActDoor(run, {
    bundled: configuration,
    execution: runId,
    bucket: environment.MSKEEPER_BUCKET,
    busName: environment.MSKEEPER_BUS_NAME,
    s3,
    ssm,
    eventBridge,
  });
  return {
    configuration,
    nowMs: () => Date.now(),
    fetchEpisode: async () => {
      const store = { client: s3, calls, bucket: environment.MSKEEPER_BUCKET, prefixes: [statePrefix(slug)] };
      return (await readJson(store, stateKey(slug, clusterKey), episodeDocument))?.value.episode;
    },
    fetchCluster: async () => storageOf(await fetchMskCluster(msk, calls, cluster.arn)),
    fetchOperations: () => fetchMskOperations(msk, calls, cluster.arn, mostOperations),
    fetchOperation: (operationArn) => fetchMskOperation(msk, calls, operationArn),
    fetchAutoScaling: () => fetchStorageAutoScaling(autoScaling, calls, cluster.arn),
    fetchDisks: async (atMs, forMinutes) => {
      const brokerIds = (await fetchMskNodes(msk, calls, cluster.arn)).map(({ brokerId }) => brokerId);
      return fetchDisks(cloudWatch, calls, cluster, { brokerIds, atMs, forMinutes });
    },
    fetchAlarms: () => fetchMetricAlarms(cloudWatch, calls, `mskeeper-${clusterKey}-storage-scaling-disk-`),
    fetchView: async (request) => {
      const bootstrapServers =
        cluster.bootstrap?.split(',').map((server) => server.trim()) ??
        (await fetchBootstrapServers(msk, calls, cluster.arn, cluster.authentication.kind));
      const where = { bootstrapServers, withinMs: lookMs, patienceMs };
      return fetchClusterView(kafkaArm, calls, environment.MSKEEPER_KAFKA_READ_FUNCTION, where, request);
    },
    applyStorage: (currentVersion, volumeGiB) =>
      applyBrokerStorage(mskOnce, calls, cluster.arn, { currentVersion, volumeGiB }),
    act: (request) => applyAct(request, door),
    keepApproval: async (id, executionName, { plan, initiator, mayInitiatorApprove, timeoutMs }, callbackId) => {
      const store = { client: s3, calls, bucket: environment.MSKEEPER_BUCKET, prefixes: [approvalPrefix(clusterKey)] };
      const requestedAtMs = Date.now();
      const document = encodeApproval({
        version: 1,
        id,
        cluster: clusterKey,
        procedure: slug,
        executionName,
        initiator,
        mayInitiatorApprove,
        requestedAtMs,
        expiresAtMs: requestedAtMs + timeoutMs,
        plan,
        callbackId,
      });
      await writeJson(store, approvalKey(clusterKey, id), document, 'always');
    },
    ...openTelling({ sns, eventBridge, calls, runId, environment, configuration }),
  };
}
