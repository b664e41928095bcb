import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { addCoreServices } from '../../../../../local/aws/core-services.ts';
import { createCloudWatch } from '../../../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { ownAlarmsFileName } from '../../../../../shared/core/own-alarms.ts';
import { serveAws } from '../../../../support/aws/aws.ts';
import { createResource } from '../../../../support/aws/aws-resource.ts';
import { captureOutput, lambdaContext } from '../../../../support/aws/lambda.ts';
import { bundledConfiguration } from '../../../../support/health/health-ports.ts';
import { ownAlarmsOf } from '../../../../support/own-alarms.ts';

const aws = serveAws(Date.now());
const services = addCoreServices(aws.world);
createCloudWatch(aws.world, { putEvent: async () => {} });

const configuration = bundledConfiguration();
const { arn } = configuration.cluster;
const manual = { source: 'mskeeper.manual', procedure: 'cluster-health', scope: 'full' };
let directory = '';

/** The handler as Lambda loads it: environment first, then the module, whose clients read it. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mskeeper-health-'));
  const file = join(directory, 'mskeeper.json');
  writeFileSync(file, JSON.stringify(configuration.configuration));
  writeFileSync(join(directory, ownAlarmsFileName), JSON.stringify(ownAlarmsOf({ 'cluster-health': ['disk-used'] })));
  services.msk.addCluster({
    arn,
    kafkaVersion: '3.9.0',
    instanceType: 'kafka.m7g.large',
    brokers: [1, 2, 3].map((brokerId) => ({ brokerId, addresses: { plaintext: `127.0.0.1:${9000 + brokerId}` } })),
    subnetIds: ['subnet-a', 'subnet-b', 'subnet-c'],
    securityGroupIds: ['sg-1'],
    volumeGiB: 100,
    monitoringLevel: 'DEFAULT',
    metadataMode: 'kraft',
    scramSecretArns: [],
  });
  await createResource(aws.world, 'AWS::S3::Bucket', { BucketName: 'reports' });
  await createResource(aws.world, 'AWS::Events::EventBus', { Name: 'mskeeper-orders' });
  const { endpoint, region, credentials } = aws.client();
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', credentials.sessionToken);
  vi.stubEnv('MSKEEPER_CONFIGURATION_FILE', file);
  vi.stubEnv('MSKEEPER_CLUSTER', 'orders');
  vi.stubEnv('MSKEEPER_BUCKET', 'reports');
  vi.stubEnv('MSKEEPER_BUS_NAME', 'mskeeper-orders');
  vi.stubEnv('MSKEEPER_KAFKA_READ_FUNCTION', 'mskeeper-orders-kafka-read');
});
afterAll(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

const run = async () => {
  const { handler } = await import('../../../../../functions/health/cluster-health/handler.ts');
  const result = await handler(manual, lambdaContext(60_000));
  if ('holderRunId' in result) throw new Error('a person asked, and was left to another run');
  return result;
};

async function putDiskUsed(percent: number) {
  const cloudWatch = new CloudWatchClient(aws.client());
  const at = Math.floor(Date.now() / 60_000) * 60_000 - 60_000;
  const MetricData = [1, 2, 3].map((id) => ({
    MetricName: 'KafkaDataLogsDiskUsed',
    Dimensions: [
      { Name: 'Cluster Name', Value: 'orders' },
      { Name: 'Broker ID', Value: String(id) },
    ],
    Timestamp: new Date(at),
    Value: percent,
  }));
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'AWS/Kafka', MetricData }));
}

test('its ports speak to AWS: state, nodes, metrics and alarms are judged, and the missing look is unknown', async () => {
  const output = captureOutput();
  await putDiskUsed(82);
  const report = await run();
  const found = (check: string, subject = 'cluster') =>
    report.findings.find((one) => one.check === check && one.subject === subject);
  expect(found('cluster-state')).toMatchObject({ severity: 'ok', evidence: { state: 'ACTIVE' } });
  expect(found('broker-count')).toMatchObject({ severity: 'ok', evidence: { mskCount: 3, nodeCount: 3 } });
  expect(found('disk-used', 'broker 2')).toMatchObject({ severity: 'warning', evidence: { diskUsedPercent: 82 } });
  expect(found('alarm-coverage', 'broker 1')).toMatchObject({ severity: 'warning', reason: 'uncovered' });
  // The stack's list has an alarm, and CloudWatch none.
  expect(found('alarm-coverage', 'missing alarms')).toMatchObject({ severity: 'warning', reason: 'missing' });
  expect(found('broker-answers')).toMatchObject({ severity: 'unknown' });
  expect(report.sources).toMatchObject({
    msk: 'answered',
    nodes: 'answered',
    cloudwatch: 'answered',
    alarms: 'answered',
  });
  expect(output.lines().some((line) => line.includes('BrokersUnreachable'))).toBe(false);
  expect(output.lines().some((line) => line.includes('"ScheduledRunCompleted":2'))).toBe(true);
  expect(report.awsCallCountByOperation).toMatchObject({
    'kafka:DescribeClusterV2': 1,
    'kafka:ListNodes': 1,
    'kafka:GetBootstrapBrokers': 1,
    'cloudwatch:GetMetricData': 1,
    'cloudwatch:DescribeAlarms': 1,
    // Without a memory the claim is asked, too: nobody knows whether an alarm's wake waits there.
    's3:GetObject': 2,
    // The memory, and once more without what the bus took; the report is not there yet.
    's3:PutObject': 2,
    'events:PutEvents': 1,
  });
});

test('the next run reads what this one kept, and tells nothing as new again', async () => {
  const report = await run();
  expect(report.changes).toEqual([]);
  expect(report.findings.find(({ check }) => check === 'run-history')).toMatchObject({ reason: 'read' });
  expect(report.awsCallCountByOperation).toMatchObject({ 's3:GetObject': 1 });
});
