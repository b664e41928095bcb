import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presetNames } from '../../../../infra/configuration/file-schema.ts';
import { productParts } from '../../../../infra/functions.ts';
import { alarmsOf } from '../../../../infra/stack/alarms.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { at, configurationWith, contextWith, ofType, resourcesWith, shown, twentyEight } from './stack-under-test.ts';
import { sizeOf } from './template-size.ts';

const nameProperties = ['FunctionName', 'RoleName', 'Name', 'TopicName', 'QueueName'];

const namesOf = (clusterKey: string, region: string): readonly string[] => {
  const configuration = configurationWith();
  const { orders } = configuration.clusters;
  if (orders === undefined) throw new Error('no cluster');
  const arn = orders.arn.replace('eu-west-1', region);
  const stack = buildStack({ ...configuration, clusters: { [clusterKey]: { ...orders, region, arn } } }, clusterKey);
  return [
    ...Object.values(stack.functions).map((one) => shown(one.name)),
    // The claim's name follows from the cluster alone, and Systems Manager takes a long one. An alias is its function's alone.
    ...Object.values(stack.resources).flatMap(({ Type, Properties }) =>
      (Type === 'AWS::SSM::Parameter' || Type === 'AWS::Lambda::Alias' ? [] : nameProperties).flatMap((property) =>
        typeof Properties[property] === 'string' ? [shown(Properties[property])] : [],
      ),
    ),
  ];
};

const clusterKey = fc.stringMatching(/^[a-z][a-z0-9]{0,23}$/);
const region = fc.constantFrom('eu-west-1', 'ap-northeast-1', 'ap-southeast-2', 'us-east-1', 'ca-central-1');

test('for any cluster key and Region, every name fits into 64 characters, or is refused by name', () => {
  fc.assert(
    fc.property(clusterKey, region, (key, where) => {
      expect(namesOf(key, where).filter((name) => name.length > 64 || !name.startsWith(`mskeeper-${key}`))).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test('names that would be too long keep their beginning and stay apart', () => {
  const names = namesOf('a'.repeat(30), 'ap-northeast-1');
  expect(names.filter((name) => name.length > 64)).toEqual([]);
  const cut = names.filter((name) => /-[0-9a-f]{10}$/.test(name));
  expect(cut.length).toBeGreaterThan(1);
  expect(new Set(cut).size).toBe(cut.length);
});

test('topics, and addresses kept under names that fold into each other, have an alarm and a subscription each', () => {
  const name = (topic: string) => ({ name: topic, minMessagesPerMinute: 1 });
  const names = ['orders.v1', 'orders-v1', 'orders_v1', `${'o'.repeat(248)}1`, `${'o'.repeat(248)}2`];
  const { configuration, ...context } = contextWith({
    topics: { ...contextWith().cluster.topics, flowing: names.map(name) },
    monitoringLevel: 'PER_TOPIC_PER_BROKER',
  });
  const flowing = alarmsOf({ configuration, ...context }).filter(({ subject }) => subject?.includes('orders') === true);
  expect(flowing.length).toBeGreaterThanOrEqual(3);
  const email = (parameter: string) => ({ kind: 'email', parameter }) as const;
  const { resources } = buildStack(
    {
      ...configuration,
      clusters: { orders: context.cluster },
      channels: {
        endpoints: { 'ops-2': email('/mskeeper/ops-2'), ops2: email('/mskeeper/ops2') },
        byTopic: { ...configuration.channels.byTopic, emergency: ['ops-2', 'ops2'] },
      },
    },
    'orders',
  );
  const made = Object.values(resources);
  const alarmNames = made.flatMap(({ Type, Properties }) =>
    Type === 'AWS::CloudWatch::Alarm' ? [Properties.AlarmName] : [],
  );
  expect(alarmNames).toHaveLength(alarmsOf({ configuration, ...context }).length);
  expect(new Set(alarmNames).size).toBe(alarmNames.length);
  expect(alarmNames.filter((one) => shown(one).length > 255)).toEqual([]);
  // Each hears of the cluster by one topic, and of mskeeper itself by another; of P1 and P2 the same, since nobody is named for them.
  expect(made.filter(({ Type }) => Type === 'AWS::SNS::Subscription')).toHaveLength(10);
});

test('roles of two Regions do not meet: IAM is global', () => {
  const roles = resourcesWith().filter(([, { Type }]) => Type === 'AWS::IAM::Role');
  expect(roles.filter(([, { Properties }]) => !shown(Properties.RoleName).endsWith('-eu-west-1'))).toEqual([]);
});

describe('CloudFormation’s limits', () => {
  test.each(presetNames)('60 brokers and 28 functions with alarms of their own leave room by %s', (preset) => {
    expect(twentyEight.functions).toHaveLength(28);
    const size = sizeOf(60, twentyEight, preset);
    expect(size.resourceCount).toBeLessThan(420);
    expect(size.templateBytes).toBeLessThan(755_000);
  });

  test.each(presetNames.flatMap((preset) => [3, 30, 60, 90].map((brokerCount) => [brokerCount, preset] as const)))(
    'of %i brokers the stack leaves half of its room and more by %s',
    (brokerCount, preset) => {
      const { resourceCount, templateBytes } = sizeOf(brokerCount, productParts, preset);
      expect(resourceCount).toBeLessThan(250);
      expect(templateBytes).toBeLessThan(500_000);
    },
  );

  test('more than fit are refused with the counts', () => {
    const critical = Array.from({ length: 20 }, (_, index) => ({ name: `topic-${index}`, replicationFactor: 3 }));
    const watch = Array.from({ length: 15 }, (_, index) => `group-${index}`);
    const { topics, groups } = contextWith().cluster;
    expect(() => resourcesWith({ topics: { ...topics, critical }, groups: { ...groups, watch } })).toThrow(
      /the stack of "orders" would have \d+ resources, CloudFormation allows 500: \d+ are alarms for 3 brokers/,
    );
  });
});

test('an unknown cluster is refused with the known ones', () => {
  expect(() => buildStack(configurationWith(), 'payments')).toThrow(
    'no cluster "payments" in mskeeper.yml: it has orders',
  );
});

test('only kafka-read enters the VPC', () => {
  const { functions } = buildStack(configurationWith(), 'orders');
  const inside = Object.entries(functions).filter(([, one]) => at(one, 'vpc') !== undefined);
  expect(inside.map(([slug, one]) => [slug, at(one, 'vpc', 'subnetIds')])).toEqual([
    ['kafka-read', ['subnet-0a1b2c3d4e5f60001']],
  ]);
  expect(Object.keys(functions).length).toBeGreaterThan(inside.length);
});

test('kafka-read’s environment holds nothing that leads out of the VPC', () => {
  const { functions } = buildStack(configurationWith(), 'orders');
  expect(Object.keys(Object(at(functions['kafka-read'], 'environment')))).toEqual([
    'MSKEEPER_CLUSTER',
    'POWERTOOLS_SERVICE_NAME',
    'POWERTOOLS_METRICS_NAMESPACE',
  ]);
});

test('an address stands in the template by reference only', () => {
  const configuration = {
    ...configurationWith(),
    channels: {
      endpoints: {
        mail: { kind: 'email', parameter: '/mskeeper/mail' },
        bridge: { kind: 'https', secret: 'mskeeper/bridge' },
        pager: { kind: 'pagerduty', secret: 'mskeeper/pager' },
        chat: { kind: 'slack', channel: 'C0123456789', secret: 'mskeeper/chat' },
      },
      byTopic: {
        emergency: ['bridge', 'pager', 'chat'],
        critical: [],
        warning: ['mail'],
        maintenance: [],
        operations: [],
      },
    },
  } as const;
  const resources = Object.entries(buildStack(configuration, 'orders').resources);
  const subscriptions = ofType(resources, 'AWS::SNS::Subscription').map(({ Properties }) => [
    shown(Properties.TopicArn),
    Properties.Protocol,
    Properties.Endpoint,
  ]);
  expect(subscriptions).toEqual([
    ['EmergencyTopic', 'https', '{{resolve:secretsmanager:mskeeper/bridge:SecretString}}'],
    // Nobody is named for P1: those of P0 hear of it.
    ['CriticalTopic', 'https', '{{resolve:secretsmanager:mskeeper/bridge:SecretString}}'],
    ['WarningTopic', 'email', '{{resolve:ssm:/mskeeper/mail}}'],
    // The same people hear of mskeeper's own trouble, by topics that no key can silence.
    ['SelfEmergencyTopic', 'https', '{{resolve:secretsmanager:mskeeper/bridge:SecretString}}'],
    // SNS reaches none of those who are paged of a P1.
    ['SelfCriticalTopic', 'https', '{{resolve:secretsmanager:mskeeper/bridge:SecretString}}'],
    ['SelfWarningTopic', 'email', '{{resolve:ssm:/mskeeper/mail}}'],
  ]);
});
