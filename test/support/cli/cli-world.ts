import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, vi } from 'vitest';
import { functionDefinitions } from '../../../infra/functions.ts';
import { buildStack } from '../../../infra/stack/stack.ts';
import type { Credentials } from '../../../local/aws/iam/identities.ts';
import type { ClusterSpecification } from '../../../local/aws/services/msk/cluster.ts';
import { type StandIn, startStandIn } from '../../../local/aws/stand-in.ts';
import { realClock } from '../../../local/clock.ts';
import type { ClusterView } from '../../../shared/core/cluster-view.ts';
import type { Configuration } from '../../../shared/core/configuration.ts';
import { durableAlias, functionLogicalId } from '../../../shared/deployment/names.ts';
import { encodeClusterView } from '../../../shared/kafka/view/payload.ts';
import { judge, smallFile } from '../configuration.ts';
import { brokerView, clusterView } from '../health/builders.ts';
import { type CommandResult, runCommand, stubCredentials } from './run-command.ts';

const clusterKey = 'orders';
export const clusterArn =
  'arn:aws:kafka:eu-west-1:111122223333:cluster/orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4';
export const mailParameter = '/mskeeper/channels/team-mail';
const smsParameter = '/mskeeper/channels/on-call-sms';
const killSwitchParameter = '/mskeeper/kill-switch';

/** A channel of each kind that SNS serves, and the parameters that hold their addresses. */
const channels = `channels:
  endpoints:
    on-call-sms: { kind: sms, parameter: ${smsParameter} }
    team-mail: { kind: email, parameter: ${mailParameter} }
  byTopic:
    emergency: [on-call-sms, team-mail]
    critical: [team-mail]
    warning: [team-mail]
    maintenance: [team-mail]
contacts:
  - { role: on-call engineer, level: on-call, channel: on-call-sms }
`;

/** An account with a cluster, and the project's commands in it. */
export type CliWorld = {
  readonly standIn: StandIn;
  readonly configurationFile: string;
  readonly configuration: Configuration;
  /** Deploys the stack with its own roles, alarms, topics and names; its functions are stand-ins for the packaged ones. */
  deploy(): Promise<void>;
  /** What kafka-read sees from now on, or the error that it dies of. */
  show(view: ClusterView | Error): Promise<void>;
  run(args: readonly string[], credentials?: Credentials): Promise<CommandResult>;
};

export type CliWorldOptions = {
  /** Lines of the configuration that differ: `smallFile`'s replacements. */
  readonly lines?: Readonly<Record<string, string>>;
  /** More of the configuration, instead of the channels. */
  readonly more?: string;
  /** What MSK says of the cluster where it differs. */
  readonly cluster?: Partial<ClusterSpecification>;
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0)) await close();
});

/** Brokers under names as MSK gives them, which kafka-read alone would be let to. */
export const brokersOf = (ids: readonly number[]): ClusterSpecification['brokers'] =>
  ids.map((brokerId) => ({
    brokerId,
    addresses: { iam: `b-${brokerId}.orderslive.a1b2c3.c4.kafka.eu-west-1.amazonaws.com:9098` },
  }));

/** Of a kind that the real functions answer in; what they do is not the subject. */
const functionSource = (viewFile: string): string =>
  `exports.handler = async () => {
    const { error, payload } = JSON.parse(require('node:fs').readFileSync(${JSON.stringify(viewFile)}, 'utf8'));
    if (error) throw Object.assign(new Error(error.message), { name: error.name });
    return payload;
  };`;

/** What osls makes of a durable function: its settings, a version and the alias. */
const durableResources = (slug: string) => {
  const id = functionLogicalId(slug);
  return {
    [`${id}Version`]: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: id } } },
    [`${id}Alias`]: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: id },
        FunctionVersion: { 'Fn::GetAtt': [`${id}Version`, 'Version'] },
        Name: durableAlias,
      },
    },
  };
};

const templateOf = (configuration: Configuration, viewFile: string) => {
  const { functions, resources } = buildStack(configuration, clusterKey);
  const functionResources = functionDefinitions.map(({ slug, durable }) => {
    const definition = functions[slug] ?? {};
    return {
      [functionLogicalId(slug)]: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: definition.name,
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Role: definition.role,
          Timeout: 20,
          Environment: { Variables: definition.environment },
          Code: { ZipFile: functionSource(viewFile) },
          ...(definition.reservedConcurrency !== undefined && {
            ReservedConcurrentExecutions: definition.reservedConcurrency,
          }),
          ...(durable !== undefined && {
            DurableConfig: {
              ExecutionTimeout: durable.executionTimeoutDays * 86_400,
              RetentionPeriodInDays: durable.retentionDays,
            },
          }),
        },
      },
      ...(durable !== undefined && durableResources(slug)),
    };
  });
  return { Resources: Object.assign({}, resources, ...functionResources) };
};

/** Opens an account with the cluster as mskeeper.yml describes it and every parameter that it names; closed after the test. */
export const openCliWorld = async ({
  lines = {},
  more = channels,
  cluster = {},
}: CliWorldOptions = {}): Promise<CliWorld> => {
  const directory = await mkdtemp(join(tmpdir(), 'mskeeper-cli-'));
  const configurationFile = join(directory, 'mskeeper.yml');
  const text = smallFile(lines, more);
  const { configuration, mistakes } = judge(text);
  if (configuration === undefined) throw new Error(JSON.stringify(mistakes));
  await writeFile(configurationFile, text);
  const viewFile = join(directory, 'view.json');
  await writeFile(join(directory, 'template.json'), JSON.stringify(templateOf(configuration, viewFile)));
  const standIn = await startStandIn({
    clock: realClock(),
    accountId: '111122223333',
    region: 'eu-west-1',
    packageDirectory: directory,
    templateFileName: 'template.json',
    scratchDirectory: directory,
  });
  closers.push(async () => {
    await standIn.close();
    await rm(directory, { recursive: true, force: true });
  });
  standIn.msk.addCluster({
    arn: clusterArn,
    kafkaVersion: '3.9.0',
    instanceType: 'kafka.m7g.large',
    brokers: brokersOf([1, 2, 3]),
    subnetIds: ['subnet-0a1b2c3d4e5f60001'],
    securityGroupIds: ['sg-0a1b2c3d4e5f60001'],
    volumeGiB: 100,
    monitoringLevel: 'DEFAULT',
    metadataMode: 'kraft',
    ...cluster,
  });
  standIn.ssm.put(mailParameter, 'team@example.com');
  standIn.ssm.put(smsParameter, '+15550100');
  standIn.ssm.put(killSwitchParameter, 'off');
  standIn.sns.setSms({ defaultType: 'Transactional' });
  const show: CliWorld['show'] = async (view) => {
    const shown =
      view instanceof Error
        ? { error: { name: view.name, message: view.message } }
        : { payload: encodeClusterView(view) };
    await writeFile(viewFile, JSON.stringify(shown));
  };
  await show(clusterView({ brokers: [1, 2, 3].map((id) => brokerView(id)) }));
  return {
    standIn,
    configurationFile,
    configuration,
    show,
    deploy: async () => {
      await standIn.deploy(`mskeeper-${clusterKey}`);
      for (const { subscriptions } of standIn.sns.topics())
        for (const { endpoint, isConfirmed } of subscriptions) if (!isConfirmed) standIn.sns.confirm(endpoint);
    },
    run: async (args, credentials = standIn.world.identities.admin) => {
      stubCredentials(standIn.url, credentials);
      return runCommand([...args, '--file', configurationFile]);
    },
  };
};
