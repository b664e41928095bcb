import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { templateFileName } from '../../../infra/packaging/package-stack.ts';
import { travellingOf } from '../../../infra/packaging/travelling.ts';
import { type StandIn, startStandIn } from '../../../local/aws/stand-in.ts';
import { realClock } from '../../../local/clock.ts';
import { furnishChannels } from '../../../local/world/channels.ts';
import type { ClusterConfiguration, Configuration } from '../../../shared/core/configuration.ts';
import { judge } from '../configuration.ts';
import { chosenNamesOf, type Witness, witnessOf } from './declared-calls.ts';
import { packageOnce } from './package-once.ts';

/** A key of its own: packaging leaves a folder for each cluster, and a person's must stay. */
export const clusterKey = 'trial';
export const secretId = 'AmazonMSK_mskeeper';
export const smsParameter = '/mskeeper/channels/on-call-sms';
const mailParameter = '/mskeeper/channels/team-mail';
export const bridgeParameter = '/mskeeper/channels/bridge';
export const heartbeatParameter = '/mskeeper/channels/heartbeat';
export const slackChannel = 'C0123456789';
export const smsNumber = '+15550100177';
export const mailAddress = 'on-call-planted@example.com';

export const clusterArn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/trial/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4';

/** One broker and every kind of channel that something secret belongs to; SCRAM, so that the role may read the secret. */
const file = `version: 1
clusters:
  ${clusterKey}:
    arn: ${clusterArn}
    region: eu-west-1
    role: primary
    brokerCount: 1
    metadataMode: kraft
    authentication: { kind: scram, secretId: ${secretId} }
    network: { subnetIds: [subnet-0a1b2c3d4e5f60001], securityGroupIds: [sg-0a1b2c3d4e5f60001] }
channels:
  endpoints:
    on-call: { kind: pagerduty, secret: mskeeper/pagerduty }
    on-call-phone: { kind: phone, secret: mskeeper/phone }
    incidents: { kind: slack, secret: mskeeper/slack, channel: ${slackChannel} }
    on-call-sms: { kind: sms, parameter: ${smsParameter} }
    team-mail: { kind: email, parameter: ${mailParameter} }
    bridge: { kind: https, parameter: ${bridgeParameter} }
  byTopic:
    emergency: [on-call-phone, on-call-sms, on-call, incidents, team-mail, bridge]
    critical: [on-call, on-call-sms, incidents, team-mail, bridge]
    warning: [incidents, team-mail]
  heartbeat: { parameter: ${heartbeatParameter} }
contacts:
  - { role: on-call engineer, level: on-call, channel: on-call-sms }
`;

const readConfiguration = (): Configuration => {
  const { configuration, mistakes } = judge(file);
  if (configuration === undefined) throw new Error(JSON.stringify(mistakes));
  return configuration;
};

/** The address that MSK tells and, with `bootstrap`, that the configuration allows. */
export type StackOptions = {
  readonly address: string;
  readonly cluster?: Partial<ClusterConfiguration>;
  /** The configuration names no address: the functions ask MSK, and kafka-read lets none but MSK's own through. */
  readonly isBootstrapFromMsk?: boolean;
  /** Seconds, in place of the deployed ones: a test that waits for a timeout has less time than a run. */
  readonly timeoutSeconds?: number;
};

type Finding = {
  readonly check: string;
  readonly subject: string;
  readonly severity: string;
  readonly reason: string;
  readonly message: string;
};
/** What cluster-health returned, as its invoker gets it. */
export type Report = {
  readonly findings: readonly Finding[];
  readonly sources: Readonly<Record<string, string>>;
  readonly undelivered: readonly string[];
  readonly worst: string;
};
/** What a procedure found: nothing, where its answer is of another kind. */
export const findingsOf = (report: Partial<Report> | null | undefined): readonly Finding[] => report?.findings ?? [];

export type Outcome = {
  readonly functionError: string | undefined;
  readonly errorType: string | undefined;
  readonly errorMessage: string | undefined;
  readonly report: Report | undefined;
};

export type PackagedStack = {
  readonly standIn: StandIn;
  readonly witness: Witness;
  check(event?: unknown): Promise<Outcome>;
  invoke(slug: string, event: unknown): Promise<Outcome & { readonly answer: unknown }>;
};

export const fullCheck = { source: 'mskeeper.manual', procedure: 'cluster-health', scope: 'full' };
export const lightCheck = { ...fullCheck, scope: 'light' };

const functionNameOf = (slug: string): string => `mskeeper-${clusterKey}-${slug}`;

/**
 * The functions as `npm run package` makes them. Each `open` deploys them into an
 * account of its own, where they read the configuration from a file, so that one package serves many configurations.
 */
export const usePackagedStack = (): { readonly open: (options: StackOptions) => Promise<PackagedStack> } => {
  let root = '';
  let opened = 0;
  const running: StandIn[] = [];
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'mskeeper-packaged-'));
    await cp(await packageOnce(readConfiguration(), clusterKey), join(root, 'package'), { recursive: true });
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((standIn) => standIn.close()));
  });
  afterAll(async () => {
    await rm(root, { recursive: true, force: true });
  });

  const open = async (options: StackOptions): Promise<PackagedStack> => {
    opened += 1;
    const number = opened;
    const directory = await mkdtemp(join(root, `account-${number}-`));
    const configuration = configure(options);
    const configurationFile = join(directory, 'mskeeper.json');
    await writeFile(configurationFile, JSON.stringify(travellingOf(configuration, clusterKey)));
    const packageDirectory = join(root, 'package');
    const ownTemplate = `template-${number}.json`;
    const template: unknown = JSON.parse(await readFile(join(packageDirectory, templateFileName), 'utf8'));
    await writeFile(
      join(packageDirectory, ownTemplate),
      JSON.stringify(adjust(template, configurationFile, options.timeoutSeconds)),
    );
    const { region, accountId } = clusterOf(configuration);
    const standIn = await startStandIn({
      clock: realClock(),
      accountId,
      region,
      packageDirectory,
      templateFileName: ownTemplate,
      scratchDirectory: directory,
    });
    running.push(standIn);
    addCluster(standIn, configuration, options.address);
    furnishChannels(standIn, configuration.channels);
    standIn.ssm.put(smsParameter, smsNumber);
    standIn.ssm.put(mailParameter, mailAddress);
    const deployed = await standIn.deploy(`mskeeper-${clusterKey}`);
    const packaged = { configuration: readConfiguration(), clusterKey };
    const witness = witnessOf(packaged, chosenNamesOf(deployed), standIn.world.calls.all);
    for (const { subscriptions } of standIn.sns.topics())
      for (const { endpoint, isConfirmed } of subscriptions) if (!isConfirmed) standIn.sns.confirm(endpoint);
    const invoke: PackagedStack['invoke'] = async (slug, event) => {
      const answer = await standIn.lambda.invoke({
        functionName: functionNameOf(slug),
        payload: Buffer.from(JSON.stringify(event)),
        invocationType: 'RequestResponse',
        invokedBy: '',
      });
      return outcomeOf(answer);
    };
    return { standIn, witness, invoke, check: (event = fullCheck) => invoke('cluster-health', event) };
  };
  return { open };
};

const clusterOf = ({ clusters }: Configuration): ClusterConfiguration => {
  const cluster = clusters[clusterKey];
  if (cluster === undefined) throw new Error(`no cluster ${clusterKey}`);
  return cluster;
};

const configure = ({ address, cluster = {}, isBootstrapFromMsk = false }: StackOptions): Configuration => {
  const configuration = readConfiguration();
  const here = {
    authentication: { kind: 'plaintext' as const },
    ...(!isBootstrapFromMsk && { bootstrap: address }),
    ...cluster,
  };
  return { ...configuration, clusters: { [clusterKey]: { ...clusterOf(configuration), ...here } } };
};

const addCluster = (standIn: StandIn, configuration: Configuration, address: string): void => {
  const { arn, network, metadataMode, monitoringLevel } = clusterOf(configuration);
  standIn.msk.addCluster({
    arn,
    kafkaVersion: '3.9.0',
    instanceType: 'kafka.m7g.large',
    brokers: [{ brokerId: 1, addresses: { plaintext: address, scram: address, tls: address } }],
    subnetIds: network.subnetIds,
    securityGroupIds: network.securityGroupIds,
    volumeGiB: 100,
    monitoringLevel,
    metadataMode,
  });
};

const recordAt = (value: unknown, key: string): Record<string, unknown> => {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  // A template's plain data.
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
};

/** Points the functions at this account's configuration; everything else stays as it was packaged. */
const adjust = (template: unknown, configurationFile: string, timeoutSeconds: number | undefined): unknown => {
  for (const resource of Object.values(recordAt(template, 'Resources'))) {
    const properties = recordAt(resource, 'Properties');
    const variables = recordAt(recordAt(resource, 'Properties').Environment, 'Variables');
    if (!('MSKEEPER_CLUSTER' in variables)) continue;
    variables.MSKEEPER_CONFIGURATION_FILE = configurationFile;
    const isProcedure = JSON.stringify(properties.FunctionName).includes('cluster-health');
    if (timeoutSeconds !== undefined && isProcedure) properties.Timeout = timeoutSeconds;
  }
  return template;
};

const outcomeOf = (given: {
  readonly functionError?: string | undefined;
  readonly payload: Uint8Array | undefined;
}) => {
  const answer: unknown = JSON.parse(new TextDecoder().decode(given.payload) || 'null');
  const { errorType, errorMessage } = recordAt({ answer }, 'answer');
  const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    answer,
    functionError: given.functionError,
    errorType: textOf(errorType),
    errorMessage: textOf(errorMessage),
    // The product's own answer; tests look at parts of it.
    report: given.functionError === undefined ? (answer as Report) : undefined,
  };
};
