import { setTimeout } from 'node:timers/promises';
import { openBrokers } from '../../../shared/aws/brokers.ts';
import { createCloudWatchClient, fetchMetricSeries } from '../../../shared/aws/cloudwatch.ts';
import { fetchOwnAlarms, type MetricAlarm } from '../../../shared/aws/cloudwatch-alarms.ts';
import { type EndpointAnswer, fetchEndpoint } from '../../../shared/aws/endpoint.ts';
import { createKafkaArmClient } from '../../../shared/aws/kafka-arm.ts';
import { createMskClient, fetchMskCluster, fetchMskNodes, idsOfAll } from '../../../shared/aws/msk.ts';
import { reportDocument } from '../../../shared/aws/report-document.ts';
import {
  createStoreClient,
  keepJson,
  readJson,
  type Store,
  type Stored,
  type WriteCondition,
  writeOnce,
} from '../../../shared/aws/store.ts';
import { type BundledConfiguration, readBundledConfiguration } from '../../../shared/configuration/bundled.ts';
import { readEnvironment } from '../../../shared/configuration/environment.ts';
import { openOwnAlarms } from '../../../shared/configuration/own-alarms.ts';
import type { BusEvent } from '../../../shared/core/bus-event.ts';
import type { ClusterView, LookRequest } from '../../../shared/core/cluster-view.ts';
import type { ClusterConfiguration } from '../../../shared/core/configuration.ts';
import { planMetricQuery } from '../../../shared/core/metric-catalogue.ts';
import { claimKey, reportKey, reportPrefix, stateKey, statePrefix } from '../../../shared/core/store-keys.ts';
import type { RunContext } from '../../../shared/run/run-context.ts';
import { openOffering } from '../../../shared/telling/bus.ts';
import { createEventBridgeClient, type RefusedEvent } from '../../../shared/telling/events-bus.ts';
import { toJson } from '../../../shared/text/json.ts';
import { verbatim } from '../../../shared/text/redaction.ts';
import { claimDocument, encodeClaim } from './claim-document.ts';
import { compareWithOwn } from './core/alarm-coverage.ts';
import type { LookClaim } from './core/claim.ts';
import type { HealthState } from './core/memory.ts';
import type { MetricRequest } from './core/metrics.ts';
import type { AlarmObservation, MetricSeries, MskObservation, PresentAlarm } from './core/observation.ts';
import { planLookTime } from './core/questions.ts';
import type { HealthReport, HealthVerdict } from './core/report.ts';
import { decodeState, encodeState, stateDocument } from './memory-document.ts';

/** Everything outside of the run. Every `fetch` throws DependencyError; the shell makes an unknown of it. */
export type Ports = {
  readonly configuration: BundledConfiguration;
  readonly run: Pick<RunContext, 'runId' | 'addMetric'> & { readonly requestCountByCall: () => Record<string, number> };
  readonly nowMs: () => number;
  /** Until the run must be over. */
  readonly remainingMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** From 0 to 1, at random. */
  readonly chance: () => number;
  readonly fetchMsk: () => Promise<MskObservation>;
  readonly fetchNodeIds: () => Promise<readonly number[]>;
  readonly fetchView: (request: LookRequest) => Promise<ClusterView>;
  readonly fetchMetrics: (
    requests: readonly MetricRequest[],
    range: { readonly fromMs: number; readonly toMs: number },
  ) => Promise<readonly MetricSeries[]>;
  readonly fetchAlarms: () => Promise<readonly AlarmObservation[]>;
  readonly fetchEndpoint: (endpoint: ClusterConfiguration['endpoints'][number]) => Promise<EndpointAnswer>;
  readonly fetchState: () => Promise<Stored<HealthState> | undefined>;
  /** `always`: over one that cannot be read, which is kept for people. */
  readonly applyState: (state: HealthState, condition: WriteCondition) => Promise<{ readonly etag: string }>;
  readonly fetchClaim: () => Promise<Stored<LookClaim> | undefined>;
  readonly applyClaim: (claim: LookClaim, condition: WriteCondition) => Promise<{ readonly etag: string }>;
  /** Says which of the events the bus did not take. */
  readonly reportToBus: (events: readonly BusEvent[]) => Promise<readonly RefusedEvent[]>;
  readonly reportToBucket: (report: HealthReport) => Promise<void>;
};

const slug = 'cluster-health';
const endpointTimeoutMs = 5_000;

const msk = createMskClient();
const cloudWatch = createCloudWatchClient();
const kafkaArm = createKafkaArmClient();
const s3 = createStoreClient();
const eventBridge = createEventBridgeClient();
const ownAlarms = openOwnAlarms();

const variables = ['MSKEEPER_BUCKET', 'MSKEEPER_BUS_NAME', 'MSKEEPER_KAFKA_READ_FUNCTION'] as const;

/** What CloudWatch could not give of a series stays with it, so that its findings say why they are unknown. */
const metricsOf =
  (cluster: ClusterConfiguration, calls: RunContext['calls']): Ports['fetchMetrics'] =>
  async (requests, range) => {
    const queries = requests.map(({ metric, brokerId }, index) => ({
      key: String(index),
      query: planMetricQuery(
        metric,
        { 'Cluster Name': cluster.name, ...(brokerId !== undefined && { 'Broker ID': String(brokerId) }) },
        cluster,
      ),
      periodSeconds: 60,
    }));
    const seriesByKey = await fetchMetricSeries(cloudWatch, calls, queries, range);
    return requests.map((request, index) => {
      const { status, points, message } = seriesByKey.get(String(index)) ?? { status: 'absent', points: [] };
      if (status !== 'failed' && status !== 'partial') return { ...request, points };
      const unread = {
        part: status === 'failed' ? 'all' : 'some',
        why: message ?? 'CloudWatch did not say why',
      } as const;
      return { ...request, points: status === 'failed' ? [] : points, unread };
    });
  };

/** An alarm of which nobody can say how it stands may still fire: what it woke a look for is not over. */
const presentAlarm = ({ state, ...alarm }: MetricAlarm): PresentAlarm => ({
  ...alarm,
  state: state === 'unknown' ? 'ALARM' : state,
});

let bundled: BundledConfiguration | undefined;

/** The ports of one run on Lambda. @throws ConfigError where configuration or environment are wrong */
export function openPorts({ calls, runId, remainingMs, addMetric }: RunContext): Ports {
  bundled ??= readBundledConfiguration();
  const configuration = bundled;
  const { cluster, clusterKey } = configuration;
  const environment = readEnvironment(variables);
  const store: Store = {
    client: s3,
    calls,
    bucket: environment.MSKEEPER_BUCKET,
    prefixes: [reportPrefix(slug), statePrefix(slug)],
  };
  const look = openBrokers({ msk, arm: kafkaArm }, calls, cluster, environment.MSKEEPER_KAFKA_READ_FUNCTION);
  const keyOf = (report: HealthVerdict) => reportKey(slug, clusterKey, Date.parse(report.at), runId);
  return {
    configuration,
    run: { runId, addMetric, requestCountByCall: () => ({ ...calls.requestCountByCall() }) },
    nowMs: () => Date.now(),
    remainingMs,
    wait: (ms) => setTimeout(ms, undefined, { signal: calls.signal }),
    chance: () => Math.random(),
    fetchMsk: () => fetchMskCluster(msk, calls, cluster.arn),
    fetchNodeIds: async () => idsOfAll(await fetchMskNodes(msk, calls, cluster.arn)),
    fetchView: (request) => look(request, () => planLookTime(remainingMs())),
    fetchMetrics: metricsOf(cluster, calls),
    fetchAlarms: async () => {
      const own = ownAlarms();
      return compareWithOwn(
        own.alarms.map(({ name }) => name),
        (await fetchOwnAlarms(cloudWatch, calls, own)).map(presentAlarm),
      );
    },
    fetchEndpoint: (endpoint) => fetchEndpoint(calls, endpoint, endpointTimeoutMs),
    fetchState: async () => {
      const stored = await readJson(store, stateKey(slug, clusterKey), stateDocument);
      return stored && { value: decodeState(stored.value), etag: stored.etag };
    },
    applyState: (state, condition) =>
      keepJson(store, stateKey(slug, clusterKey), verbatim(encodeState(state)), condition, stateDocument),
    fetchClaim: () => readJson(store, claimKey(slug, clusterKey), claimDocument),
    applyClaim: (claim, condition) =>
      keepJson(store, claimKey(slug, clusterKey), encodeClaim(claim), condition, claimDocument),
    reportToBus: openOffering(eventBridge, calls, environment.MSKEEPER_BUS_NAME, cluster),
    reportToBucket: async (report) => {
      // What JSON changes of a number is no reason to keep no report: nobody decides by it.
      await writeOnce(store, keyOf(report), JSON.parse(toJson(report)), reportDocument);
    },
  };
}
