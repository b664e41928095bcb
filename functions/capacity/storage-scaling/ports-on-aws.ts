import { applyAct } from '../../../shared/acting/act.ts';
import { openActDoor } from '../../../shared/acting/door-on-aws.ts';
import { createParameterClient } from '../../../shared/acting/kill-switch.ts';
import { createAutoScalingClient, fetchStorageAutoScaling } from '../../../shared/aws/auto-scaling.ts';
import { createCloudWatchClient, fetchMetricSeries } from '../../../shared/aws/cloudwatch.ts';
import { fetchWakingAlarms } from '../../../shared/aws/cloudwatch-alarms.ts';
import { createKafkaArmClient, fetchClusterView } from '../../../shared/aws/kafka-arm.ts';
import {
  createMskClient,
  fetchBootstrapServers,
  fetchMskCluster,
  fetchMskNodes,
  fetchMskOperation,
  fetchMskOperations,
} from '../../../shared/aws/msk.ts';
import { applyBrokerStorage, createMskUpdateClient } from '../../../shared/aws/msk-update.ts';
import { createStoreClient, readJson, writeJson } from '../../../shared/aws/store.ts';
import { type BundledConfiguration, readBundledConfiguration } from '../../../shared/configuration/bundled.ts';
import { readEnvironment } from '../../../shared/configuration/environment.ts';
import { openOwnAlarms } from '../../../shared/configuration/own-alarms.ts';
import { splitServers } from '../../../shared/core/bootstrap-servers.ts';
import { busEventOf, findingEventOf } from '../../../shared/core/bus-event.ts';
import { stateKey, statePrefix } from '../../../shared/core/store-keys.ts';
import { approvalKey, approvalPrefix, encodeApproval } from '../../../shared/durable/approval.ts';
import { episodeDocument } from '../../../shared/durable/episode.ts';
import type { CallScope } from '../../../shared/run/call-scope.ts';
import type { RunContext } from '../../../shared/run/run-context.ts';
import { createEventBridgeClient, publishEvents } from '../../../shared/telling/events-bus.ts';
import { noticeOf } from '../../../shared/telling/notice.ts';
import { createNotifyClient, notify } from '../../../shared/telling/notify.ts';
import type { Announcement, BusAnnouncement } from './core/model.ts';
import { fetchDisks, storageOf } from './disks-on-aws.ts';
import type { Ports } from './ports.ts';

const slug = 'storage-scaling';
/** Histories are short, and their order is not documented: far more than any cluster has in the days that matter. */
const mostOperations = 1_000;
/** A look at the brokers, for the retention cut alone: the function starts, connects and asks. */
const lookMs = 20_000;
const patienceMs = 40_000;

const msk = createMskClient();
const mskUpdate = createMskUpdateClient();
const autoScaling = createAutoScalingClient();
const cloudWatch = createCloudWatchClient();
const kafkaArm = createKafkaArmClient();
const s3 = createStoreClient();
const ssm = createParameterClient();
const eventBridge = createEventBridgeClient();
const sns = createNotifyClient();
const ownAlarms = openOwnAlarms();

const variables = [
  'MSKEEPER_BUCKET',
  'MSKEEPER_BUS_NAME',
  'MSKEEPER_KAFKA_READ_FUNCTION',
  'MSKEEPER_TOPIC_CRITICAL',
  'MSKEEPER_TOPIC_WARNING',
] as const;
type Environment = ReturnType<typeof readEnvironment<(typeof variables)[number]>>;

const variableByTopic = {
  critical: 'MSKEEPER_TOPIC_CRITICAL',
  warning: 'MSKEEPER_TOPIC_WARNING',
} as const satisfies Record<Announcement['topic'], keyof Environment>;

let bundled: BundledConfiguration | undefined;

/** The ports of one invocation on Lambda. @throws ConfigError where configuration or environment are wrong */
export function openPorts(run: RunContext): Ports {
  bundled ??= readBundledConfiguration();
  const configuration = bundled;
  const { calls, runId } = run;
  const { cluster, clusterKey } = configuration;
  const environment = readEnvironment(variables);
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
      return fetchDisks((requests, range) => fetchMetricSeries(cloudWatch, calls, requests, range), cluster, {
        brokerIds,
        atMs,
        forMinutes,
      });
    },
    fetchAlarms: () => fetchWakingAlarms(cloudWatch, calls, ownAlarms(), slug),
    fetchView: async (request) => {
      const bootstrapServers =
        cluster.bootstrap === undefined
          ? await fetchBootstrapServers(msk, calls, cluster.arn, cluster.authentication.kind)
          : splitServers(cluster.bootstrap);
      const where = { bootstrapServers, withinMs: lookMs, patienceMs };
      return fetchClusterView(kafkaArm, calls, environment.MSKEEPER_KAFKA_READ_FUNCTION, where, request);
    },
    applyStorage: (currentVersion, volumeGiB) =>
      applyBrokerStorage(mskUpdate, calls, cluster.arn, { currentVersion, volumeGiB }),
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
    ...openTelling({ calls, runId, environment, configuration }),
  };
}

/** One topic and one bus for what a run announces. Each call is one message; both may be sent twice after a crash. */
export function openTelling(outside: {
  readonly calls: CallScope;
  readonly runId: string;
  readonly environment: Environment;
  readonly configuration: BundledConfiguration;
}) {
  const { calls, runId, environment } = outside;
  const { configuration, clusterKey, cluster } = outside.configuration;
  const speaker = { cluster: clusterKey, procedure: slug, runId };
  return {
    notify: async ({ topic, severity, headline, findings }: Announcement, atMs: number): Promise<void> => {
      const notice = noticeOf(speaker, configuration.contacts, atMs, { severity, headline, findings });
      await notify(sns, calls, environment[variableByTopic[topic]], notice);
    },
    publish: ({ headline, severity, findings, event }: BusAnnouncement, atMs: number): Promise<void> => {
      const events =
        event.detailType === 'mskeeper plan'
          ? [busEventOf(speaker, atMs, event.detailType, { plan: { message: headline, severity, ...event.facts } })]
          : findings.map((finding) => findingEventOf(speaker, atMs, finding));
      const ours = events.map((one) => ({ ...one, resources: [cluster.arn] }));
      return publishEvents(eventBridge, calls, environment.MSKEEPER_BUS_NAME, ours);
    },
  };
}
