import {
  DescribeClusterCommand,
  DescribeClusterOperationV2Command,
  DescribeClusterV2Command,
  GetBootstrapBrokersCommand,
  KafkaClient,
  ListClusterOperationsV2Command,
  ListNodesCommand,
  ListScramSecretsCommand,
  NotFoundException,
  paginateListNodes,
  TooManyRequestsException,
} from '@aws-sdk/client-kafka';
import { beforeEach, describe, expect, test } from 'vitest';
import { createMsk } from '../../../local/aws/services/msk/msk.ts';
import { START_MS, serveAws } from '../../support/aws/aws.ts';

const aws = serveAws();
const msk = createMsk(aws.world);
const arn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1b2c3d4e-0000-4000-8000-123456789abc-3';
const kafka = () => new KafkaClient(aws.client());

beforeEach(() =>
  msk.addCluster({
    arn,
    kafkaVersion: '3.6.0',
    instanceType: 'kafka.m7g.large',
    brokers: [1, 2, 3].map((brokerId) => ({
      brokerId,
      addresses: { plaintext: `127.0.0.1:${9000 + brokerId}`, scram: `127.0.0.1:${9100 + brokerId}` },
    })),
    subnetIds: ['subnet-a', 'subnet-b', 'subnet-c'],
    securityGroupIds: ['sg-1'],
    volumeGiB: 100,
    monitoringLevel: 'PER_TOPIC_PER_BROKER',
    metadataMode: 'kraft',
    scramSecretArns: ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_orders-AbCdEf'],
  }),
);

describe('MSK over REST-JSON', () => {
  test('describes a cluster in the second version, through an ARN in the path', async () => {
    const { ClusterInfo } = await kafka().send(new DescribeClusterV2Command({ ClusterArn: arn }));
    expect(ClusterInfo).toMatchObject({
      ClusterArn: arn,
      ClusterName: 'orders',
      State: 'ACTIVE',
      ClusterType: 'PROVISIONED',
      CreationTime: new Date(START_MS),
      Provisioned: {
        NumberOfBrokerNodes: 3,
        EnhancedMonitoring: 'PER_TOPIC_PER_BROKER',
        BrokerNodeGroupInfo: { InstanceType: 'kafka.m7g.large', StorageInfo: { EbsStorageInfo: { VolumeSize: 100 } } },
        ClientAuthentication: { Sasl: { Scram: { Enabled: true }, Iam: { Enabled: false } } },
      },
    });
    expect(ClusterInfo?.ActiveOperationArn).toBeUndefined();
  });

  test('describes a cluster in the first version', async () => {
    const { ClusterInfo } = await kafka().send(new DescribeClusterCommand({ ClusterArn: arn }));
    expect(ClusterInfo).toMatchObject({ ClusterName: 'orders', NumberOfBrokerNodes: 3, State: 'ACTIVE' });
  });

  test('lists brokers and the KRaft controllers beside them, page by page', async () => {
    const pages: number[] = [];
    const ids: (number | undefined)[] = [];
    for await (const page of paginateListNodes({ client: kafka(), pageSize: 4 }, { ClusterArn: arn })) {
      pages.push(page.NodeInfoList?.length ?? 0);
      ids.push(...(page.NodeInfoList ?? []).map((node) => node.BrokerNodeInfo?.BrokerId));
    }
    expect(pages).toEqual([4, 2]);
    expect(ids).toEqual([1, 2, 3, undefined, undefined, undefined]);
  });

  test('refuses a paging token that it did not give', async () => {
    const list = kafka().send(new ListNodesCommand({ ClusterArn: arn, NextToken: 'bm9uc2Vuc2U' }));
    await expect(list).rejects.toMatchObject({ name: 'BadRequestException', $metadata: { httpStatusCode: 400 } });
  });

  test('gives bootstrap strings only for listeners that exist', async () => {
    const { $metadata: _, ...strings } = await kafka().send(new GetBootstrapBrokersCommand({ ClusterArn: arn }));
    expect(strings).toEqual({
      BootstrapBrokerString: '127.0.0.1:9001,127.0.0.1:9002,127.0.0.1:9003',
      BootstrapBrokerStringSaslScram: '127.0.0.1:9101,127.0.0.1:9102,127.0.0.1:9103',
    });
  });

  test('lists the secrets of SCRAM users', async () => {
    const { SecretArnList } = await kafka().send(new ListScramSecretsCommand({ ClusterArn: arn }));
    expect(SecretArnList).toHaveLength(1);
  });

  test('an operation takes the cluster out of ACTIVE; success changes its version, failure does not', async () => {
    const describe = async () => (await kafka().send(new DescribeClusterV2Command({ ClusterArn: arn }))).ClusterInfo;
    const before = await describe();
    const reboot = msk.startOperation(arn, 'REBOOT_NODE');
    expect(await describe()).toMatchObject({ State: 'REBOOTING_BROKER', ActiveOperationArn: reboot });
    await aws.clock.advanceTo(aws.clock.nowMs() + 60_000);
    msk.finishOperation(reboot, { code: 'BrokerUnreachable', message: 'it did not come back' });
    expect((await describe())?.CurrentVersion).toBe(before?.CurrentVersion);

    const grow = msk.startOperation(arn, 'INCREASE_BROKER_COUNT');
    expect(await describe()).toMatchObject({ State: 'UPDATING' });
    msk.finishOperation(grow);
    const after = await describe();
    expect(after?.State).toBe('ACTIVE');
    expect(after?.CurrentVersion).not.toBe(before?.CurrentVersion);

    const { ClusterOperationInfoList } = await kafka().send(new ListClusterOperationsV2Command({ ClusterArn: arn }));
    expect(ClusterOperationInfoList?.map((each) => [each.OperationType, each.OperationState])).toEqual([
      ['INCREASE_BROKER_COUNT', 'UPDATE_COMPLETE'],
      ['REBOOT_NODE', 'UPDATE_FAILED'],
    ]);
    const failed = await kafka().send(new DescribeClusterOperationV2Command({ ClusterOperationArn: reboot }));
    expect(failed.ClusterOperationInfo).toMatchObject({
      ErrorInfo: { ErrorCode: 'BrokerUnreachable' },
      StartTime: new Date(START_MS),
      EndTime: new Date(START_MS + 60_000),
    });
  });

  test('an unknown cluster is the SDK’s NotFoundException with the parameter’s name', async () => {
    const error = await kafka()
      .send(new DescribeClusterV2Command({ ClusterArn: `${arn}-gone` }))
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NotFoundException);
    expect(error).toMatchObject({ InvalidParameter: 'clusterArn', $metadata: { httpStatusCode: 404 } });
    expect(String(error)).toContain('does not exist');
  });

  test('a fault of throttling is the SDK’s TooManyRequestsException, as often as asked for', async () => {
    const watcher = new KafkaClient(
      aws.client(aws.role('watcher', { Effect: 'Allow', Action: 'kafka:Describe*', Resource: arn })),
    );
    aws.world.faults.inject({ operation: 'kafka:DescribeClusterV2', fault: 'throttle', times: 1 });
    const command = new DescribeClusterV2Command({ ClusterArn: arn });
    await expect(watcher.send(command)).rejects.toBeInstanceOf(TooManyRequestsException);
    await expect(watcher.send(command)).resolves.toMatchObject({ ClusterInfo: { ClusterName: 'orders' } });
    await expect(watcher.send(new ListNodesCommand({ ClusterArn: arn }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::111122223333:assumed-role/watcher/watcher is not authorized to perform: kafka:ListNodes on resource: ${arn} because no identity-based policy allows the kafka:ListNodes action`,
    });
  });
});
