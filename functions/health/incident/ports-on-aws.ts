import { setTimeout } from 'node:timers/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { httpsAddress, openChannelSecrets, pagerDutySecret } from '../../../shared/aws/channel-secrets.ts';
import { createClient } from '../../../shared/aws/client.ts';
import { createCloudWatchClient } from '../../../shared/aws/cloudwatch.ts';
import { fetchWakingAlarms } from '../../../shared/aws/cloudwatch-alarms.ts';
import { openFindingsDocument } from '../../../shared/aws/open-findings-document.ts';
import { createStoreClient, keepJson, readJson, type Store } from '../../../shared/aws/store.ts';
import { type BundledConfiguration, readBundledConfiguration } from '../../../shared/configuration/bundled.ts';
import { readBundledChannels } from '../../../shared/configuration/bundled-channels.ts';
import { readEnvironment } from '../../../shared/configuration/environment.ts';
import { openOwnAlarms } from '../../../shared/configuration/own-alarms.ts';
import type { Channels } from '../../../shared/core/configuration.ts';
import { ask } from '../../../shared/core/known.ts';
import { receiptPrefix, stateKey, statePrefix } from '../../../shared/core/store-keys.ts';
import type { BusHome } from '../../../shared/events/bus-events.ts';
import type { RunContext } from '../../../shared/run/run-context.ts';
import { uniqueKeyOf } from '../../../shared/telling/channels/unique-key.ts';
import { keepReceipt } from '../../../shared/telling/receipt.ts';
import { sendHeartbeat } from '../../../shared/telling/sending/heartbeat.ts';
import { fetchPagerDutyIncident } from '../../../shared/telling/sending/pagerduty-incident.ts';
import { openPagerDutySignIn } from '../../../shared/telling/sending/pagerduty-token.ts';
import { createTopicClient } from '../../../shared/telling/sending/topic.ts';
import { verbatim } from '../../../shared/text/redaction.ts';
import { fetchChannels as fetchChannelsOf } from './channel-look.ts';
import { openLookPorts } from './channel-look-ports.ts';
import { openJudgePorts } from './command-ports.ts';
import type { CommandPorts } from './commands.ts';
import { alarmSaidOf } from './core/alarm-names.ts';
import type { ChannelFound } from './core/channels/found.ts';
import { planChannelLook } from './core/channels/plan.ts';
import type { PagerWord } from './core/ladder.ts';
import type { RuleSettings } from './core/rules.ts';
import { incidentDocument } from './document-schema.ts';
import { inTime } from './in-time.ts';
import { sendMessage } from './send.ts';

const slug = 'incident';
/** Whose looks the sweep reads. */
const checker = 'cluster-health';

const cloudWatch = createCloudWatchClient();
const s3 = createStoreClient();
const sns = createTopicClient();
const secrets = openChannelSecrets(createClient(SecretsManagerClient), createClient(SSMClient));
const signIn = openPagerDutySignIn();
const ownAlarms = openOwnAlarms();

const topicVariables = {
  emergency: 'MSKEEPER_TOPIC_EMERGENCY',
  critical: 'MSKEEPER_TOPIC_CRITICAL',
  warning: 'MSKEEPER_TOPIC_WARNING',
  maintenance: 'MSKEEPER_TOPIC_MAINTENANCE',
  operations: 'MSKEEPER_TOPIC_OPERATIONS',
} as const;
const variables = ['MSKEEPER_BUCKET', ...Object.values(topicVariables)] as const;

type Bundle = { readonly configuration: BundledConfiguration; readonly channels: Channels };
let bundled: Bundle | undefined;

/** Read once, at cold start. @throws ConfigError */
function openBundle(): Bundle {
  bundled ??= { configuration: readBundledConfiguration(), channels: readBundledChannels() };
  return bundled;
}

/** Whose events are heard. @throws ConfigError */
export const homeOf = (): BusHome => {
  const { clusterKey, cluster } = openBundle().configuration;
  return { cluster: clusterKey, clusterArn: cluster.arn, stack: ownAlarms };
};

/** What mskeeper.yml says, as incident goes by it. @throws ConfigError */
export function openSettings(): RuleSettings {
  const { configuration, channels } = openBundle();
  const { clusterKey, cluster } = configuration;
  const { policy, contacts, maintenanceWindows } = configuration.configuration;
  return { clusterKey, cluster, policy, channels, contacts, maintenanceWindows };
}

/** `chat=arn:… other=arn:…`, as the stack sets it; absent where there is none. */
const arnsIn = (text: string | undefined): ReadonlyMap<string, string> =>
  new Map(
    (text ?? '').split(' ').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at > 0 ? [[pair.slice(0, at), pair.slice(at + 1)] as const] : [];
    }),
  );

/** The ports of one run on Lambda. @throws ConfigError where configuration or environment are wrong */
export function openPorts({ calls, runId, remainingMs, addMetric }: RunContext): CommandPorts {
  const { configuration, channels } = openBundle();
  const { cluster, clusterKey } = configuration;
  const environment = readEnvironment(variables);
  const store: Store = {
    client: s3,
    calls,
    bucket: environment.MSKEEPER_BUCKET,
    prefixes: [statePrefix(slug), statePrefix(checker), receiptPrefix(clusterKey)],
  };
  const key = stateKey(slug, clusterKey);
  const identity = { cluster: clusterKey, region: cluster.region, accountId: cluster.accountId };
  const nowMs = (): number => Date.now();
  const problems: string[] = [];
  const reportProblem = (message: string): void => void problems.push(message);
  const doors = {
    calls,
    secrets,
    sns,
    endpoints: channels.endpoints,
    topicArns: {
      emergency: environment.MSKEEPER_TOPIC_EMERGENCY,
      critical: environment.MSKEEPER_TOPIC_CRITICAL,
      warning: environment.MSKEEPER_TOPIC_WARNING,
      maintenance: environment.MSKEEPER_TOPIC_MAINTENANCE,
      operations: environment.MSKEEPER_TOPIC_OPERATIONS,
    },
    chatArns: arnsIn(process.env.MSKEEPER_TOPICS_AMAZON_Q),
  };

  const fetchChannels = (): Promise<readonly ChannelFound[]> => {
    const selfArns = arnsIn(process.env.MSKEEPER_TOPICS_SELF);
    const selfTopicArns = Object.fromEntries([...selfArns].map(([topic, arn]) => [`self-${topic}`, arn]));
    const { policy, contacts } = configuration.configuration;
    const topicArns = { ...doors.topicArns, ...selfTopicArns };
    return fetchChannelsOf(
      planChannelLook({ channels, contacts, policy }),
      openLookPorts({ ...doors, topicArns, signIn, nowMs: nowMs() }),
    );
  };

  const fetchPagerWord = async (endpoint: string, messageKey: string): Promise<PagerWord | undefined> => {
    const one = Object.hasOwn(channels.endpoints, endpoint) ? channels.endpoints[endpoint] : undefined;
    if (one?.kind !== 'pagerduty' && one?.kind !== 'phone') return undefined;
    const place = 'secret' in one ? { endpoint, secret: one.secret } : { endpoint, parameter: one.parameter };
    const { value } = await secrets.fetch(calls, place, pagerDutySecret, nowMs());
    // Without a reading key nobody can be asked: the ladder goes on.
    if (value.rest === undefined) return undefined;
    const found = await fetchPagerDutyIncident(
      calls,
      { rest: value.rest, region: value.region },
      uniqueKeyOf(identity, messageKey),
      { signIn, nowMs: nowMs() },
    );
    const by = found?.acknowledgedBy[0] ?? found?.changedBy;
    const atMs = found?.acknowledgedAtMs ?? found?.changedAtMs;
    const { acknowledgedUntilMs: untilMs, isByNobody } = found ?? {};
    return (
      found && {
        status: found.status,
        ...(by !== undefined && { by }),
        ...(atMs !== undefined && { atMs }),
        ...(untilMs !== undefined && { untilMs }),
        ...(isByNobody === true && { isByNobody }),
      }
    );
  };

  return {
    ...openJudgePorts({ client: s3, calls, bucket: store.bucket }, configuration),
    run: { runId, addMetric },
    nowMs,
    remainingMs,
    fetchDocument: () => readJson(store, key, incidentDocument),
    // What was told is told again by the letter; texts of the cluster are redacted where a channel's text is made.
    applyDocument: (document, condition) => keepJson(store, key, verbatim(document), condition, incidentDocument),
    fetchAlarms: async () => {
      const own = ownAlarms();
      const found = await fetchWakingAlarms(cloudWatch, calls, own, slug);
      const alarms = found.flatMap(
        ({ name, state, changedAtMs = nowMs() }) => alarmSaidOf(own, slug, { name, state, changedAtMs }) ?? [],
      );
      // One that CloudWatch does not name may be any of them.
      return { alarms, isWhole: found.every(({ name }) => name.startsWith(own.prefix)) };
    },
    fetchOpenFindings: async () => (await readJson(store, stateKey(checker, clusterKey), openFindingsDocument))?.value,
    fetchChannels,
    fetchPagerWord,
    send: (message, page, thread) => sendMessage(message, page, thread, { ...doors, nowMs: nowMs() }),
    pause: (ms) => setTimeout(ms, undefined, { signal: calls.signal }),
    inTime,
    keepReceipt: (messageKey, atMs) => keepReceipt(store, clusterKey, messageKey, atMs),
    sendHeartbeat: async () => {
      const { heartbeat } = channels;
      if (heartbeat === undefined) return;
      const place = { endpoint: 'heartbeat', parameter: heartbeat.parameter };
      const asked = await ask(async () => secrets.fetch(calls, place, httpsAddress, nowMs()));
      const tried = asked.isKnown
        ? await sendHeartbeat(calls, { url: asked.value.value })
        : { result: 'failed', why: asked.why };
      if (tried.result !== 'delivered')
        reportProblem(`the outside watcher did not hear: ${'why' in tried ? tried.why : ''}`);
    },
    reportProblem,
    problems: () => problems,
  };
}
