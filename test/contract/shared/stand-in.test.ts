import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { createEventBridge } from '../../../local/aws/services/eventbridge/eventbridge.ts';
import { createMsk } from '../../../local/aws/services/msk/msk.ts';
import { createS3 } from '../../../local/aws/services/s3/s3.ts';
import { createSns } from '../../../local/aws/services/sns/sns.ts';
import { createCloudWatchClient, fetchMetricSeries } from '../../../shared/aws/cloudwatch.ts';
import { createMskClient, fetchBootstrapServers, fetchMskCluster, fetchMskNodes } from '../../../shared/aws/msk.ts';
import { createStoreClient, readJson, type Store, writeJson } from '../../../shared/aws/store.ts';
import { planMetricQuery } from '../../../shared/core/metric-catalogue.ts';
import { type CallScope, openCallScope } from '../../../shared/run/call-scope.ts';
import { planTopicMessage } from '../../../shared/telling/channels/topic-message.ts';
import { createEventBridgeClient, publishEvents } from '../../../shared/telling/events-bus.ts';
import { createTopicClient, sendTopic } from '../../../shared/telling/sending/topic.ts';
import { ACCOUNT_ID, REGION, START_MS, serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { page } from '../../support/telling/page.ts';

/** Our functions against the local world's services, under a role with a policy, as a packaged function has it. */
const aws = serveAws();
const msk = createMsk(aws.world);
createS3(aws.world);
const sns = createSns(aws.world);
createEventBridge(aws.world);
createCloudWatch(aws.world, { putEvent: () => {} });
const arn = `arn:aws:kafka:${REGION}:${ACCOUNT_ID}:cluster/orders/1b2c3d4e-0000-4000-8000-123456789abc-3`;
const bucket = 'mskeeper-orders';
let topicArn = '';
let calls: CallScope;

beforeAll(async () => {
  msk.addCluster({
    arn,
    kafkaVersion: '3.9.0',
    instanceType: 'kafka.m7g.large',
    brokers: [3, 1, 2].map((brokerId) => ({ brokerId, addresses: { scram: `127.0.0.1:${9100 + brokerId}` } })),
    subnetIds: ['subnet-a', 'subnet-b', 'subnet-c'],
    securityGroupIds: ['sg-1'],
    volumeGiB: 100,
    monitoringLevel: 'PER_BROKER',
    metadataMode: 'kraft',
    scramSecretArns: [],
  });
  await createResource(aws.world, 'AWS::S3::Bucket', { BucketName: bucket });
  await createResource(aws.world, 'AWS::Events::EventBus', { Name: 'mskeeper-orders' });
  topicArn = (await createResource(aws.world, 'AWS::SNS::Topic', { TopicName: 'critical' })).ref;
});

beforeEach(() => {
  const allow = (action: readonly string[], resource: string) => ({
    Effect: 'Allow',
    Action: action,
    Resource: resource,
  });
  const credentials = aws.role(
    `role-${crypto.randomUUID()}`,
    allow(['kafka:DescribeClusterV2'], arn),
    allow(['kafka:GetBootstrapBrokers'], '*'),
    allow(['kafka:ListNodes'], arn),
    allow(['cloudwatch:GetMetricData'], '*'),
    allow(['s3:GetObject', 's3:PutObject'], `arn:aws:s3:::${bucket}/state/cluster-health/*`),
    allow(['s3:ListBucket'], `arn:aws:s3:::${bucket}`),
    allow(['events:PutEvents'], `arn:aws:events:${REGION}:${ACCOUNT_ID}:event-bus/mskeeper-orders`),
    allow(['sns:Publish'], topicArn),
  );
  vi.stubEnv('AWS_ENDPOINT_URL', aws.client().endpoint);
  vi.stubEnv('AWS_REGION', REGION);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', credentials.sessionToken);
  calls = openCallScope(new AbortController().signal);
});
afterEach(() => {
  aws.world.faults.clear();
  vi.unstubAllEnvs();
});

describe('the MSK API', () => {
  test('describes cluster, nodes and bootstrap servers', async () => {
    const client = createMskClient();
    expect(await fetchMskCluster(client, calls, arn)).toMatchObject({
      name: 'orders',
      state: 'ACTIVE',
      brokerCount: 3,
    });
    expect((await fetchMskNodes(client, calls, arn)).map(({ brokerId }) => brokerId)).toEqual([1, 2, 3]);
    const servers = await fetchBootstrapServers(client, calls, arn, 'scram');
    expect(servers.toSorted()).toEqual(['127.0.0.1:9101', '127.0.0.1:9102', '127.0.0.1:9103']);
    await expect(fetchBootstrapServers(client, calls, arn, 'iam')).rejects.toMatchObject({ failure: 'not-found' });
  });

  test.each([
    ['deny', 'denied'],
    ['garbage', 'bad-answer'],
    ['server-error', 'failed'],
    ['throttle', 'throttled'],
  ] as const)('under the fault %s is %s', async (fault, failure) => {
    aws.world.faults.inject({ operation: 'kafka:DescribeClusterV2', fault });
    await expect(fetchMskCluster(createMskClient(), calls, arn)).rejects.toMatchObject({
      call: 'kafka:DescribeClusterV2',
      failure,
    });
  });

  test('says what the fault says, without its secrets', async () => {
    const message = ['no: password=hunter', '2'].join('');
    aws.world.faults.inject({ operation: 'kafka:DescribeClusterV2', fault: 'deny', message });
    await expect(fetchMskCluster(createMskClient(), calls, arn)).rejects.toMatchObject({
      failure: 'denied',
      detail: expect.stringContaining('AccessDeniedException: no: password=[redacted]'),
    });
  });

  test('throttled once answers after all', async () => {
    aws.world.faults.inject({ operation: 'kafka:DescribeClusterV2', fault: 'throttle', times: 1 });
    expect(await fetchMskCluster(createMskClient(), calls, arn)).toMatchObject({ name: 'orders' });
    expect(calls.requestCountByCall()).toEqual({ 'kafka:DescribeClusterV2': 2 });
  });

  test('that hangs is given up with the run', async () => {
    aws.world.faults.inject({ operation: 'kafka:ListNodes', fault: 'hang' });
    const hurried = openCallScope(AbortSignal.timeout(300));
    await expect(fetchMskNodes(createMskClient(), hurried, arn)).rejects.toMatchObject({ failure: 'timed-out' });
  });

  test('denies a cluster that the role does not name, and an unknown key', async () => {
    const client = createMskClient();
    await expect(fetchMskCluster(client, calls, arn.replace('orders', 'payments'))).rejects.toMatchObject({
      failure: 'denied',
    });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'nobody');
    await expect(fetchMskCluster(createMskClient(), calls, arn)).rejects.toMatchObject({
      failure: 'authentication-failed',
    });
  });
});

test('CloudWatch answers with what was measured, and absent series are absent', async () => {
  const client = createCloudWatchClient();
  const admin = aws.client().credentials;
  vi.stubEnv('AWS_ACCESS_KEY_ID', admin.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', admin.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', admin.sessionToken);
  const dimensions = [
    { Name: 'Cluster Name', Value: 'orders' },
    { Name: 'Broker ID', Value: '1' },
  ];
  const data = {
    MetricName: 'KafkaDataLogsDiskUsed',
    Dimensions: dimensions,
    Value: 81,
    Timestamp: new Date(START_MS - 120_000),
  };
  await createCloudWatchClient().send(new PutMetricDataCommand({ Namespace: 'AWS/Kafka', MetricData: [data] }));
  const traits = { brokerKind: 'standard', metadataMode: 'kraft', monitoringLevel: 'DEFAULT' } as const;
  const request = (brokerId: string) => ({
    key: brokerId,
    query: planMetricQuery('KafkaDataLogsDiskUsed', { 'Cluster Name': 'orders', 'Broker ID': brokerId }, traits),
    periodSeconds: 60,
  });
  const range = { fromMs: START_MS - 600_000, toMs: START_MS };
  const series = await fetchMetricSeries(client, calls, [request('1'), request('2')], range);
  expect(series.get('1')).toEqual({ status: 'complete', points: [{ atMs: START_MS - 120_000, value: 81 }] });
  expect(series.get('2')).toEqual({ status: 'absent', points: [] });
});

describe('the bucket', () => {
  const key = 'state/cluster-health/orders.json';
  const schema = z.object({ run: z.int() });
  const store = (prefixes = ['state/cluster-health/']): Store => ({
    client: createStoreClient(),
    calls,
    bucket,
    prefixes,
  });

  test('lets one of two writers through, the other reads again', async () => {
    expect(await readJson(store(), key, schema)).toBeUndefined();
    const first = await writeJson(store(), key, { run: 1 }, 'absent');
    await expect(writeJson(store(), key, { run: 2 }, 'absent')).rejects.toMatchObject({ failure: 'conflict' });
    const second = await writeJson(store(), key, { run: 2 }, first);
    await expect(writeJson(store(), key, { run: 3 }, first)).rejects.toMatchObject({ failure: 'conflict' });
    expect(await readJson(store(), key, schema)).toEqual({ value: { run: 2 }, etag: second.etag });
  });

  test('keeps a large document, which comes back whole', async () => {
    const names = Array.from({ length: 20_000 }, (_item, index) => `topic-${index}`);
    await writeJson(store(), 'state/cluster-health/large.json', { names }, 'absent');
    const stored = await readJson(store(), 'state/cluster-health/large.json', z.object({ names: z.array(z.string()) }));
    expect(stored?.value.names).toEqual(names);
  });

  test("denies what the role does not allow, whatever the store's own prefixes say", async () => {
    const generous = store(['state/']);
    await expect(writeJson(generous, 'state/failover/x.json', {}, 'absent')).rejects.toMatchObject({
      failure: 'denied',
    });
  });
});

test('the bus takes more events than fit into one call', async () => {
  const events = Array.from({ length: 25 }, (_item, index) => ({
    detailType: 'mskeeper finding',
    detail: { version: 1, finding: { check: 'broker-answers', subject: `broker ${index}` } },
  }));
  await publishEvents(createEventBridgeClient(), calls, 'mskeeper-orders', events);
  expect(calls.requestCountByCall()).toEqual({ 'events:PutEvents': 3 });
  await expect(publishEvents(createEventBridgeClient(), calls, 'someone-elses', events)).rejects.toMatchObject({
    failure: 'denied',
    message: expect.stringContaining('25 of 25 events'),
  });
});

test('a topic takes a page with everything in it', async () => {
  const message = planTopicMessage(
    page({ title: 'broker 2 does not answer "at all" — ü\nnow', facts: [{ text: '日本語 <x>', source: 'brokers' }] }),
    { topic: 'critical', endpoints: ['team-mail'], procedure: 'incident', key: '12' },
  );
  expect(await sendTopic(createTopicClient(), calls, topicArn, message)).toEqual({ result: 'delivered' });
  expect(sns).toBeDefined();
});
