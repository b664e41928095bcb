import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { templateFileName } from '../../infra/packaging/package-stack.ts';
import { lookAtCluster } from '../../shared/kafka/look/look.ts';
import { type StandIn, type StandInOptions, startStandIn } from '../aws/stand-in.ts';
import type { Clock } from '../clock.ts';
import { type MetricsPump, startMetricsPump } from '../metrics-pump/metrics-pump.ts';
import { putPoints } from '../metrics-pump/put-points.ts';
import { synthesisedMetrics } from '../metrics-pump/synthesised-points.ts';
import { type WorldBrokers, WorldError } from './brokers.ts';
import { furnishChannels } from './channels.ts';
import type { WorldConfiguration } from './configuration.ts';
import { type DiskSample, diskSamplesOf } from './disk-samples.ts';

/** MSK pushes its metrics once a minute, by the world's clock. */
const metricsIntervalMs = 60_000;
/** What is declared to MSK at first; 1 MiB of the brokers' logs stands for 1 GiB. */
const firstVolumeGiB = 100;

/** An account with the cluster and the parameters that the stack's template refers to; nothing is deployed yet. */
export const openAccount = async (
  { configuration, cluster }: WorldConfiguration,
  brokers: WorldBrokers,
  {
    volumeGiB = firstVolumeGiB,
    ...options
  }: Pick<StandInOptions, 'clock' | 'packageDirectory' | 'scratchDirectory' | 'onDurableFailure'> &
    Partial<Pick<StandInOptions, 'templateFileName'>> & { readonly volumeGiB?: number | undefined },
): Promise<StandIn> => {
  const { accountId, region, network } = cluster;
  const standIn = await startStandIn({ templateFileName, ...options, accountId, region });
  standIn.msk.addCluster({
    arn: cluster.arn,
    kafkaVersion: brokers.kafkaVersion,
    instanceType: 'kafka.m7g.large',
    brokers: brokers.brokers.map(({ id, address }) => ({ brokerId: id, addresses: { plaintext: address } })),
    subnetIds: network.subnetIds,
    securityGroupIds: network.securityGroupIds,
    volumeGiB,
    monitoringLevel: cluster.monitoringLevel,
    metadataMode: cluster.metadataMode,
  });
  // As somebody set it who lets mskeeper act: without the parameter nothing would.
  standIn.ssm.put(configuration.killSwitch.parameter, 'off');
  furnishChannels(standIn, configuration.channels);
  return standIn;
};

/** For `new SomeClient(…)`: who may do everything in the local account. */
export const asAdmin = ({ url, world }: StandIn) => ({
  endpoint: url,
  region: world.region,
  credentials: world.identities.admin,
});

/** What was published so far. */
export type Published = {
  readonly pump: MetricsPump;
  /** Names of the metrics that were really measured. */
  readonly measured: ReadonlySet<string>;
  /** Oldest first. */
  readonly diskSamples: readonly DiskSample[];
};

/** Publishes the brokers' metrics as MSK does; disks fill by the volume that MSK's stand-in has now. */
export const startMetrics = (
  { cluster }: WorldConfiguration,
  { bootstrapServers }: WorldBrokers,
  standIn: StandIn,
  options: { readonly clock: Clock; readonly onFailure: (failure: unknown) => void },
): Published => {
  const measured = new Set<string>();
  const diskSamples: DiskSample[] = [];
  const volumeGiB = () => standIn.msk.cluster(cluster.arn).volumeGiB;
  const put = putPoints(new CloudWatchClient(asAdmin(standIn)));
  const pump = startMetricsPump({
    ...options,
    clusterName: cluster.name,
    traits: cluster,
    volumeGiB,
    look: (request) =>
      lookAtCluster(request, {
        bootstrapServers,
        authentication: { kind: 'plaintext' },
        deadlineAtMs: Date.now() + 6_000,
        connectTimeoutMs: 1_000,
        requestTimeoutMs: 1_000,
      }),
    putMetricData: async (points, atMs) => {
      for (const { name } of points) if (!synthesisedMetrics.includes(name)) measured.add(name);
      diskSamples.push(...diskSamplesOf(points, atMs, volumeGiB()));
      await put(points, atMs);
    },
    intervalMs: metricsIntervalMs,
  });
  return { pump, measured, diskSamples };
};

/**
 * Lets a first deploy be over: an alarm that tells its end tells it once when it is found well for the first time, which nobody
 * heard begin. What happens afterwards is heard in an inbox that is empty.
 */
export const hearFirstWords = async (standIn: StandIn): Promise<void> => {
  const client = new CloudWatchClient(asAdmin(standIn));
  for (const { alarm, state } of standIn.cloudWatch.alarms.values()) {
    if (alarm.actions.OK.length === 0 || state.value !== 'INSUFFICIENT_DATA') continue;
    const StateReason = 'the first deploy is over';
    await client.send(new SetAlarmStateCommand({ AlarmName: alarm.name, StateValue: 'OK', StateReason }));
  }
  standIn.sns.forget();
};

/** Deploys the packaged stack, lets people confirm their subscriptions, and hear that CloudWatch's ways to them work. */
export const deployStack = async (standIn: StandIn, clusterKey: string): Promise<void> => {
  await standIn.deploy(`mskeeper-${clusterKey}`);
  for (const topic of standIn.sns.topics())
    for (const { endpoint, isConfirmed } of topic.subscriptions) if (!isConfirmed) standIn.sns.confirm(endpoint);
  await hearFirstWords(standIn);
};

/** The first runs that docs/deploy.md asks for: the full check is the light one's, too. */
const firstRuns = [
  { source: 'mskeeper.manual', procedure: 'cluster-health', scope: 'full', requestedBy: 'drill' },
  { source: 'mskeeper.schedule', procedure: 'storage-scaling', scope: 'watch' },
];

/**
 * docs/deploy.md: a heartbeat alarms until its schedule's first run, and that may be a day away.
 *
 * @throws WorldError with the function's own error
 */
export const invokeFirstRuns = async (standIn: StandIn, clusterKey: string): Promise<void> => {
  const lambda = new LambdaClient(asAdmin(standIn));
  for (const event of firstRuns) {
    const FunctionName = `mskeeper-${clusterKey}-${event.procedure}`;
    const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
    if (answer.FunctionError !== undefined)
      throw new WorldError(`the first run of ${event.procedure} failed: ${new TextDecoder().decode(answer.Payload)}`);
  }
};
