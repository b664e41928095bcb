import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  InvalidNextTokenException,
  paginateDescribeScalableTargets,
  ValidationException,
} from '@aws-sdk/client-application-auto-scaling';
import { beforeEach, describe, expect, test } from 'vitest';
import { createApplicationAutoScaling } from '../../../local/aws/services/application-auto-scaling/application-auto-scaling.ts';
import { START_MS, serveAws } from '../../support/aws/aws.ts';

const aws = serveAws();
const scaling = createApplicationAutoScaling(aws.world);
const client = (credentials = aws.world.identities.admin) => new ApplicationAutoScalingClient(aws.client(credentials));
const clusterArn = (name: string) =>
  `arn:aws:kafka:eu-west-1:111122223333:cluster/${name}/1b2c3d4e-0000-4000-8000-123456789abc-3`;
const storage = { ServiceNamespace: 'kafka', ScalableDimension: 'kafka:broker-storage:VolumeSize' } as const;

beforeEach(() => {
  for (const name of ['orders', 'payments']) {
    scaling.remove(clusterArn(name));
    scaling.putTarget({
      ...storage,
      ResourceId: clusterArn(name),
      MinCapacity: 1,
      MaxCapacity: 2000,
      RoleARN: 'arn:aws:iam::111122223333:role/aws-service-role/kafka.application-autoscaling.amazonaws.com/x',
      CreationTime: new Date(START_MS),
    });
  }
  scaling.putPolicy({
    ...storage,
    ResourceId: clusterArn('orders'),
    PolicyARN: 'arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:1:resource/kafka/orders:policyName/storage',
    PolicyName: 'storage',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 60,
      DisableScaleIn: true,
      PredefinedMetricSpecification: { PredefinedMetricType: 'KafkaBrokerStorageUtilization' },
    },
    CreationTime: new Date(START_MS),
  });
});

describe('Application Auto Scaling over AWS JSON 1.1', () => {
  test('tells the target of one cluster by its ARN', async () => {
    const { ScalableTargets } = await client().send(
      new DescribeScalableTargetsCommand({ ...storage, ResourceIds: [clusterArn('orders')] }),
    );
    expect(ScalableTargets).toMatchObject([
      { ResourceId: clusterArn('orders'), MaxCapacity: 2000, CreationTime: new Date(START_MS) },
    ]);
  });

  test('tells the policies of one cluster, with their target', async () => {
    const ask = async (name: string) =>
      (await client().send(new DescribeScalingPoliciesCommand({ ...storage, ResourceId: clusterArn(name) })))
        .ScalingPolicies;
    expect(await ask('orders')).toMatchObject([
      { PolicyName: 'storage', TargetTrackingScalingPolicyConfiguration: { TargetValue: 60, DisableScaleIn: true } },
    ]);
    expect(await ask('payments')).toEqual([]);
  });

  test('another service or dimension sees none of them', async () => {
    const other = await client().send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }));
    expect(other.ScalableTargets).toEqual([]);
  });

  test('lists page by page', async () => {
    const seen: (string | undefined)[] = [];
    const pages = paginateDescribeScalableTargets({ client: client(), pageSize: 1 }, { ...storage });
    for await (const { ScalableTargets } of pages) seen.push(...(ScalableTargets ?? []).map((each) => each.ResourceId));
    expect(seen.toSorted()).toEqual([clusterArn('orders'), clusterArn('payments')]);
  });

  test('refuses a token that it did not give, and a dimension of another service', async () => {
    await expect(
      client().send(new DescribeScalableTargetsCommand({ ...storage, NextToken: 'bm9uc2Vuc2U' })),
    ).rejects.toBeInstanceOf(InvalidNextTokenException);
    await expect(
      client().send(new DescribeScalingPoliciesCommand({ ...storage, ServiceNamespace: 'ecs' })),
    ).rejects.toBeInstanceOf(ValidationException);
  });

  test('what was removed is gone', async () => {
    scaling.remove(clusterArn('orders'));
    const { ScalingPolicies } = await client().send(new DescribeScalingPoliciesCommand(storage));
    expect(ScalingPolicies).toEqual([]);
  });

  test('each read needs its own permission, on all resources', async () => {
    const reader = aws.role('reader', {
      Effect: 'Allow',
      Action: 'application-autoscaling:DescribeScalingPolicies',
      Resource: '*',
    });
    await expect(client(reader).send(new DescribeScalingPoliciesCommand(storage))).resolves.toMatchObject({});
    await expect(client(reader).send(new DescribeScalableTargetsCommand(storage))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});
