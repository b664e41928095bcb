import { describe, expect, test } from 'vitest';
import { readEmbeddedMetrics } from '../../../../../../local/aws/services/cloudwatch/emf.ts';

const document = {
  _aws: {
    Timestamp: 1_700_000_000_000,
    CloudWatchMetrics: [
      {
        Namespace: 'mskeeper',
        Dimensions: [['Cluster'], ['Cluster', 'Procedure'], []],
        Metrics: [{ Name: 'RunCompleted', Unit: 'Count' }, { Name: 'LatencyMs' }],
      },
    ],
  },
  Cluster: 'orders',
  Procedure: 'cluster-health',
  RunCompleted: 1,
  LatencyMs: [5, 7],
};
const line = JSON.stringify(document);

describe('a log line in the embedded metric format', () => {
  test('publishes each metric once for each dimension set', () => {
    const { metrics, problems } = readEmbeddedMetrics(line) ?? {};
    expect(problems).toEqual([]);
    expect(metrics?.map(({ id, sample }) => [id.name, id.dimensions, sample.sum, sample.unit])).toEqual([
      ['RunCompleted', { Cluster: 'orders' }, 1, 'Count'],
      ['RunCompleted', { Cluster: 'orders', Procedure: 'cluster-health' }, 1, 'Count'],
      ['RunCompleted', {}, 1, 'Count'],
      ['LatencyMs', { Cluster: 'orders' }, 12, 'None'],
      ['LatencyMs', { Cluster: 'orders', Procedure: 'cluster-health' }, 12, 'None'],
      ['LatencyMs', {}, 12, 'None'],
    ]);
    expect(metrics?.[0]?.sample.atMs).toBe(1_700_000_000_000);
  });

  test('is found behind what console.log puts before it', () => {
    const prefix = '2026-11-21T06:00:00.000Z\t0b9c8ab0-0000-4000-8000-000000000000\tINFO\t';
    expect(readEmbeddedMetrics(prefix + line)?.metrics).toHaveLength(6);
  });

  test('that lacks a value, a dimension or its timestamp is a problem, not silence', () => {
    const { LatencyMs: _latency, ...noLatency } = document;
    expect(readEmbeddedMetrics(JSON.stringify(noLatency))?.problems).toEqual([
      'the metric LatencyMs has no number in the document',
    ]);
    const { Cluster: _cluster, ...noCluster } = document;
    expect(readEmbeddedMetrics(JSON.stringify(noCluster))?.problems).toHaveLength(4);
    const broken = { ...document, _aws: { CloudWatchMetrics: [] } };
    expect(readEmbeddedMetrics(JSON.stringify(broken))?.problems).toHaveLength(1);
  });

  test.each(['plain text', '{"message":"no metrics"}', '{"CloudWatchMetrics": broken'])('is not %s', (other) => {
    expect(readEmbeddedMetrics(other)).toBeUndefined();
  });
});
