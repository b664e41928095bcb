import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DoctorFinding } from '../../../cli/doctor/finding.ts';
import { parsePolicy, parseTrustPolicy } from '../../../local/aws/iam/policy.ts';
import {
  brokersOf,
  type CliWorld,
  type CliWorldOptions,
  clusterArn,
  mailParameter,
  openCliWorld,
} from '../../support/cli/cli-world.ts';
import { brokerView, clusterView, silentBroker } from '../../support/health/builders.ts';

type Told = { readonly status: number; readonly worst: string; readonly findings: readonly DoctorFinding[] };

const examine = async ({ run }: CliWorld, ...more: readonly string[]): Promise<Told> => {
  const { status, written, errors } = await run(['doctor', 'orders', '--json', ...more]);
  expect(errors).toBe('');
  return { status, ...JSON.parse(written) };
};

/** `status check, subject: message → advice` of everything that is neither ok nor skipped. */
const wrongIn = ({ findings }: Told): string[] =>
  findings
    .filter(({ status }) => status !== 'ok' && status !== 'skipped')
    .map(({ status, check, subject, message }) => `${status} ${check}, ${subject}: ${message}`);

const deployed = async (options: CliWorldOptions = {}): Promise<CliWorld> => {
  const world = await openCliWorld(options);
  await world.deploy();
  return world;
};

test('a healthy deployment is ok in every check', async () => {
  const told = await examine(await deployed());
  expect(wrongIn(told)).toEqual([]);
  expect([told.status, told.worst]).toEqual([0, 'ok']);
  expect([...new Set(told.findings.map(({ check }) => check))]).toEqual([
    'credentials',
    'cluster',
    'references',
    'kill-switch',
    'durable-functions',
    'quotas',
    'stack',
    'permissions',
    'subscriptions',
    'alarms',
    'brokers',
  ]);
});

test('it changes nothing: every call reads, and the one function that it invokes only looks', async () => {
  const world = await deployed();
  const { calls } = world.standIn.world;
  const before = calls.all.length;
  await examine(world, '--deployer');
  const operations = new Set(calls.all.slice(before).map(({ service, operation }) => `${service}:${operation}`));
  expect([...operations].filter((one) => !/:(Describe|Get|List|Simulate)/.test(one))).toEqual(['lambda:Invoke']);
  expect(world.standIn.lambda.invocations.map(({ functionName }) => functionName)).toEqual([
    'mskeeper-orders-kafka-read',
  ]);
  expect([...operations]).not.toContain('secretsmanager:GetSecretValue');
  // What it asks is what the guide says that it needs, SCRAM's list aside, which this cluster does not need.
  const guide = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');
  const paragraph = /^The doctor needs, [\s\S]*?\n\n/m.exec(guide)?.[0] ?? '';
  const needed = [...paragraph.matchAll(/`(?:[a-z]+:)?([A-Z]\w+)`/g)].map(([, name]) => name);
  const asked = [...operations]
    .map((one) => one.split(':')[1])
    .map((one) => (one === 'Invoke' ? 'InvokeFunction' : one));
  const ofOthers = ['ListScramSecrets', 'DescribeSecret', 'GetRole'];
  expect(asked.toSorted()).toEqual(needed.filter((one) => !ofOthers.includes(one ?? '')).toSorted());
});

test('somebody who may ask nothing is told what is unknown and what to allow, and it is not taken for health', async () => {
  const world = await deployed();
  const { identities } = world.standIn.world;
  identities.addRole({ name: 'guest', policies: [], trust: parseTrustPolicy({ Statement: [] }) });
  const { status, written, errors } = await world.run(
    ['doctor', '--json', '--deployer'],
    identities.assumeRole('guest', 'ann'),
  );
  const told: Told = { status, ...JSON.parse(written) };
  expect([told.status, told.worst, errors]).toEqual([1, 'unknown', '']);
  const answered = told.findings.filter((finding) => finding.status !== 'unknown');
  expect(answered.map(({ check }) => check)).toEqual(['credentials']);
  const adviceOf = (check: string) => told.findings.find((finding) => finding.check === check)?.advice;
  expect(adviceOf('cluster')).toBe('allow kafka:DescribeClusterV2 to whoever runs the doctor, and run it again');
  expect(adviceOf('permissions')).toBe(
    'allow iam:SimulatePrincipalPolicy to whoever runs the doctor, and run it again',
  );
  expect(adviceOf('deployer')).toBe('allow iam:GetRole to whoever runs the doctor, and run it again');
});

test('addresses and values are not told, also where AWS says them', async () => {
  const world = await deployed();
  const { written } = await world.run(['doctor', 'orders']);
  for (const secret of ['team@example.com', '+15550100']) expect(written).not.toContain(secret);
  expect(written).toMatch(/^ok +credentials +credentials +arn:aws:iam/);
  expect(written).toMatch(/\n\n\d+ ok\n$/);
});

test('before a deploy what needs the stack is skipped, and whoever deploys is asked about', async () => {
  const told = await examine(await openCliWorld());
  expect(wrongIn(told)).toEqual([]);
  expect(told.status).toBe(0);
  const skipped = told.findings.filter(({ status }) => status === 'skipped');
  expect(skipped.map(({ check, message }) => [check, message])).toEqual([
    ['stack', 'is not deployed yet: what needs it is left out'],
    ...['permissions', 'subscriptions', 'alarms', 'brokers'].map((check) => [check, 'not deployed']),
  ]);
  expect(told.findings.filter(({ check }) => check === 'deployer').map(({ subject }) => subject)).toContain(
    'functions',
  );
});

describe('each check finds what is wrong', () => {
  test('credentials: another account, and nothing else is asked', async () => {
    const world = await openCliWorld({
      lines: { 'arn:': `    arn: ${clusterArn.replace('111122223333', '999988887777')}` },
    });
    const told = await examine(world);
    expect(wrongIn(told)).toEqual([
      'failed credentials, credentials: arn:aws:iam::111122223333:user/local-admin is in account 111122223333, the cluster in 999988887777',
    ]);
    expect(told.status).toBe(1);
    expect(world.standIn.world.calls.all.map(({ operation }) => operation)).toEqual(['GetCallerIdentity']);
  });

  test('cluster: it is not there', async () => {
    const world = await openCliWorld();
    world.standIn.msk.removeCluster(clusterArn);
    expect(wrongIn(await examine(world))).toContain(`failed cluster, cluster: MSK knows no cluster ${clusterArn}`);
  });

  test('cluster: it is another one than configured', async () => {
    const world = await openCliWorld({
      lines: { 'brokerCount:': '    brokerCount: 6\n    monitoringLevel: PER_BROKER\n    zoneCount: 3' },
      cluster: {
        metadataMode: 'zookeeper',
        brokers: [1, 2, 3].map((brokerId) => ({ brokerId, addresses: { tls: `b-${brokerId}.local:9094` } })),
      },
    });
    world.standIn.msk.setState(clusterArn, 'UPDATING');
    expect(wrongIn(await examine(world))).toEqual([
      'warning cluster, state: orders-live is UPDATING, not ACTIVE',
      'failed cluster, broker ids: MSK lists 1, 2, 3, mskeeper.yml says 1, 2, 3, 4, 5, 6',
      'failed cluster, zones: MSK says 1, mskeeper.yml says 3',
      'failed cluster, monitoring level: MSK sends DEFAULT only, mskeeper.yml says PER_BROKER: alarms on its metrics would stay without data',
      'failed cluster, metadata mode: MSK says zookeeper, mskeeper.yml says kraft',
      'failed cluster, authentication: the cluster has no listener for iam; it has BootstrapBrokerStringTls',
    ]);
  });

  test('references: a parameter that is missing or sealed, a secret that is missing, deleted or unknown to MSK', async () => {
    const world = await openCliWorld({
      lines: { 'authentication:': '    authentication: { kind: scram, secretId: AmazonMSK_orders }' },
      more: `channels:
  endpoints:
    on-call-sms: { kind: sms, parameter: /none }
    team-mail: { kind: email, parameter: ${mailParameter} }
    pagers: { kind: pagerduty, secret: mskeeper/pagers }
    slack: { kind: slack, secret: mskeeper/slack }
  byTopic:
    emergency: [on-call-sms, team-mail, pagers, slack]
`,
    });
    world.standIn.ssm.put(mailParameter, 'team@example.com', 'SecureString');
    world.standIn.secrets.put('AmazonMSK_orders', '{}');
    world.standIn.secrets.put('mskeeper/slack', 'x');
    world.standIn.secrets.scheduleDeletion('mskeeper/slack');
    expect(wrongIn(await examine(world)).filter((line) => line.includes('references'))).toEqual([
      'failed references, channel on-call-sms: there is no parameter /none; CloudFormation reads it when it deploys',
      `failed references, channel team-mail: the parameter ${mailParameter} is a SecureString, which CloudFormation does not read into a subscription`,
      'failed references, channel pagers: there is no secret mskeeper/pagers',
      'failed references, channel slack: the secret mskeeper/slack is being deleted',
      'failed references, SCRAM association: the cluster does not know AmazonMSK_orders: MSK lets nobody in by it',
    ]);
  });

  test('kill switch: on, missing, and neither on nor off', async () => {
    const world = await openCliWorld({ more: 'modes: { storage-scaling: act }\n' });
    const killSwitch = async () => wrongIn(await examine(world)).filter((line) => line.includes('kill-switch'));
    world.standIn.ssm.put('/mskeeper/kill-switch', 'on');
    expect(await killSwitch()).toEqual([
      'warning kill-switch, parameter /mskeeper/kill-switch: is on: nothing acts (storage-scaling may act by mode, and will not)',
    ]);
    world.standIn.ssm.put('/mskeeper/kill-switch', 'Off');
    expect(await killSwitch()).toEqual([
      'failed kill-switch, parameter /mskeeper/kill-switch: says neither on nor off, which stops every act: storage-scaling may act by mode, and will not',
    ]);
    world.standIn.ssm.remove('/mskeeper/kill-switch');
    expect(await killSwitch()).toEqual([
      'failed kill-switch, parameter /mskeeper/kill-switch: is not there, which stops every act: storage-scaling may act by mode, and will not',
    ]);
  });

  test('durable functions: a Lambda that does not know them', async () => {
    const world = await openCliWorld();
    Reflect.deleteProperty(
      world.standIn.world.services.get('lambda')?.operations ?? {},
      'ListDurableExecutionsByFunction',
    );
    expect(wrongIn(await examine(world))).toEqual([
      'failed durable-functions, Lambda in eu-west-1: does not know ListDurableExecutionsByFunction (NotImplemented): procedures that wait cannot be deployed',
    ]);
  });

  test('quotas: a new account’s concurrency and SMS sandbox', async () => {
    const world = await openCliWorld();
    world.standIn.quotas.set('lambda', 'Concurrent executions', 5);
    world.standIn.sns.setSms({ isInSandbox: true });
    const told = await examine(world);
    expect(wrongIn(told)).toEqual([
      expect.stringMatching(/^warning quotas, Lambda concurrency: 5 for the whole account in this Region/),
      'warning quotas, SMS: the account is in the SMS sandbox: SNS sends to verified numbers only',
    ]);
    expect(told.status).toBe(0);
  });

  test('deployer: credentials that may not make roles', async () => {
    const world = await openCliWorld();
    const { identities } = world.standIn.world;
    const statements = [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'iam:CreateRole', Resource: '*' },
    ];
    identities.addRole({
      name: 'release',
      policies: [parsePolicy({ Statement: statements })],
      trust: parseTrustPolicy({ Statement: [] }),
    });
    const { status, written } = await world.run(['doctor', '--json'], identities.assumeRole('release', 'pipeline'));
    expect(wrongIn({ status, ...JSON.parse(written) })).toEqual([
      'failed deployer, roles: these credentials may not iam:CreateRole (a statement denies it)',
    ]);
    expect(status).toBe(1);
  });

  test('stack: a function of the release is missing', async () => {
    const world = await deployed();
    // The stand-in's own map: nothing else of it removes a function.
    (world.standIn.lambda.functions as Map<string, unknown>).delete('mskeeper-orders-cluster-health');
    expect(wrongIn(await examine(world))).toEqual([
      'failed stack, function mskeeper-orders-cluster-health: is missing, while others of the stack are there',
    ]);
  });

  test('permissions: what the organization stops, and what somebody took out', async () => {
    const world = await deployed();
    const { identities } = world.standIn.world;
    world.standIn.iam.stopInOrganization(['sns:Publish']);
    const name = 'mskeeper-orders-kafka-read-eu-west-1';
    const role = identities.role(name);
    if (role === undefined) throw new Error('the role is made by the deploy');
    const kept = role.policies.map(({ statements }) => ({
      statements: statements.filter(({ sid }) => sid !== 'TheCodeDoesNot' && sid !== 'ReadGroups'),
    }));
    identities.addRole({ ...role, policies: kept });
    const ofTwoRoles = /role mskeeper-orders-(cluster-health|kafka-read)-/;
    expect(wrongIn(await examine(world)).filter((line) => ofTwoRoles.test(line))).toEqual([
      expect.stringMatching(
        /^failed permissions, role mskeeper-orders-cluster-health-eu-west-1, Notify: may not sns:Publish on arn:aws:sns:eu-west-1:111122223333:mskeeper-orders-emergency \(a permissions boundary or the organization does not let it\)/,
      ),
      expect.stringMatching(
        /^failed permissions, role mskeeper-orders-kafka-read-eu-west-1, TheCodeDoesNot: may ec2:AssignPrivateIpAddresses on \*.*, which must be denied$/,
      ),
      'failed permissions, role mskeeper-orders-kafka-read-eu-west-1, ReadGroups: may not kafka-cluster:DescribeGroup on arn:aws:kafka:eu-west-1:111122223333:group/orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4/doctor (no statement allows it)',
    ]);
  });

  test('subscriptions: not confirmed, and none at all', async () => {
    const world = await deployed();
    const topic = (name: string) => {
      const found = world.standIn.sns.topics().find((one) => one.name === `mskeeper-orders-${name}`);
      if (found === undefined) throw new Error(`no topic ${name}`);
      return found;
    };
    for (const name of ['emergency', 'critical'])
      for (const subscription of topic(name).subscriptions)
        subscription.isConfirmed = subscription.protocol !== 'email';
    topic('warning').subscriptions = [];
    expect(wrongIn(await examine(world))).toEqual([
      'warning subscriptions, topic emergency: 1 subscription not confirmed (email)',
      'failed subscriptions, topic critical: reaches nobody: 1 subscription not confirmed (email)',
      'warning subscriptions, topic warning: has no subscription: what is published there reaches nobody',
    ]);
  });

  test('alarms: missing, silenced, and a broker that none watches', async () => {
    const world = await deployed();
    const { alarms } = world.standIn.cloudWatch;
    const [first, second] = [...alarms.keys()].filter((name) => name.includes('under-'));
    // The stand-in's own map: DeleteAlarms is not served.
    (alarms as Map<string, unknown>).delete(first ?? '');
    Object.assign(alarms.get(second ?? '')?.alarm ?? {}, { isActionsEnabled: false });
    world.standIn.msk.setBrokers(clusterArn, brokersOf([1, 2, 3, 4]));
    expect(wrongIn(await examine(world)).filter((line) => line.includes(' alarms, '))).toEqual([
      expect.stringMatching(new RegExp(`^failed alarms, alarms: 1 of \\d+ are missing: ${first}$`)),
      `failed alarms, actions: 1 tell nobody, since their actions are disabled: ${second}`,
      'failed alarms, brokers covered: no alarm watches broker 4',
    ]);
  });

  test('brokers: one that is silent, and a kafka-read that cannot begin', async () => {
    const world = await deployed();
    await world.show(clusterView({ brokers: [brokerView(1), silentBroker(2), brokerView(3)] }));
    expect(wrongIn(await examine(world))).toEqual(['failed brokers, broker 2: timed-out: as the test has it']);
    const denied = new Error('secretsmanager:GetSecretValue: denied: AccessDeniedException: no');
    denied.name = 'DependencyError';
    await world.show(denied);
    expect(wrongIn(await examine(world))).toEqual([
      'unknown brokers, kafka-read: kafka/read: DependencyError: secretsmanager:GetSecretValue: denied: AccessDeniedException: no',
    ]);
  });
});
