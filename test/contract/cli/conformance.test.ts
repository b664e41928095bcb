import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { type MetricDescription, metricTable } from '../../../shared/core/metric-table.ts';
import { brokersOf, type CliWorld, clusterArn, openCliWorld } from '../../support/cli/cli-world.ts';
import { eventually } from '../../support/eventually.ts';

type Told = {
  readonly status: number;
  readonly assumptions: readonly { readonly id: string; readonly verdict: string; readonly evidence: string }[];
  readonly unlistedMetrics: readonly string[];
};

const judge = async ({ run }: CliWorld): Promise<Told> => {
  const { status, written, errors } = await run(['conformance', 'orders', '--json']);
  expect(errors).toBe('');
  return { status, ...JSON.parse(written) };
};

const linesOf = ({ assumptions }: Told, verdict: string): string[] =>
  assumptions.filter((one) => one.verdict === verdict).map(({ id, evidence }) => `${id}: ${evidence}`);

const clusterName = 'orders-live';
const minuteMs = 60_000;

/** Values in the unit that the metric table says, for each metric of Standard brokers at DEFAULT that this fits. */
const publishMetrics = ({ standIn }: CliWorld, skipped: readonly string[] = []): void => {
  const descriptions: Readonly<Record<string, MetricDescription>> = metricTable;
  const nowMs = Date.now();
  const publish = (name: string, dimensions: Record<string, string>, value: number, minutes = 1) => {
    for (let minute = minutes; minute > 0; minute -= 1)
      standIn.cloudWatch.publish({ namespace: 'AWS/Kafka', name, dimensions }, value, {
        atMs: nowMs - minute * minuteMs,
      });
  };
  const byMeaning: Readonly<Partial<Record<string, number>>> = { percent: 42, bytes: 4e9, count: 3 };
  for (const [name, { emissions, meaning, instanceFamily, metadataMode }] of Object.entries(descriptions)) {
    if (skipped.includes(name) || instanceFamily !== undefined || metadataMode === 'zookeeper') continue;
    for (const { kinds, level, dimensions } of emissions) {
      if (!kinds.includes('standard') || level !== 'DEFAULT') continue;
      const others = Object.fromEntries(
        dimensions.filter((one) => !['Cluster Name', 'Broker ID'].includes(one)).map((one) => [one, 'any']),
      );
      const ids = dimensions.includes('Broker ID') ? ['1', '2', '3'] : [undefined];
      for (const id of ids) {
        const all = { 'Cluster Name': clusterName, ...(id !== undefined && { 'Broker ID': id }), ...others };
        const minutes = name === 'CpuUser' && id === '1' ? 170 : 1;
        if (name !== 'ActiveControllerCount') publish(name, all, byMeaning[meaning] ?? 1, minutes);
      }
    }
  }
  for (const value of skipped.includes('ActiveControllerCount') ? [] : [1, 0, 0])
    publish('ActiveControllerCount', { 'Cluster Name': clusterName }, value);
};

const asAdmin = ({ standIn }: CliWorld) => ({
  endpoint: standIn.url,
  region: 'eu-west-1',
  credentials: standIn.world.identities.admin,
});

const bucketOf = ({ standIn }: CliWorld): string =>
  standIn.lambda.functions.get('mskeeper-orders-cluster-health')?.latest.variables.MSKEEPER_BUCKET ?? '';

const putReport = async (world: CliWorld, sources: Readonly<Record<string, string>>): Promise<string> => {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  const Key = `reports/cluster-health/orders/${day}/000000-run.json`;
  const Body = JSON.stringify({ at: new Date().toISOString(), sources });
  await new S3Client(asAdmin(world)).send(new PutObjectCommand({ Bucket: bucketOf(world), Key, Body }));
  return Key;
};

const answered = {
  msk: 'answered',
  nodes: 'answered',
  brokers: 'answered',
  cloudwatch: 'answered',
  alarms: 'answered',
};

test('an account as we think of it refutes nothing, and what it cannot show is not seen', async () => {
  const world = await openCliWorld();
  await world.deploy();
  publishMetrics(world);
  for (const type of ['INCREASE_BROKER_STORAGE', 'BROKER_UPDATE'])
    world.standIn.msk.finishOperation(world.standIn.msk.startOperation(clusterArn, type));
  world.standIn.cloudWatch.publish(
    {
      namespace: 'AWS/Kafka',
      name: 'RemoteCopyLagBytes',
      dimensions: { 'Cluster Name': clusterName, 'Broker ID': '1' },
    },
    1,
  );
  const key = await putReport(world, answered);
  const [alarm] = [...world.standIn.cloudWatch.alarms.keys()].filter((name) =>
    name.includes('self/notifications-failed/'),
  );
  await new CloudWatchClient(asAdmin(world)).send(
    new SetAlarmStateCommand({ AlarmName: alarm, StateValue: 'ALARM', StateReason: 'a test' }),
  );
  await eventually(() =>
    expect(world.standIn.cloudWatch.history.some(({ itemType }) => itemType === 'Action')).toBe(true),
  );

  const told = await judge(world);
  expect(linesOf(told, 'refuted')).toEqual([]);
  expect(told.status).toBe(0);
  expect(told.unlistedMetrics).toEqual(['RemoteCopyLagBytes']);
  const proved = linesOf(told, 'proved');
  expect(proved).toEqual(
    expect.arrayContaining([
      'metric-cpuuser-broker-id: 3 series under [Cluster Name, Broker ID]',
      'metric-kafkadatalogsdiskused: 1 series under [Cluster Name]',
      'controller-count-by-maximum: maximum 1, average 0.33',
      'unit-of-memoryused: 1 values up to 4000000000',
      'cluster-state-spelling: ACTIVE',
      'broker-ids-as-configured: ids 1, 2, 3',
      'controllers-in-node-list: 3 beside the brokers',
      'bootstrap-host-names: 3 addresses',
      'operation-types: BROKER_UPDATE',
      'storage-operation-type: INCREASE_BROKER_STORAGE',
      expect.stringMatching(/^alarms-reach-their-topics: \d+ actions, all succeeded$/),
      `role-lists-nodes: ${key}`,
      `function-enters-the-vpc: ${key}`,
    ]),
  );
  expect(proved.find((line) => line.startsWith('a-datapoint-a-minute'))).toMatch(/1(69|70) values in 180 minutes/);
  const notSeen = linesOf(told, 'not-seen');
  expect(notSeen).toContain('storage-lock-six-hours: no two changes of storage follow each other in the history');
  expect(notSeen).toContain('bootstrap-at-most-three: 3 addresses of 3 brokers: too few to tell');
  expect(notSeen.some((line) => line.startsWith('storage-optimizing-refusal: no call that reads shows it'))).toBe(true);
});

test('an account that differs refutes what differs, and names the code that relies on it', async () => {
  const world = await openCliWorld();
  await world.deploy();
  const { standIn } = world;
  publishMetrics(world, ['RootDiskUsed', 'CpuUser']);
  const metric = (name: string, dimensions: Record<string, string>, value = 1) =>
    standIn.cloudWatch.publish(
      { namespace: 'AWS/Kafka', name, dimensions: { 'Cluster Name': clusterName, ...dimensions } },
      value,
    );
  metric('CpuUser', { Broker: '1' });
  metric('StorageUsed', {});
  metric('KafkaDataLogsDiskUsed', { 'Broker ID': '1' }, 4200);
  for (const _ of [1, 2])
    standIn.msk.finishOperation(standIn.msk.startOperation(clusterArn, 'INCREASE_BROKER_STORAGE'));
  standIn.msk.finishOperation(standIn.msk.startOperation(clusterArn, 'ROLL_BROKERS'));
  standIn.msk.setBrokers(clusterArn, [
    ...brokersOf([1, 2]),
    { brokerId: 7, addresses: { iam: 'broker.example.com:19098' } },
  ]);
  const key = await putReport(world, { ...answered, nodes: 'kafka:ListNodes: denied' });
  const told = await judge(world);
  expect(told.status).toBe(1);
  expect(linesOf(told, 'refuted').toSorted()).toEqual([
    'bootstrap-host-names: kafka-read would refuse broker.example.com:19098',
    'bootstrap-ports: BootstrapBrokerStringSaslIam broker.example.com:19098',
    'broker-ids-as-configured: ids 1, 2, 7, not 1, 2, 3: set brokerCount: 3 and brokerIds: [1, 2, 7] in mskeeper.yml, package and deploy',
    'metric-cpuuser-broker-id: only under [Cluster Name, Broker]',
    expect.stringMatching(/^metric-rootdiskused-broker-id: none among \d+ metrics of this cluster$/),
    'metrics-of-other-kinds: standard brokers send StorageUsed',
    'operation-types: also ROLL_BROKERS',
    `role-lists-nodes: kafka:ListNodes: denied (${key})`,
    'storage-lock-six-hours: one began 0.0 h after another’s end',
    'unit-of-kafkadatalogsdiskused: 4200 was sent',
  ]);
  const { written } = await world.run(['conformance']);
  expect(written).toMatch(
    /^refuted +broker-ids-as-configured.*: ids 1, 2, 7, not .+\n +→ relied on by shared\/core\/broker-ids.ts, shared\/deployment\/broker-groups.ts$/m,
  );
  expect(written).toMatch(/\d+ refuted, \d+ not seen, \d+ proved\n$/);
});

test('a cluster that is not there is said in one line, not once for each assumption', async () => {
  const world = await openCliWorld();
  world.standIn.msk.removeCluster(clusterArn);
  const { status, written, errors } = await world.run(['conformance']);
  expect([status, written]).toEqual([2, '']);
  expect(errors).toMatch(/^MSK knows no cluster arn:.*: correct the ARN in .*mskeeper\.yml\n$/);
});

test('it only reads, and invokes nothing', async () => {
  const world = await openCliWorld();
  await world.deploy();
  await putReport(world, answered);
  const { calls } = world.standIn.world;
  const before = calls.all.length;
  await judge(world);
  const operations = new Set(calls.all.slice(before).map(({ service, operation }) => `${service}:${operation}`));
  expect([...operations].toSorted()).toEqual([
    'application-autoscaling:DescribeScalableTargets',
    'application-autoscaling:DescribeScalingPolicies',
    'kafka:DescribeClusterV2',
    'kafka:GetBootstrapBrokers',
    'kafka:ListClusterOperationsV2',
    'kafka:ListNodes',
    'lambda:GetFunctionConfiguration',
    'monitoring:DescribeAlarmHistory',
    'monitoring:DescribeAlarms',
    'monitoring:GetMetricData',
    'monitoring:ListMetrics',
    's3:GetObject',
    's3:ListObjectsV2',
  ]);
});
