import * as z from 'zod';
import type { SwitchVersion } from '../../../shared/acting/core/switch-change.ts';
import { createParameterClient, fetchSwitchVersions } from '../../../shared/acting/kill-switch.ts';
import { ifReadable, present } from '../../../shared/aws/answer.ts';
import { fetchProvenCaller, type ProvenCaller } from '../../../shared/aws/caller-proof.ts';
import { createCloudWatchClient } from '../../../shared/aws/cloudwatch.ts';
import { fetchWakingAlarms, type WakingAlarm } from '../../../shared/aws/cloudwatch-alarms.ts';
import { createStoreClient, keepJson, readJson, type Store } from '../../../shared/aws/store.ts';
import { readBundledConfiguration } from '../../../shared/configuration/bundled.ts';
import { readEnvironment } from '../../../shared/configuration/environment.ts';
import { openOwnAlarms } from '../../../shared/configuration/own-alarms.ts';
import { stateKey, statePrefix } from '../../../shared/core/store-keys.ts';
import {
  type EpisodePorts,
  episodeDocument,
  episodeOfName,
  type Quiet,
  quietSchema,
  type RunEnd,
} from '../../../shared/durable/episode.ts';
import { configurationNameOf } from '../../../shared/durable/own-configuration.ts';
import {
  createDurableClient,
  fetchExecution,
  fetchLastRun,
  fetchNewestRun,
  fetchRunStatus,
  startRun,
} from '../../../shared/durable/start.ts';
import type { CallerProof } from '../../../shared/events/caller-proof.ts';
import { placeOfScope, scheduledRunCompleted } from '../../../shared/events/wake.ts';
import type { RunContext } from '../../../shared/run/run-context.ts';
import { openBus } from '../../../shared/telling/bus.ts';
import { createEventBridgeClient } from '../../../shared/telling/events-bus.ts';
import { eventOf } from './bus.ts';
import type { LastRun } from './core/look-again.ts';
import { outcomes } from './core/model.ts';
import { scopes } from './core/scopes.ts';
import type { Spoken } from './core/spoken.ts';

/** Everything outside of the intake's run. */
export type IntakePorts = EpisodePorts & {
  readonly cluster: string;
  readonly clusterArn: string;
  /** Asks STS who signed over a digest. @throws DependencyError where STS said nothing */
  readonly proveCaller: (proof: CallerProof, digest: string) => Promise<ProvenCaller>;
  /** How a run ended, by Lambda's own word; undefined where it knows of none. @throws DependencyError */
  readonly fetchExecution: (executionArn: string) => Promise<RunEnd | undefined>;
  /** The alarms that wake this procedure, and since when they are as they are. */
  readonly fetchAlarms: () => Promise<readonly WakingAlarm[]>;
  /** The newest episode's run, and what people heard of it. */
  readonly fetchLastRun: () => Promise<(LastRun & { readonly episode: number; readonly quiet?: Quiet }) | undefined>;
  /** The name of the kill switch's parameter. */
  readonly killSwitch: string;
  /** Its versions, newest first; none where it does not exist. @throws DependencyError */
  readonly fetchSwitchVersions: () => Promise<readonly SwitchVersion[]>;
  /** Leaves the schedule's heartbeat. */
  readonly noteScheduledRun: () => void;
  /** Puts on the bus what is said, from which people hear it. @throws DependencyError naming what it did not take */
  readonly publish: (spoken: readonly Spoken[], atMs: number) => Promise<void>;
};

const slug = 'storage-scaling';

const s3 = createStoreClient();
const cloudWatch = createCloudWatchClient();
const ssm = createParameterClient();
const ownAlarms = openOwnAlarms();
const lambda = createDurableClient();
const eventBridge = createEventBridgeClient();

/** What an earlier run gave back, as far as the next one needs it; another shape is that of another release. */
const runResult = z.object({
  outcome: ifReadable(z.enum(outcomes)),
  quiet: ifReadable(quietSchema),
});

const variables = ['MSKEEPER_BUCKET', 'MSKEEPER_BUS_NAME', 'MSKEEPER_RUN_FUNCTION'] as const;

/** The ports of one run on Lambda. @throws ConfigError where configuration or environment are wrong */
export function openIntakePorts({ calls, runId, addMetric }: RunContext): IntakePorts {
  const environment = readEnvironment(variables);
  const { configuration, cluster, clusterKey } = readBundledConfiguration();
  const store: Store = { client: s3, calls, bucket: environment.MSKEEPER_BUCKET, prefixes: [statePrefix(slug)] };
  const key = stateKey(slug, clusterKey);
  const speaker = { cluster: clusterKey, procedure: slug, runId };
  const runFunction = environment.MSKEEPER_RUN_FUNCTION;
  const publish = openBus(eventBridge, calls, environment.MSKEEPER_BUS_NAME, cluster);
  return {
    cluster: clusterKey,
    clusterArn: cluster.arn,
    configuration: configurationNameOf(configuration),
    nowMs: () => Date.now(),
    proveCaller: (proof, digest) => fetchProvenCaller(calls, cluster.region, digest, proof),
    fetchEpisode: () => readJson(store, key, episodeDocument),
    applyEpisode: (document, condition) => keepJson(store, key, document, condition, episodeDocument),
    fetchRunStatus: (executionName) => fetchRunStatus(lambda, calls, runFunction, executionName),
    fetchNewestRun: async () => {
      const newest = await fetchNewestRun(lambda, calls, runFunction);
      return newest && { episode: episodeOfName(newest.executionName), isRunning: newest.isRunning };
    },
    fetchAlarms: () => fetchWakingAlarms(cloudWatch, calls, ownAlarms(), slug),
    fetchLastRun: async () => {
      const last = await fetchLastRun(lambda, calls, runFunction);
      if (last === undefined) return undefined;
      const { episode, end } = last;
      // One that could only not tell it did what it was to do all the same.
      const result = end.doneAs === undefined ? last.result : { outcome: end.doneAs };
      const { outcome, quiet } = runResult.safeParse(result).data ?? {};
      return { episode, isRunning: end.status === 'RUNNING', ...present({ outcome, quiet, endedAtMs: end.endedAtMs }) };
    },
    killSwitch: configuration.killSwitch.parameter,
    fetchSwitchVersions: () => fetchSwitchVersions(ssm, calls, configuration.killSwitch.parameter),
    noteScheduledRun: () =>
      addMetric({ name: scheduledRunCompleted, unit: 'Count', value: placeOfScope(scopes, 'watch'), by: 'procedure' }),
    fetchExecution: (executionArn) => fetchExecution(lambda, calls, executionArn),
    applyStart: (executionName, payload) => startRun(lambda, calls, runFunction, executionName, payload),
    publish: (spoken, atMs) => publish(spoken.map((one) => eventOf(speaker, atMs, one))),
  };
}
