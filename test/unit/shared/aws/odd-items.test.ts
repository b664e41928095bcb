import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { KafkaClient } from '@aws-sdk/client-kafka';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { fetchStorageAutoScaling } from '../../../../shared/aws/auto-scaling.ts';
import { fetchMetricSeries } from '../../../../shared/aws/cloudwatch.ts';
import { fetchOwnAlarms, fetchWakingAlarms } from '../../../../shared/aws/cloudwatch-alarms.ts';
import { fetchMskCluster, fetchMskNodes, fetchMskOperation, fetchMskOperations } from '../../../../shared/aws/msk.ts';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { fetchNewestRun, fetchRunStatus } from '../../../../shared/durable/start.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import { answering, tryOddItems } from '../../../support/aws/odd-items.ts';
import { ownAlarmsOf } from '../../../support/own-alarms.ts';

const arn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0b9d3a5e-7c1f-4a63-9c0a-2f3d4e5f6a7b-4';
const scope = () => openCallScope(new AbortController().signal);
const at = (day: number): Date => new Date(Date.UTC(2026, 0, day));

/** Between two good ones, so that neither the first nor the last place hides anything. */
const between = <Item>(first: Item, odd: unknown, last: Item): readonly unknown[] => [first, odd, last];

describe('an odd node', () => {
  const node = (BrokerId: number) => ({
    NodeType: 'BROKER',
    InstanceType: 'kafka.m7g.large',
    AddedToClusterTime: '2026-01-31T12:00:00.000Z',
    BrokerNodeInfo: { BrokerId, Endpoints: [`b-${BrokerId}`], CurrentBrokerSoftwareInfo: { KafkaVersion: '3.9.x' } },
  });

  test('leaves the others and is still one of three, whatever is odd', () =>
    tryOddItems(node(2), async ({ path, item }) => {
      const client = answering<KafkaClient>({ NodeInfoList: between(node(1), item, node(3)) });
      const nodes = await fetchMskNodes(client, scope(), arn);
      expect(nodes).toHaveLength(3);
      const ids = nodes.map(({ brokerId }) => brokerId);
      expect(ids).toEqual(expect.arrayContaining([1, 3]));
      const isIdLost = path === '' || path === 'BrokerNodeInfo' || path === 'BrokerNodeInfo.BrokerId';
      if (!isIdLost) expect(ids).toEqual([1, 2, 3]);
      // An id is never made up: it is 2, or one that the answer spelt, or none.
      expect([2, undefined, 1e300]).toContain(ids.find((id) => id !== 1 && id !== 3));
    }));

  test('that says that it is something else is no broker, whether our SDK knows what', async () => {
    const others = [
      { NodeARN: 'arn:node', NodeType: 'OBSERVER' },
      { NodeARN: 'arn:node', ControllerNodeInfo: { Endpoints: ['c-1'] } },
      { NodeARN: 'arn:node', ZookeeperNodeInfo: { ZookeeperId: 1 } },
    ];
    const client = answering<KafkaClient>({
      NodeInfoList: [...others, node(1), { ...node(2), NodeType: 'BROKER_V2' }],
    });
    expect((await fetchMskNodes(client, scope(), arn)).map(({ brokerId }) => brokerId)).toEqual([1, 2]);
    // Nobody knows what it is, so it may be a broker.
    const silent = answering<KafkaClient>({ NodeInfoList: [node(1), { NodeARN: 'arn:node' }] });
    expect(await fetchMskNodes(silent, scope(), arn)).toHaveLength(2);
  });

  test('that is a broker once more is the same broker', async () => {
    const client = answering<KafkaClient>({ NodeInfoList: [node(2), node(1), node(2)] });
    expect((await fetchMskNodes(client, scope(), arn)).map(({ brokerId }) => brokerId)).toEqual([1, 2]);
  });
});

describe('an odd operation', () => {
  const operation = (id: number) => ({
    OperationArn: `arn:op:${id}`,
    OperationType: 'SECURITY_PATCHING',
    OperationState: 'UPDATE_COMPLETE',
    StartTime: at(id),
    EndTime: at(id),
  });

  test('is kept with what can be read of it, whatever is odd', () =>
    tryOddItems(operation(2), async ({ path, item }) => {
      const client = answering<KafkaClient>({ ClusterOperationInfoList: between(operation(1), item, operation(3)) });
      const operations = await fetchMskOperations(client, scope(), arn);
      expect(operations).toHaveLength(3);
      expect(operations.filter((one) => one.arn === 'arn:op:1' || one.arn === 'arn:op:3')).toEqual(
        [3, 1].map((id) => ({
          arn: `arn:op:${id}`,
          type: 'SECURITY_PATCHING',
          state: 'UPDATE_COMPLETE',
          startedAtMs: at(id).getTime(),
          endedAtMs: at(id).getTime(),
        })),
      );
      if (path === 'OperationType') expect(operations.map(({ arn: one }) => one)).toContain('arn:op:2');
    }));

  const described = {
    ...operation(2),
    ErrorInfo: { ErrorCode: 'E', ErrorString: 'no room' },
    Provisioned: {
      TargetClusterInfo: { BrokerEBSVolumeInfo: [{ KafkaBrokerNodeId: 'All', VolumeSizeGB: 600 }] },
    },
  };

  test('that is described says less and nothing else, whatever is odd', () =>
    tryOddItems(
      described,
      async ({ item }) => {
        const client = answering<KafkaClient>({ ClusterOperationInfo: item });
        const { targetVolumeGiB } = await fetchMskOperation(client, scope(), 'arn:op:2');
        expect([600, 1e300, undefined]).toContain(targetVolumeGiB);
      },
      (path) => path !== '',
    ));

  test('that names several sizes tells none', async () => {
    const BrokerEBSVolumeInfo = [{ VolumeSizeGB: 600 }, { VolumeSizeGB: 500 }];
    const ClusterOperationInfo = { ...described, Provisioned: { TargetClusterInfo: { BrokerEBSVolumeInfo } } };
    const client = answering<KafkaClient>({ ClusterOperationInfo });
    expect(await fetchMskOperation(client, scope(), 'arn:op:2')).not.toHaveProperty('targetVolumeGiB');
  });
});

describe('an odd field of a cluster', () => {
  const cluster = {
    ClusterArn: arn,
    ClusterName: 'orders',
    ClusterType: 'PROVISIONED',
    CurrentVersion: 'K1',
    State: 'FAILED',
    StateInfo: { Code: 'C', Message: 'why' },
    ActiveOperationArn: 'arn:op:1',
    CreationTime: at(1),
    Provisioned: {
      NumberOfBrokerNodes: 3,
      BrokerNodeGroupInfo: {
        InstanceType: 'kafka.m7g.large',
        ClientSubnets: ['a', 'b', 'c'],
        StorageInfo: { EbsStorageInfo: { VolumeSize: 100 } },
      },
      CurrentBrokerSoftwareInfo: { KafkaVersion: '3.9.x' },
      EnhancedMonitoring: 'DEFAULT',
      StorageMode: 'LOCAL',
      CustomerActionStatus: 'NONE',
      Rebalancing: { Status: 'ACTIVE' },
    },
  };
  /** Without these nobody knows what cluster it is, or how it is. */
  const needed =
    /^(|ClusterArn|ClusterName|State|Provisioned(|\.NumberOfBrokerNodes|\.BrokerNodeGroupInfo(|\.InstanceType)))$/;

  test('leaves its state known, whatever is odd', () =>
    tryOddItems(
      cluster,
      async ({ item }) => {
        const client = answering<KafkaClient>({ ClusterInfo: item });
        const seen = await fetchMskCluster(client, scope(), arn);
        expect(seen).toMatchObject({ state: 'FAILED', brokerCount: 3, kind: 'standard' });
        expect([100, 1e300, undefined]).toContain(seen.volumeGiB);
        expect(seen.activeOperationArn).not.toBe('');
      },
      (path) => !needed.test(path),
    ));

  test('without which it is none is a bad answer, or is what it says, whatever is odd', () =>
    tryOddItems(
      cluster,
      async ({ item }) => {
        const client = answering<KafkaClient>({ ClusterInfo: item });
        const seen = await fetchMskCluster(client, scope(), arn).catch((error: unknown) => error);
        if (seen instanceof DependencyError) expect(seen.failure).toBe('bad-answer');
        else expect(seen).toMatchObject({ state: expect.any(String), brokerCount: expect.any(Number) });
      },
      (path) => needed.test(path),
    ));
});

describe('an odd alarm', () => {
  const own = ownAlarmsOf({ 'storage-scaling': ['disk', 'disk-two', 'disk-three'] });
  const [first, second, third] = own.alarms.map(({ name }) => ({
    AlarmName: name,
    StateValue: 'OK',
    ActionsEnabled: true,
    AlarmActions: ['arn:aws:sns:eu-west-1:111122223333:t'],
    Dimensions: [{ Name: 'Broker ID', Value: '1' }],
    Metrics: [
      { Id: 'a', MetricStat: { Metric: { Dimensions: [{ Name: 'Broker ID', Value: '2' }] }, Period: 60, Stat: 'Sum' } },
    ],
  }));

  const isNameLost = (path: string): boolean => path === '' || path === 'AlarmName';

  test('leaves the others, and none that is odd counts as quiet, whatever is odd', () =>
    tryOddItems(second, async (odd) => {
      const client = answering<CloudWatchClient>({ MetricAlarms: between(first, odd.item, third) });
      const waking = await fetchWakingAlarms(client, scope(), own, 'storage-scaling');
      expect(waking).toEqual(
        expect.arrayContaining([own.alarms[0], own.alarms[2]].map((one) => ({ name: one?.name, state: 'OK' }))),
      );
      if (odd.path === '' || odd.path === 'StateValue') expect(waking.map(({ state }) => state)).toContain('unknown');
      const alarms = await fetchOwnAlarms(client, scope(), own).catch((error: unknown) => error);
      if (alarms instanceof DependencyError) {
        expect(isNameLost(odd.path)).toBe(true);
        return;
      }
      // A name that is somebody else's is no alarm of ours without a name.
      if (isNameLost(odd.path)) return;
      expect(alarms).toHaveLength(3);
      const seen = Array.isArray(alarms) ? alarms[1] : undefined;
      if (odd.path === 'StateValue') expect(seen.state).toBe('unknown');
      if (odd.path === 'ActionsEnabled') expect(seen.isMuted).toBe(!odd.what.endsWith('true'));
      expect([[], [1], [2], [1, 2]]).toContainEqual(seen.brokerIds);
    }));
});

describe('an odd result of GetMetricData', () => {
  const range = { fromMs: Date.UTC(2026, 2, 1, 9), toMs: Date.UTC(2026, 2, 1, 10) };
  const requestOf = (key: string) => ({
    key,
    query: { namespace: 'AWS/Kafka', name: 'M', dimensions: {}, statistic: 'Maximum' } as const,
    periodSeconds: 60,
  });
  const result = (Id: string) => ({
    Id,
    Label: 'M',
    Timestamps: [new Date(range.fromMs), new Date(range.fromMs + 60_000)],
    Values: [1, 2],
    StatusCode: 'Complete',
    Messages: [],
  });
  const whole = {
    status: 'complete',
    points: [1, 2].map((value) => ({ atMs: range.fromMs + (value - 1) * 60_000, value })),
  };

  test('fails alone, whatever is odd', () =>
    tryOddItems(result('q1'), async ({ path, what, item }) => {
      const client = answering<CloudWatchClient>({ MetricDataResults: between(result('q0'), item, result('q2')) });
      const series = await fetchMetricSeries(client, scope(), ['a', 'b', 'c'].map(requestOf), range);
      expect([series.get('a'), series.get('c')]).toEqual([whole, whole]);
      const odd = series.get('b');
      if (path === 'Label' || path.startsWith('Messages')) return expect(odd).toMatchObject({ status: 'complete' });
      // Two lists of nothing are a metric that was not emitted, and numbers are numbers.
      if (/^Values\.\d = (-1|1e\+?300)$/.test(what)) return expect(odd?.status).toBe('complete');
      expect(['failed', 'partial']).toContain(odd?.status);
      return expect(odd?.message ?? '').not.toBe('');
    }));

  test.each([
    ['InternalError', 'failed'],
    ['Forbidden', 'failed'],
    ['PartialData', 'partial'],
    ['SomethingNew', 'failed'],
    [undefined, 'failed'],
    ['Complete', 'complete'],
  ])('whose last word is %s is %s, whatever stood before it', async (last, status) => {
    for (const before of ['InternalError', 'Forbidden', 'PartialData', 'SomethingNew', 'Complete']) {
      const client = answering<CloudWatchClient>(
        { MetricDataResults: [{ ...result('q0'), StatusCode: before }], NextToken: 'more' },
        { MetricDataResults: [{ ...result('q0'), StatusCode: last }] },
      );
      const series = await fetchMetricSeries(client, scope(), [requestOf('a')], range);
      // Each minute came twice, and is there once.
      expect(series.get('a')).toMatchObject({ ...whole, status });
    }
  });

  test('what an earlier page said is kept', async () => {
    const client = answering<CloudWatchClient>(
      {
        MetricDataResults: [{ ...result('q0'), StatusCode: 'PartialData', Messages: [{ Code: 'C', Value: 'early' }] }],
        NextToken: 'more',
      },
      { MetricDataResults: [result('q0')] },
    );
    const series = await fetchMetricSeries(client, scope(), [requestOf('a')], range);
    expect(series.get('a')).toMatchObject({ status: 'complete', message: 'C early' });
  });

  test('of a minute that was corrected is its later value', async () => {
    const client = answering<CloudWatchClient>({
      MetricDataResults: [
        { ...result('q0'), Timestamps: [new Date(range.fromMs), new Date(range.fromMs)], Values: [1, 5] },
      ],
    });
    const series = await fetchMetricSeries(client, scope(), [requestOf('a')], range);
    expect(series.get('a')?.points).toEqual([{ atMs: range.fromMs, value: 5 }]);
  });
});

describe('an odd scaling policy or target', () => {
  const entry = { PolicyName: 'grow', ResourceId: arn };

  test('is somebody else’s hand on the volumes, whatever is odd', () =>
    tryOddItems(entry, async ({ item }) => {
      const client = answering<ApplicationAutoScalingClient>({
        ScalableTargets: [item],
        ScalingPolicies: [item, entry],
      });
      const seen = await fetchStorageAutoScaling(client, scope(), arn);
      expect(seen.targetCount).toBe(1);
      expect(seen.policyNames).toHaveLength(2);
      expect(seen.policyNames).toContain('grow');
    }));
});

describe('an odd durable execution', () => {
  const execution = (name: string, Status: string) => ({ DurableExecutionName: name, Status });

  test('hides no other one, and is in no state that it does not tell, whatever is odd', () =>
    tryOddItems(execution('orders-storage-scaling-2', 'RUNNING'), async ({ item }) => {
      const runs = between(execution('a', 'FAILED'), item, execution('orders-storage-scaling-1', 'RUNNING'));
      const client = answering<LambdaClient>({ DurableExecutions: runs });
      expect(await fetchRunStatus(client, scope(), 'run', 'orders-storage-scaling-1')).toBe('running');
      expect(['running', 'unknown']).toContain(
        await fetchRunStatus(client, scope(), 'run', 'orders-storage-scaling-2'),
      );
      const newest = answering<LambdaClient>({
        DurableExecutions: [item, execution('orders-storage-scaling-1', 'RUNNING')],
      });
      expect(await fetchNewestRun(newest, scope(), 'run')).toBeDefined();
    }));

  test.each(['a-run-by-hand', '5f0c9d3e-8a41-4c7b-9f1e-123456789012', 'orders-storage-scaling-0'])(
    'that is of no episode (%s) hides not the newest one of an episode',
    async (name) => {
      const client = answering<LambdaClient>({
        DurableExecutions: [
          execution(name, 'RUNNING'),
          execution('orders-storage-scaling-12', 'SUCCEEDED'),
          execution('orders-storage-scaling-11', 'FAILED'),
        ],
      });
      expect(await fetchNewestRun(client, scope(), 'run')).toEqual({
        executionName: 'orders-storage-scaling-12',
        isRunning: false,
      });
    },
  );
});
