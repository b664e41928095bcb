import {
  BadRequestException,
  DescribeClusterOperationV2Command,
  DescribeClusterV2Command,
  KafkaClient,
  ListClusterOperationsV2Command,
  UpdateBrokerStorageCommand,
  UpdateStorageCommand,
} from '@aws-sdk/client-kafka';
import { beforeEach, describe, expect, test } from 'vitest';
import { createMsk } from '../../../local/aws/services/msk/msk.ts';
import { serveAws } from '../../support/aws/aws.ts';

const aws = serveAws();
const msk = createMsk(aws.world);
const arn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1b2c3d4e-0000-4000-8000-123456789abc-3';
const kafka = (credentials = aws.world.identities.admin) => new KafkaClient(aws.client(credentials));
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

beforeEach(() => {
  msk.removeCluster(arn);
  msk.behaveOnStorage({ operationMs: 8 * minuteMs, lockMs: 6 * hourMs, failure: undefined });
  msk.addCluster({
    arn,
    kafkaVersion: '3.6.0',
    instanceType: 'kafka.m7g.large',
    brokers: [1, 2, 3].map((brokerId) => ({ brokerId, addresses: { plaintext: `127.0.0.1:${9000 + brokerId}` } })),
    subnetIds: ['subnet-a', 'subnet-b', 'subnet-c'],
    securityGroupIds: ['sg-1'],
    volumeGiB: 300,
    monitoringLevel: 'DEFAULT',
    metadataMode: 'kraft',
  });
});

const look = async () => (await kafka().send(new DescribeClusterV2Command({ ClusterArn: arn }))).ClusterInfo;
const versionNow = async () => (await look())?.CurrentVersion ?? '';
const volumeNow = async () => (await look())?.Provisioned?.BrokerNodeGroupInfo?.StorageInfo?.EbsStorageInfo?.VolumeSize;
const operationNow = async (operationArn: string | undefined) =>
  (await kafka().send(new DescribeClusterOperationV2Command({ ClusterOperationArn: operationArn })))
    .ClusterOperationInfo;
const passMinutes = (minutes: number) => aws.clock.advanceTo(aws.clock.nowMs() + minutes * minuteMs);

const grow = async (targetGiB: number, version?: string, brokerId = 'All') =>
  kafka().send(
    new UpdateBrokerStorageCommand({
      ClusterArn: arn,
      CurrentVersion: version ?? (await versionNow()),
      TargetBrokerEBSVolumeInfo: [{ KafkaBrokerNodeId: brokerId, VolumeSizeGB: targetGiB }],
    }),
  );

describe('UpdateBrokerStorage', () => {
  test('runs by the clock: the cluster is UPDATING with its operation, then ACTIVE with another version and size', async () => {
    const before = await versionNow();
    const { ClusterArn, ClusterOperationArn } = await grow(400, before);
    expect(ClusterArn).toBe(arn);
    expect(await look()).toMatchObject({ State: 'UPDATING', ActiveOperationArn: ClusterOperationArn });
    expect([await volumeNow(), await versionNow()]).toEqual([300, before]);

    await passMinutes(7);
    expect(await look()).toMatchObject({ State: 'UPDATING' });
    await passMinutes(1);
    const after = await look();
    expect(after?.State).toBe('ACTIVE');
    expect(after?.ActiveOperationArn).toBeUndefined();
    expect(after?.CurrentVersion).not.toBe(before);
    expect(await volumeNow()).toBe(400);
  });

  test('its operation tells type, times, sizes before and after, and steps as they pass', async () => {
    const beganMs = aws.clock.nowMs();
    const { ClusterOperationArn } = await grow(400);
    expect(await operationNow(ClusterOperationArn)).toMatchObject({
      OperationType: 'INCREASE_BROKER_STORAGE',
      OperationState: 'UPDATE_IN_PROGRESS',
      StartTime: new Date(beganMs),
      Provisioned: {
        SourceClusterInfo: { BrokerEBSVolumeInfo: [{ KafkaBrokerNodeId: 'ALL', VolumeSizeGB: 300 }] },
        TargetClusterInfo: { BrokerEBSVolumeInfo: [{ KafkaBrokerNodeId: 'ALL', VolumeSizeGB: 400 }] },
        OperationSteps: [
          { StepName: 'INITIALIZE_UPDATE', StepInfo: { StepStatus: 'IN_PROGRESS' } },
          { StepName: 'FINALIZE_UPDATE', StepInfo: { StepStatus: 'PENDING' } },
        ],
      },
    });
    await passMinutes(8);
    const done = await operationNow(ClusterOperationArn);
    expect(done).toMatchObject({ OperationState: 'UPDATE_COMPLETE', EndTime: new Date(beganMs + 8 * minuteMs) });
    expect(done?.Provisioned?.OperationSteps?.map(({ StepInfo }) => StepInfo?.StepStatus)).toEqual([
      'COMPLETED',
      'COMPLETED',
    ]);
    const listed = await kafka().send(new ListClusterOperationsV2Command({ ClusterArn: arn }));
    expect(listed.ClusterOperationInfoList?.[0]).toMatchObject({
      OperationArn: ClusterOperationArn,
      OperationType: 'INCREASE_BROKER_STORAGE',
    });
  });

  test('one that fails leaves size and version, says why, and locks nothing', async () => {
    msk.behaveOnStorage({ failure: { code: 'VolumeModificationFailed', message: 'no capacity' } });
    const before = await versionNow();
    const { ClusterOperationArn } = await grow(400, before);
    await passMinutes(8);
    expect(await operationNow(ClusterOperationArn)).toMatchObject({
      OperationState: 'UPDATE_FAILED',
      ErrorInfo: { ErrorCode: 'VolumeModificationFailed', ErrorString: 'no capacity' },
    });
    expect([await volumeNow(), await versionNow(), (await look())?.State]).toEqual([300, before, 'ACTIVE']);
    msk.behaveOnStorage({ failure: undefined });
    await expect(grow(400)).resolves.toMatchObject({ ClusterArn: arn });
  });

  test('storage stays locked for the time that is set after the end, and not longer', async () => {
    msk.behaveOnStorage({ lockMs: 25 * hourMs });
    await grow(400);
    await passMinutes(8);
    await passMinutes(25 * 60 - 1);
    await expect(grow(500)).rejects.toThrow(/storage is optimizing/);
    await passMinutes(1);
    await expect(grow(500)).resolves.toMatchObject({ ClusterArn: arn });
  });

  test.each(['UPDATING', 'HEALING', 'MAINTENANCE', 'REBOOTING_BROKER'] as const)(
    'is refused while the cluster is %s',
    async (state) => {
      msk.setState(arn, state);
      await expect(grow(400)).rejects.toThrow(state);
    },
  );

  test('a second one while the first runs is refused, and the first goes on', async () => {
    const version = await versionNow();
    await grow(400, version);
    await expect(grow(500, version)).rejects.toBeInstanceOf(BadRequestException);
    await passMinutes(8);
    expect(await volumeNow()).toBe(400);
    expect(
      msk
        .operations(arn)
        .filter(({ clusterArn }) => clusterArn === arn)
        .at(-1)?.state,
    ).toBe('UPDATE_COMPLETE');
  });

  test('tells whoever listens when it has taken a change, before its answer is out, and of no refusal', async () => {
    const taken: string[] = [];
    msk.behaveOnStorage({ onAccepted: () => taken.push(msk.cluster(arn).state) });
    await expect(grow(300)).rejects.toBeInstanceOf(BadRequestException);
    expect(taken).toEqual([]);
    await grow(400);
    expect(taken).toEqual(['UPDATING']);
    msk.behaveOnStorage({ onAccepted: undefined });
  });

  test('a version that is not current any more is refused', async () => {
    const before = await versionNow();
    await grow(400, before);
    await passMinutes(8);
    await expect(grow(500, before)).rejects.toThrow("version of the cluster isn't current");
  });

  test.each([
    [300, 'does not include any updates'],
    [299, 'at least 10 GiB'],
    [309, 'at least 10 GiB'],
    [16_385, 'at most 16384 GiB'],
    [400.5, 'whole number'],
  ])('a target of %s GiB is refused', async (targetGiB, sentence) => {
    const refused = grow(targetGiB);
    await expect(refused).rejects.toBeInstanceOf(BadRequestException);
    await expect(refused).rejects.toThrow(sentence);
    expect(await volumeNow()).toBe(300);
  });

  test('takes the largest volume that MSK knows', async () => {
    await grow(16_384);
    await passMinutes(8);
    expect(await volumeNow()).toBe(16_384);
  });

  test('one broker alone cannot be chosen', async () => {
    await expect(grow(400, undefined, '1')).rejects.toThrow('all brokers');
  });

  test('Express brokers have no volumes to update', async () => {
    const { volumeGiB: _, ...cluster } = msk.cluster(arn);
    msk.addCluster({ ...cluster, instanceType: 'express.m7g.large' });
    await expect(grow(400)).rejects.toThrow('Express');
  });

  test('needs a permission of its own on the cluster', async () => {
    const reader = aws.role('reader', {
      Effect: 'Allow',
      Action: ['kafka:Describe*', 'kafka:UpdateStorage'],
      Resource: arn,
    });
    const command = new UpdateBrokerStorageCommand({
      ClusterArn: arn,
      CurrentVersion: await versionNow(),
      TargetBrokerEBSVolumeInfo: [{ KafkaBrokerNodeId: 'All', VolumeSizeGB: 400 }],
    });
    await expect(kafka(reader).send(command)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(await look()).toMatchObject({ State: 'ACTIVE' });
    const scaler = aws.role('scaler', { Effect: 'Allow', Action: 'kafka:UpdateBrokerStorage', Resource: arn });
    await expect(kafka(scaler).send(command)).resolves.toMatchObject({ ClusterArn: arn });
  });
});

describe('UpdateStorage', () => {
  test('changes the size under the same rules, and refuses what is not served here', async () => {
    const update = async (more: object) =>
      kafka().send(new UpdateStorageCommand({ ClusterArn: arn, CurrentVersion: await versionNow(), ...more }));
    await expect(update({ VolumeSizeGB: 300 })).rejects.toThrow('does not include any updates');
    await expect(update({ StorageMode: 'TIERED' })).rejects.toThrow('tiered storage');
    await expect(update({ ProvisionedThroughput: { Enabled: true, VolumeThroughput: 300 } })).rejects.toThrow(
      'throughput',
    );
    await update({ VolumeSizeGB: 420 });
    await passMinutes(8);
    expect(await volumeNow()).toBe(420);
    await expect(grow(520)).rejects.toThrow(/storage is optimizing/);
  });
});
