import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { MetricPoint } from './metric-point.ts';

/** PutMetricData takes at most 1,000 metrics a call. */
const pointsPerCall = 1000;

/** Delivers points to the stand-in's CloudWatch through the real SDK client. CloudWatch itself refuses names in `AWS/`. */
export const putPoints =
  (client: CloudWatchClient) =>
  async (points: readonly MetricPoint[], atMs: number): Promise<void> => {
    for (let from = 0; from < points.length; from += pointsPerCall) {
      const MetricData = points.slice(from, from + pointsPerCall).map(({ name, dimensions, value }) => ({
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        Value: value,
        Timestamp: new Date(atMs),
      }));
      await client.send(new PutMetricDataCommand({ Namespace: 'AWS/Kafka', MetricData }));
    }
  };
