import { createHash } from 'node:crypto';
import { createStoreClient, keepJson, readJson, type Store } from '../../../shared/aws/store.ts';
import { readBundledConfiguration } from '../../../shared/configuration/bundled.ts';
import { readEnvironment } from '../../../shared/configuration/environment.ts';
import { findingEventOf } from '../../../shared/core/bus-event.ts';
import type { Finding } from '../../../shared/core/finding.ts';
import { stateKey, statePrefix } from '../../../shared/core/store-keys.ts';
import { type EpisodePorts, episodeDocument, episodeOfName, type RunEnd } from '../../../shared/durable/episode.ts';
import {
  createDurableClient,
  fetchExecution,
  fetchNewestRun,
  fetchRunStatus,
  startRun,
} from '../../../shared/durable/start.ts';
import type { RunContext } from '../../../shared/run/run-context.ts';
import { openBus } from '../../../shared/telling/bus.ts';
import { createEventBridgeClient } from '../../../shared/telling/events-bus.ts';
import { createNotifyClient } from '../../../shared/telling/notify.ts';
import { openTell, requireTaken } from '../../../shared/telling/tell.ts';

/** Everything outside of the intake's run. */
export type IntakePorts = EpisodePorts & {
  readonly cluster: string;
  /** How a run ended, by Lambda's own word; undefined where it knows of none. @throws DependencyError */
  readonly fetchExecution: (executionArn: string) => Promise<RunEnd | undefined>;
  /** Tells the critical topic. @throws DependencyError */
  readonly reportToTopic: (finding: Finding, atMs: number) => Promise<void>;
  /** Tells the bus. @throws DependencyError */
  readonly reportToBus: (finding: Finding, atMs: number) => Promise<void>;
};

const slug = 'storage-scaling';

const s3 = createStoreClient();
const lambda = createDurableClient();
const eventBridge = createEventBridgeClient();
const sns = createNotifyClient();

const variables = ['MSKEEPER_BUCKET', 'MSKEEPER_BUS_NAME', 'MSKEEPER_RUN_FUNCTION', 'MSKEEPER_TOPIC_CRITICAL'] as const;

/** The ports of one run on Lambda. @throws ConfigError where configuration or environment are wrong */
export function openIntakePorts({ calls, runId }: RunContext): IntakePorts {
  const environment = readEnvironment(variables);
  const { configuration, cluster, clusterKey } = readBundledConfiguration();
  const store: Store = { client: s3, calls, bucket: environment.MSKEEPER_BUCKET, prefixes: [statePrefix(slug)] };
  const key = stateKey(slug, clusterKey);
  const speaker = { cluster: clusterKey, procedure: slug, runId };
  const runFunction = environment.MSKEEPER_RUN_FUNCTION;
  const tell = openTell(sns, calls, speaker, configuration, { critical: environment.MSKEEPER_TOPIC_CRITICAL });
  const publish = openBus(eventBridge, calls, environment.MSKEEPER_BUS_NAME, cluster);
  return {
    cluster: clusterKey,
    configuration: createHash('sha256').update(JSON.stringify(configuration)).digest('hex').slice(0, 12),
    nowMs: () => Date.now(),
    fetchEpisode: () => readJson(store, key, episodeDocument),
    applyEpisode: (document, condition) => keepJson(store, key, document, condition, episodeDocument),
    fetchRunStatus: (executionName) => fetchRunStatus(lambda, calls, runFunction, executionName),
    fetchNewestRun: async () => {
      const newest = await fetchNewestRun(lambda, calls, runFunction);
      return newest && { episode: episodeOfName(newest.executionName), isRunning: newest.isRunning };
    },
    fetchExecution: (executionArn) => fetchExecution(lambda, calls, executionArn),
    applyStart: (executionName, payload) => startRun(lambda, calls, runFunction, executionName, payload),
    reportToTopic: async (finding, atMs) => {
      const { severity, message: headline, check, subject, reason } = finding;
      const key = `${clusterKey}/${check}/${subject}/${reason}`;
      requireTaken(await tell({ topic: 'critical', severity, headline, findings: [finding], key, atMs }));
    },
    reportToBus: (finding, atMs) => publish([findingEventOf(speaker, atMs, finding)]),
  };
}
