import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  ListMetricsCommand,
  type MetricDataQuery,
  PutMetricDataCommand,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import { beforeAll, describe, expect, test } from 'vitest';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { START_MS, serveAws } from '../../support/aws/aws.ts';

const aws = serveAws();
createCloudWatch(aws.world, { putEvent: () => {} });
const cloudWatch = (credentials = aws.world.identities.admin) => new CloudWatchClient(aws.client(credentials));

const minutesAgo = (minutes: number) => new Date(START_MS - minutes * 60_000);
const broker = (id: string) => [
  { Name: 'Cluster Name', Value: 'orders' },
  { Name: 'Broker ID', Value: id },
];
const cpu = (id: string, brokerId: string, stat = 'Average', more: object = {}): MetricDataQuery => ({
  Id: id,
  MetricStat: {
    Metric: { Namespace: 'AWS/Kafka', MetricName: 'CpuUser', Dimensions: broker(brokerId) },
    Period: 60,
    Stat: stat,
    ...more,
  },
});
const ask = (queries: MetricDataQuery[], more: Partial<GetMetricDataCommandInput> = {}) =>
  cloudWatch().send(
    new GetMetricDataCommand({
      StartTime: minutesAgo(5),
      EndTime: minutesAgo(0),
      MetricDataQueries: queries,
      ...more,
    }),
  );

beforeAll(async () => {
  await cloudWatch().send(
    new PutMetricDataCommand({
      Namespace: 'AWS/Kafka',
      MetricData: [
        { MetricName: 'CpuUser', Dimensions: broker('1'), Timestamp: minutesAgo(3), Value: 20 },
        { MetricName: 'CpuUser', Dimensions: broker('1'), Timestamp: minutesAgo(2.5), Value: 40 },
        { MetricName: 'CpuUser', Dimensions: broker('1'), Timestamp: minutesAgo(1), Values: [10, 90], Counts: [99, 1] },
        {
          MetricName: 'CpuUser',
          Dimensions: broker('2'),
          Timestamp: minutesAgo(3),
          StatisticValues: { SampleCount: 2, Sum: 6, Minimum: 1, Maximum: 5 },
          Unit: 'Percent',
        },
      ],
    }),
  );
});

describe('GetMetricData', () => {
  test('aggregates by period, newest first, with the start of each period', async () => {
    const { MetricDataResults: [result] = [] } = await ask([cpu('a', '1')]);
    expect(result).toEqual({
      Id: 'a',
      Label: 'CpuUser',
      Timestamps: [minutesAgo(1), minutesAgo(3)],
      Values: [10.8, 30],
      StatusCode: 'Complete',
    });
  });

  test('gives oldest first when asked', async () => {
    const { MetricDataResults: [result] = [] } = await ask([cpu('a', '1', 'Maximum')], {
      ScanBy: 'TimestampAscending',
    });
    expect(result?.Values).toEqual([40, 90]);
  });

  test('knows percentiles of values, and none of a statistic set', async () => {
    const { MetricDataResults: [first, second] = [] } = await ask([cpu('a', '1', 'p99.9'), cpu('b', '2', 'p99.9')]);
    expect(first?.Values).toEqual([90, 40]);
    expect(second?.Values).toEqual([]);
  });

  test('an exact dimension set is another metric than a part of it', async () => {
    const part = cpu('a', '1');
    const { MetricDataResults: [result] = [] } = await ask([
      {
        ...part,
        MetricStat: {
          Period: 60,
          Stat: 'Average',
          Metric: { Namespace: 'AWS/Kafka', MetricName: 'CpuUser', Dimensions: broker('1').slice(0, 1) },
        },
      },
    ]);
    expect(result).toMatchObject({ Timestamps: [], Values: [], StatusCode: 'Complete' });
  });

  test('a unit that was not published finds nothing', async () => {
    const { MetricDataResults: [percent, bytes] = [] } = await ask([
      cpu('a', '2', 'Sum', { Unit: 'Percent' }),
      cpu('b', '2', 'Sum', { Unit: 'Bytes' }),
    ]);
    expect(percent?.Values).toEqual([6]);
    expect(bytes?.Values).toEqual([]);
  });

  test('calculates, and keeps back what ReturnData hides', async () => {
    const { MetricDataResults: results } = await ask([
      { Id: 'total', Expression: 'SUM(METRICS())', Label: 'total' },
      { ...cpu('a', '1', 'Maximum'), ReturnData: false },
      { ...cpu('b', '2', 'Maximum'), ReturnData: false },
    ]);
    expect(results?.map(({ Id, Label, Values }) => [Id, Label, Values])).toEqual([['total', 'total', [90, 45]]]);
  });

  test('pages by datapoints, with PartialData until a metric is whole', async () => {
    const pages = [];
    const paginator = paginateGetMetricData(
      { client: cloudWatch() },
      {
        StartTime: minutesAgo(5),
        EndTime: minutesAgo(0),
        MetricDataQueries: [cpu('a', '1'), cpu('b', '2')],
        MaxDatapoints: 1,
      },
    );
    for await (const { MetricDataResults: results = [] } of paginator) {
      pages.push(results.map(({ Id, Values, StatusCode }) => [Id, Values, StatusCode]));
    }
    expect(pages).toEqual([[['a', [10.8], 'PartialData']], [['a', [30], 'Complete']], [['b', [3], 'Complete']]]);
  });

  test.each<[string, MetricDataQuery[], Partial<GetMetricDataCommandInput>, RegExp]>([
    ['501 queries', Array.from({ length: 501 }, (_, index) => cpu(`a${index}`, '1')), {}, /size greater than 500/],
    ['a repeated id', [cpu('a', '1'), cpu('a', '2')], {}, /not unique/],
    ['an id with a capital', [cpu('A', '1')], {}, /lowercase/],
    ['a broken expression', [{ Id: 'e', Expression: 'm1 +' }], {}, /m1/],
    ['an end before the start', [cpu('a', '1')], { EndTime: minutesAgo(9) }, /must be less/],
    ['too many datapoints', [cpu('a', '1')], { MaxDatapoints: 100_801 }, /100800/],
    ['a period of 61 s', [cpu('a', '1', 'Sum', { Period: 61 })], {}, /multiple of 60/],
  ])('refuses %s', async (_what, queries, more, reason) => {
    await expect(ask(queries, more)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(reason),
    });
  });

  test('refuses a token that it never gave', async () => {
    await expect(ask([cpu('a', '1')], { NextToken: 'rubbish' })).rejects.toMatchObject({ name: 'InvalidNextToken' });
  });
});

test('a big PutMetricData comes compressed and is read all the same', async () => {
  const data = Array.from({ length: 300 }, (_, index) => ({ MetricName: `Compressed${index}`, Value: index }));
  await cloudWatch().send(new PutMetricDataCommand({ Namespace: 'Bulk', MetricData: data }));
  const { Metrics: metrics } = await cloudWatch().send(new ListMetricsCommand({ Namespace: 'Bulk' }));
  expect(metrics).toHaveLength(300);
});

test.each([
  ['a value that is no number', { MetricName: 'x', Value: Number.NaN }],
  ['no value', { MetricName: 'x' }],
  ['counts without their values', { MetricName: 'x', Values: [1, 2], Counts: [1] }],
  ['a stamp of last month', { MetricName: 'x', Value: 1, Timestamp: minutesAgo(30 * 24 * 60) }],
])('PutMetricData refuses %s', async (_what, datum) => {
  await expect(
    cloudWatch().send(new PutMetricDataCommand({ Namespace: 'Refused', MetricData: [datum] })),
  ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
});

test('ListMetrics filters by dimension, with or without its value', async () => {
  const list = async (dimension: { Name: string; Value?: string }) => {
    const { Metrics: metrics } = await cloudWatch().send(
      new ListMetricsCommand({ Namespace: 'AWS/Kafka', Dimensions: [dimension] }),
    );
    return metrics?.length;
  };
  expect(await list({ Name: 'Broker ID' })).toBe(2);
  expect(await list({ Name: 'Broker ID', Value: '2' })).toBe(1);
  expect(await list({ Name: 'Topic' })).toBe(0);
});

test('a role may publish into the namespace that its condition names, and into no other', async () => {
  const credentials = aws.role('publisher', {
    Effect: 'Allow',
    Action: 'cloudwatch:PutMetricData',
    Resource: '*',
    Condition: { StringEquals: { 'cloudwatch:namespace': 'mskeeper' } },
  });
  const put = (Namespace: string) =>
    cloudWatch(credentials).send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'x', Value: 1 }] }));
  await put('mskeeper');
  await expect(put('Other')).rejects.toMatchObject({ name: expect.stringMatching(/AccessDenied/) });
});
