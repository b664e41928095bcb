import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchDisks } from '../../../../../functions/capacity/storage-scaling/disks-on-aws.ts';
import { createCloudWatchClient, fetchMetricSeries } from '../../../../../shared/aws/cloudwatch.ts';
import { hourMs } from '../../../../../shared/core/units.ts';
import { openCallScope } from '../../../../../shared/run/call-scope.ts';
import { type AnsweringServer, jsonAnswer, startAnsweringServer } from '../../../../support/aws/answering-server.ts';
import { clusterConfiguration } from '../../../../support/health/health-ports.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const scope = () => openCallScope(new AbortController().signal);
const nowMs = Date.UTC(2026, 0, 14, 12, 0, 30);

describe('disks', () => {
  type Query = { Id: string; MetricStat: { Metric: object; Period: number; Stat: string } };
  type Asked = { MetricDataQueries: Query[]; StartTime: number; EndTime: number };
  const asked = () => server.requests.map(({ body }): Asked => JSON.parse(body));
  const answer = (values: readonly number[], StatusCode = 'Complete') =>
    server.answerWith(({ body }) => {
      const { MetricDataQueries: queries }: Asked = JSON.parse(body);
      const Timestamps = values.map((_, index) => nowMs / 1000 - 30 - index * 60);
      return jsonAnswer({
        MetricDataResults: queries.map(({ Id }) => ({ Id, Timestamps, Values: values, StatusCode })),
      });
    });
  const fetch = (forMinutes = 0) =>
    fetchDisks(
      (requests, range) => fetchMetricSeries(createCloudWatchClient(), scope(), requests, range),
      clusterConfiguration(),
      { nodes: [{ brokerId: 1 }, { brokerId: 2 }], atMs: nowMs, forMinutes },
    );

  test('are the data disk’s Maximum of each broker, by the minute for an hour and by five for a day', async () => {
    answer([81, 80]);
    const disks = await fetch();
    expect(disks.map(({ brokerId, lastHour }) => [brokerId, lastHour.map(({ value }) => value)])).toEqual([
      [1, [80, 81]],
      [2, [80, 81]],
    ]);
    const byPeriod = new Map(asked().map((one) => [one.MetricDataQueries[0]?.MetricStat.Period, one]));
    expect([...byPeriod.keys()].toSorted((left = 0, right = 0) => left - right)).toEqual([60, 300]);
    for (const [period, { MetricDataQueries, StartTime, EndTime }] of byPeriod) {
      expect(EndTime - StartTime).toBe(period === 60 ? 3_600 : 86_400);
      expect(MetricDataQueries[1]?.MetricStat).toEqual({
        Metric: {
          Namespace: 'AWS/Kafka',
          MetricName: 'KafkaDataLogsDiskUsed',
          Dimensions: [
            { Name: 'Cluster Name', Value: 'orders' },
            { Name: 'Broker ID', Value: '2' },
          ],
        },
        Period: period,
        Stat: 'Maximum',
      });
    }
  });

  test('reach back as far as the policy’s minutes', async () => {
    answer([81]);
    await fetch(120);
    const hourly = asked().find(({ MetricDataQueries }) => MetricDataQueries[0]?.MetricStat.Period === 60);
    expect((hourly?.EndTime ?? 0) - (hourly?.StartTime ?? 0)).toBe((135 * hourMs) / 60 / 1000);
  });

  test('that have no metric have no points, which is an answer', async () => {
    answer([]);
    expect(await fetch()).toEqual([
      { brokerId: 1, lastHour: [], lastDay: [] },
      { brokerId: 2, lastHour: [], lastDay: [] },
    ]);
  });

  test.each(['PartialData', 'InternalError', 'Forbidden'])('of which CloudWatch says %s are none', async (status) => {
    answer([81], status);
    await expect(fetch()).rejects.toMatchObject({ call: 'cloudwatch:GetMetricData', failure: 'bad-answer' });
  });
});

describe('one disk', () => {
  test.each(['PartialData', 'InternalError', 'Forbidden'])(
    'of which CloudWatch says %s has no points and a reason, and leaves the others theirs',
    async (StatusCode) => {
      server.answerWith(({ body }) => {
        const { MetricDataQueries: queries }: { MetricDataQueries: { Id: string }[] } = JSON.parse(body);
        const [Timestamps, Values] = [[nowMs / 1000 - 30], [81]];
        return jsonAnswer({
          MetricDataResults: queries.map(({ Id }, index) => ({
            Id,
            Timestamps,
            Values,
            StatusCode: index === 1 ? StatusCode : 'Complete',
          })),
        });
      });
      const disks = await fetchDisks(
        (requests, range) => fetchMetricSeries(createCloudWatchClient(), scope(), requests, range),
        clusterConfiguration(),
        { nodes: [{ brokerId: 1 }, { brokerId: 2 }, { brokerId: 3 }], atMs: nowMs, forMinutes: 0 },
      );
      expect(disks.map(({ brokerId, lastHour, lastDay }) => [brokerId, lastHour.length, lastDay.length])).toEqual([
        [1, 1, 1],
        [2, 0, 0],
        [3, 1, 1],
      ]);
      expect(disks.flatMap(({ unread }) => unread ?? [])).toEqual([
        expect.stringMatching(
          new RegExp(`^(partial|failed) series of KafkaDataLogsDiskUsed of broker 2: ${StatusCode}`),
        ),
      ]);
    },
  );
});
