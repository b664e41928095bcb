import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { resolveConfiguration } from '../infra/configuration/resolve-configuration.ts';
import { packageStack, templateFileName } from '../infra/package-stack.ts';
import type { ClusterConfiguration, Configuration } from '../shared/config-types.ts';
import { lookAtCluster } from '../shared/kafka/look.ts';
import { acceleratedClock } from './accelerated-clock.ts';
import { type StandIn, startStandIn } from './aws/stand-in.ts';
import type { Clock } from './clock.ts';
import type { DrillReport } from './drill/drill-report.ts';
import { startMetricsPump } from './metrics-pump/metrics-pump.ts';
import { putPoints } from './metrics-pump/put-points.ts';
import { synthesisedMetrics } from './metrics-pump/synthesised-points.ts';
import { joinBrokers, startOwnBrokers, type WorldBrokers, WorldError } from './world/brokers.ts';
import { type Happening, watchStandIn } from './world/happenings.ts';
import { createTopics, startTraffic, type Traffic } from './world/topics.ts';

/** Brokers, traffic, AWS and the deployed stack, all on this machine. */
export type World = {
  readonly clusterKey: string;
  readonly cluster: ClusterConfiguration;
  readonly clock: Clock;
  readonly clockRate: number;
  readonly brokers: WorldBrokers;
  readonly standIn: StandIn;
  readonly traffic: Traffic;
  /** Tells every happening from now on until the returned function is called. */
  watch(onHappening: (happening: Happening) => void): () => void;
  /** How to reach what runs, for people. */
  describe(): string;
  facts(): DrillReport['world'];
  close(): Promise<void>;
};

export type WorldOptions = {
  readonly bootstrapServers?: readonly string[] | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
};

/** Twenty seconds of the world pass in one: the five minutes between light checks take fifteen. */
const clockRate = 20;
/** Four minutes before the daily check is due, so that one drill sees both schedules fire. */
const startOfClock = '2026-03-02T08:56:00Z';
const volumeGiB = 100;
const watchMs = 100;
const configurationFile = join(import.meta.dirname, 'mskeeper.yml');

/**
 * Brings everything up, in the order in which it needs one another. What was started is stopped again where a later
 * part fails.
 *
 * @throws WorldError, LocalKafkaError or ConfigError that say what is missing on this machine
 */
export async function openWorld(options: WorldOptions): Promise<World> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    return await build(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  { bootstrapServers, signal, onProgress }: WorldOptions,
  closers: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<World> {
  const configured = resolveConfiguration(configurationFile);
  const brokers = await (bootstrapServers === undefined
    ? startOwnBrokers(onlyCluster(configured).cluster.brokerCount, signal, onProgress)
    : joinBrokers(bootstrapServers));
  closers.push(() => brokers.close());
  const configuration = withBrokers(configured, brokers);
  const { clusterKey, cluster } = onlyCluster(configuration);

  const directory = await mkdtemp(join(tmpdir(), 'mskeeper-world-'));
  closers.push(() => rm(directory, { recursive: true, force: true }));
  onProgress('Packaging the functions as they are deployed');
  const packageDirectory = join(directory, 'package');
  await packageStack({ configuration, clusterKey, output: packageDirectory, isVerbose: false });
  signal.throwIfAborted();

  const failures: unknown[] = [];
  const clock = acceleratedClock(Date.parse(startOfClock), clockRate, (failure) => void failures.push(failure));
  const standIn = await startStandIn({
    clock,
    accountId: cluster.accountId,
    region: cluster.region,
    packageDirectory,
    templateFileName,
    scratchDirectory: directory,
  });
  closers.push(() => standIn.close());
  standIn.msk.addCluster({
    arn: cluster.arn,
    kafkaVersion: brokers.kafkaVersion,
    instanceType: 'kafka.m7g.large',
    brokers: brokers.brokers.map(({ id, address }) => ({ brokerId: id, addresses: { plaintext: address } })),
    subnetIds: cluster.network.subnetIds,
    securityGroupIds: cluster.network.securityGroupIds,
    volumeGiB,
    monitoringLevel: cluster.monitoringLevel,
    metadataMode: cluster.metadataMode,
  });
  for (const endpoint of Object.values(configuration.channels.endpoints))
    if ('parameter' in endpoint)
      standIn.ssm.put(endpoint.parameter, endpoint.kind === 'email' ? 'team@example.com' : '+15550100');

  onProgress('Topics and traffic');
  await createTopics(brokers.bootstrapServers, cluster);
  const topics = cluster.topics.critical.map(({ name }) => name);
  const traffic = await startTraffic(brokers.bootstrapServers, topics);
  closers.push(() => traffic.stop());

  const { admin } = standIn.world.identities;
  const asAdmin = { endpoint: standIn.url, region: cluster.region, credentials: admin };
  const cloudWatch = new CloudWatchClient(asAdmin);
  const measured = new Set<string>();
  const put = putPoints(cloudWatch);
  const pump = startMetricsPump({
    clusterName: cluster.name,
    traits: cluster,
    volumeGiB: () => volumeGiB,
    look: (request) =>
      lookAtCluster(request, {
        bootstrapServers: brokers.bootstrapServers,
        authentication: { kind: 'plaintext' },
        deadlineAtMs: Date.now() + 6_000,
        connectTimeoutMs: 1_000,
        requestTimeoutMs: 1_000,
      }),
    putMetricData: async (points, atMs) => {
      for (const { name } of points) if (!synthesisedMetrics.includes(name)) measured.add(name);
      await put(points, atMs);
    },
    clock,
    intervalMs: 60_000,
    onFailure: (failure) => void failures.push(failure),
  });
  closers.push(() => pump.stop());

  onProgress('Deploying the packaged stack into the stand-in');
  await standIn.deploy(`mskeeper-${clusterKey}`);
  for (const topic of standIn.sns.topics())
    for (const { endpoint, isConfirmed } of topic.subscriptions) if (!isConfirmed) standIn.sns.confirm(endpoint);
  onProgress('The first full check, by hand, as after any deployment');
  await invokeFullCheck(new LambdaClient(asAdmin), clusterKey);

  return {
    clusterKey,
    cluster,
    clock,
    clockRate,
    brokers,
    standIn,
    traffic,
    watch: (onHappening) => {
      const read = watchStandIn(standIn);
      const timer = setInterval(() => read().forEach(onHappening), watchMs);
      return () => {
        clearInterval(timer);
        read().forEach(onHappening);
      };
    },
    describe: () =>
      [
        `  Kafka          ${brokers.bootstrapServers.join(',')}`,
        `  AWS            export AWS_ENDPOINT_URL=${standIn.url} AWS_REGION=${cluster.region}`,
        `                 export AWS_ACCESS_KEY_ID=${admin.accessKeyId} AWS_SECRET_ACCESS_KEY=${admin.secretAccessKey} AWS_SESSION_TOKEN=${admin.sessionToken}`,
        `  its clock      ${new Date(clock.nowMs()).toISOString()}, ${clockRate} seconds in each real one`,
        ...[...standIn.lambda.functions.keys()].map((name) => `  function       ${name}`),
      ].join('\n'),
    facts: () => ({
      kafkaVersion: brokers.kafkaVersion,
      brokerCount: brokers.brokers.length,
      clusterKey,
      clockRate,
      measuredMetrics: [...measured].toSorted(),
      synthesisedMetrics: [...synthesisedMetrics].toSorted(),
      scales: [
        `Schedules and alarms ran on a clock ${clockRate} times as fast as the real one, with the periods that are deployed.`,
        `A volume of ${volumeGiB} GiB was pretended, in which 1 MiB on disk stood for 1 GiB.`,
        ...failures.map(
          (failure) => `A part of the world failed: ${failure instanceof Error ? failure.message : String(failure)}`,
        ),
      ],
    }),
    close,
  };
}

/** docs/deploy.md: a heartbeat alarms until its schedule's first run, and the daily one's may be a day away. */
const invokeFullCheck = async (lambda: LambdaClient, clusterKey: string): Promise<void> => {
  const event = { source: 'mskeeper.manual', procedure: 'cluster-health', scope: 'full', requestedBy: 'drill' };
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: `mskeeper-${clusterKey}-cluster-health`, Payload: JSON.stringify(event) }),
  );
  if (answer.FunctionError !== undefined)
    throw new WorldError(`the first check failed: ${new TextDecoder().decode(answer.Payload)}`);
};

const onlyCluster = ({ clusters }: Configuration) => {
  const [entry, ...others] = Object.entries(clusters);
  if (entry === undefined || others.length > 0)
    throw new WorldError(`${configurationFile} must have exactly one cluster`);
  const [clusterKey, cluster] = entry;
  return { clusterKey, cluster };
};

/** The configuration that is packaged: what the file says, for the brokers that are really there. */
const withBrokers = (configuration: Configuration, { brokers, bootstrapServers }: WorldBrokers): Configuration => {
  const { clusterKey, cluster } = onlyCluster(configuration);
  const brokerCount = brokers.length;
  const critical = cluster.topics.critical.map(({ name, replicationFactor }) => ({
    name,
    replicationFactor: Math.min(replicationFactor, brokerCount),
  }));
  const here = { brokerCount, bootstrap: bootstrapServers.join(','), topics: { ...cluster.topics, critical } };
  return { ...configuration, clusters: { [clusterKey]: { ...cluster, ...here } } };
};
