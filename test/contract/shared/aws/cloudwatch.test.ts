import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCloudWatchClient, fetchMetricSeries, type SeriesRequest } from '../../../../shared/aws/cloudwatch.ts';
import { fetchOwnAlarms, fetchWakingAlarms } from '../../../../shared/aws/cloudwatch-alarms.ts';
import { planMetricQuery } from '../../../../shared/core/metric-catalogue.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import {
  type AnsweringServer,
  errorAnswer,
  jsonAnswer,
  startAnsweringServer,
} from '../../../support/aws/answering-server.ts';
import { ownAlarmsOf } from '../../../support/own-alarms.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const range = { fromMs: Date.UTC(2026, 2, 1, 9), toMs: Date.UTC(2026, 2, 1, 9, 10) };
const traits = { brokerKind: 'standard', metadataMode: 'kraft', monitoringLevel: 'DEFAULT' } as const;
const diskUsed = (brokerId: number): SeriesRequest => ({
  key: `disk ${brokerId}`,
  query: planMetricQuery('KafkaDataLogsDiskUsed', { 'Cluster Name': 'orders', 'Broker ID': String(brokerId) }, traits),
  periodSeconds: 60,
});
const fetchSeries = (requests: readonly SeriesRequest[], calls = openCallScope(new AbortController().signal)) =>
  fetchMetricSeries(createCloudWatchClient(), calls, requests, range);
const queriesOf = (index: number): readonly { Id: string }[] =>
  JSON.parse(server.requests[index]?.body ?? '{}').MetricDataQueries;
const at = (minute: number): number => range.fromMs / 1_000 + minute * 60;

describe('series', () => {
  test('are asked for by exact name, dimensions and right statistic, without a unit', async () => {
    server.answerWith(() => jsonAnswer({ MetricDataResults: [] }));
    await fetchSeries([diskUsed(2)]);
    expect(queriesOf(0)).toEqual([
      {
        Id: 'q0',
        MetricStat: {
          Metric: {
            Namespace: 'AWS/Kafka',
            MetricName: 'KafkaDataLogsDiskUsed',
            Dimensions: [
              { Name: 'Cluster Name', Value: 'orders' },
              { Name: 'Broker ID', Value: '2' },
            ],
          },
          Period: 60,
          Stat: 'Maximum',
        },
      },
    ]);
    expect(server.requests[0]?.headers['x-amz-target']).toBe('GraniteServiceVersion20100801.GetMetricData');
  });

  test('come in calls of 500 queries, each request with its own answer', async () => {
    server.answerWith((request) => {
      const { MetricDataQueries: queries } = JSON.parse(request.body);
      return jsonAnswer({
        MetricDataResults: queries.map(
          (query: { Id: string; MetricStat: { Metric: { Dimensions: { Value: string }[] } } }) => ({
            Id: query.Id,
            Timestamps: [at(1)],
            Values: [Number(query.MetricStat.Metric.Dimensions[1]?.Value)],
            StatusCode: 'Complete',
          }),
        ),
      });
    });
    const calls = openCallScope(new AbortController().signal);
    const requests = Array.from({ length: 1_001 }, (_item, brokerId) => diskUsed(brokerId));
    const series = await fetchSeries(requests, calls);
    expect(server.requests.map((_request, index) => queriesOf(index).length)).toEqual([500, 500, 1]);
    expect(series.size).toBe(1_001);
    for (const brokerId of [0, 499, 500, 1_000])
      expect(series.get(`disk ${brokerId}`)?.points[0]?.value).toBe(brokerId);
    expect(calls.requestCountByCall()).toEqual({ 'cloudwatch:GetMetricData': 3 });
  });

  test('are put together from all pages, oldest point first', async () => {
    server.answerWith((_request, index) =>
      index === 0
        ? jsonAnswer({
            MetricDataResults: [{ Id: 'q0', Timestamps: [at(2)], Values: [82], StatusCode: 'PartialData' }],
            NextToken: 'more',
          })
        : jsonAnswer({ MetricDataResults: [{ Id: 'q0', Timestamps: [at(1)], Values: [81], StatusCode: 'Complete' }] }),
    );
    expect((await fetchSeries([diskUsed(2)])).get('disk 2')).toEqual({
      status: 'complete',
      points: [
        { atMs: range.fromMs + 60_000, value: 81 },
        { atMs: range.fromMs + 120_000, value: 82 },
      ],
    });
    expect(JSON.parse(server.requests[1]?.body ?? '{}').NextToken).toBe('more');
  });

  test.each([
    ['no data at all', [{ Id: 'q0', Timestamps: [], Values: [], StatusCode: 'Complete' }], 'absent'],
    ['no result at all', [], 'absent'],
    [
      'partial data',
      [{ Id: 'q0', Timestamps: [range.fromMs / 1_000], Values: [0], StatusCode: 'PartialData' }],
      'partial',
    ],
    ['an internal error', [{ Id: 'q0', Timestamps: [], Values: [], StatusCode: 'InternalError' }], 'failed'],
    [
      'a refused one',
      [{ Id: 'q0', StatusCode: 'Forbidden', Messages: [{ Code: 'Forbidden', Value: 'no' }] }],
      'failed',
    ],
    ['a zero', [{ Id: 'q0', Timestamps: [range.fromMs / 1_000], Values: [0], StatusCode: 'Complete' }], 'complete'],
  ])('with %s are told apart', async (_what, results, status) => {
    server.answerWith(() => jsonAnswer({ MetricDataResults: results }));
    expect((await fetchSeries([diskUsed(2)])).get('disk 2')?.status).toBe(status);
  });

  test.each([
    [{ StatusCode: 'Forbidden', Messages: [{ Code: 'Forbidden', Value: 'no' }] }, 'Forbidden no'],
    [{ StatusCode: 'InternalError' }, 'InternalError'],
    [{ StatusCode: 'PartialData' }, 'PartialData'],
    [{ StatusCode: 'Complete' }, undefined],
    [
      { StatusCode: 'InternalError', Messages: [{ Code: 'InternalError', Value: 'password=hunter2hunter2' }] },
      expect.not.stringContaining('hunter2'),
    ],
  ])('that are not whole say why, without secrets: %j', async (result, message) => {
    server.answerWith(() => jsonAnswer({ MetricDataResults: [{ Id: 'q0', ...result }] }));
    expect((await fetchSeries([diskUsed(2)])).get('disk 2')?.message).toEqual(message);
  });

  test('with as many values as no timestamps fail, and the others of the answer do not', async () => {
    const whole = { Timestamps: [at(1)], Values: [81], StatusCode: 'Complete' };
    server.answerWith(() =>
      jsonAnswer({
        MetricDataResults: [
          { Id: 'q0', Timestamps: [], Values: [1], StatusCode: 'Complete' },
          { Id: 'q1', ...whole },
        ],
      }),
    );
    const series = await fetchSeries([diskUsed(2), diskUsed(3)]);
    expect(series.get('disk 2')).toMatchObject({ status: 'failed', points: [] });
    expect(series.get('disk 3')).toMatchObject({ status: 'complete', points: [{ value: 81 }] });
  });

  test('that failed within and came whole with the next page are whole: the last word counts', async () => {
    server.answerWith((_request, index) =>
      index === 0
        ? jsonAnswer({ MetricDataResults: [{ Id: 'q0', StatusCode: 'InternalError' }], NextToken: 'more' })
        : jsonAnswer({
            MetricDataResults: [{ Id: 'q0', Timestamps: [at(1)], Values: [81], StatusCode: 'Complete' }],
          }),
    );
    expect((await fetchSeries([diskUsed(2)])).get('disk 2')).toMatchObject({
      status: 'complete',
      points: [{ atMs: range.fromMs + 60_000, value: 81 }],
    });
  });

  test('for no request ask nothing', async () => {
    server.answerWith(() => jsonAnswer({}));
    expect((await fetchSeries([])).size).toBe(0);
    expect(server.requests).toHaveLength(0);
  });

  test('that are asked for twice are asked once', async () => {
    server.answerWith(() => jsonAnswer({ MetricDataResults: [] }));
    expect((await fetchSeries([diskUsed(1), diskUsed(2), diskUsed(1)])).size).toBe(2);
    expect(queriesOf(0)).toHaveLength(2);
  });

  test('of one key for two queries, a period of seconds or an empty range are refused', async () => {
    await expect(fetchSeries([diskUsed(1), { ...diskUsed(2), key: diskUsed(1).key }])).rejects.toThrow('same key');
    await expect(fetchSeries([{ ...diskUsed(1), periodSeconds: 30 }])).rejects.toThrow('whole minutes');
    const backwards = { fromMs: range.toMs, toMs: range.fromMs };
    const calls = openCallScope(new AbortController().signal);
    await expect(fetchMetricSeries(createCloudWatchClient(), calls, [], backwards)).rejects.toThrow('before toMs');
  });

  test('that are denied are denied', async () => {
    server.answerWith(() => errorAnswer(403, 'AccessDeniedException', 'not authorized'));
    await expect(fetchSeries([diskUsed(2)])).rejects.toMatchObject({
      failure: 'denied',
      call: 'cloudwatch:GetMetricData',
    });
  });

  test('that are throttled once arrive', async () => {
    server.answerWith((_request, index) =>
      index === 0 ? errorAnswer(400, 'ThrottlingException', 'Rate exceeded') : jsonAnswer({ MetricDataResults: [] }),
    );
    expect((await fetchSeries([diskUsed(2)])).get('disk 2')?.status).toBe('absent');
  });
});

describe('alarms', () => {
  test('tell their brokers and rule, also from metric math, over pages, and none but the stack’s own', async () => {
    const dimensions = (brokerId: string) => [
      { Name: 'Cluster Name', Value: 'orders' },
      { Name: 'Broker ID', Value: brokerId },
    ];
    const math = {
      AlarmName: 'mskeeper/orders/cluster-health/cpu-used/warning',
      StateValue: 'ALARM',
      ActionsEnabled: false,
      AlarmActions: ['arn:aws:sns:eu-west-1:111122223333:mskeeper-orders_self_critical'],
      Metrics: [
        { Id: 'e1', Expression: 'user + system' },
        { Id: 'user', MetricStat: { Metric: { Dimensions: dimensions('2') }, Period: 60, Stat: 'Average' } },
        { Id: 'system', MetricStat: { Metric: { Dimensions: dimensions('2') }, Period: 60, Stat: 'Average' } },
      ],
    };
    const single = {
      AlarmName: 'mskeeper/orders/cluster-health/disk-used/warning',
      StateValue: 'OK',
      ActionsEnabled: true,
      Dimensions: dimensions('1'),
    };
    const stranger = { ...single, AlarmName: 'mskeeper/orders/cluster-health/disk-used/warning-2' };
    server.answerWith((_request, index) =>
      index === 0
        ? jsonAnswer({ MetricAlarms: [math], NextToken: 'more' })
        : jsonAnswer({ MetricAlarms: [stranger, single] }),
    );
    const calls = openCallScope(new AbortController().signal);
    const own = ownAlarmsOf({ 'cluster-health': ['cpu-used', 'disk-used', 'gone'] });
    const [cpuUsed, diskUsedAlarm] = own.alarms;
    expect(await fetchOwnAlarms(createCloudWatchClient(), calls, own)).toEqual([
      { ...cpuUsed, state: 'ALARM', isMuted: true, brokerIds: [2] },
      { ...diskUsedAlarm, state: 'OK', isMuted: false, brokerIds: [1] },
    ]);
  });

  test('that wake a procedure are told also from another deploy, and never from another procedure or stack', async () => {
    const listed = (AlarmName: string) => ({ AlarmName, StateValue: 'ALARM' });
    const newer = 'mskeeper/orders/storage-scaling/disk/warning/brokers-1-10';
    server.answerWith(() =>
      jsonAnswer({
        MetricAlarms: [
          listed('mskeeper/orders/storage-scaling/disk/warning'),
          listed(newer),
          listed('mskeeper/orders/storage-scaling-watch/disk/warning'),
          listed('mskeeper/orders/cluster-health/disk-used/warning'),
        ],
      }),
    );
    const calls = openCallScope(new AbortController().signal);
    const own = ownAlarmsOf({ 'storage-scaling': ['disk'], 'cluster-health': ['disk-used'] });
    expect(await fetchWakingAlarms(createCloudWatchClient(), calls, own, 'storage-scaling')).toEqual([
      { name: 'mskeeper/orders/storage-scaling/disk/warning', state: 'ALARM' },
      { name: newer, state: 'ALARM' },
    ]);
    expect(JSON.parse(server.requests.at(-1)?.body ?? '').AlarmNamePrefix).toBe('mskeeper/orders/');
  });
});
