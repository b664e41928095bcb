import type { Sns } from '../sns/sns.ts';
import type { CloudWatch } from './cloudwatch.ts';

/**
 * Publishes what SNS counts: of each topic its deliveries and failures, of the account what its text messages cost since the
 * month began. Source: SNS Developer Guide, "Metrics for Amazon SNS".
 */
export function publishTopicMetrics(cloudWatch: Pick<CloudWatch, 'publish'>, sns: Pick<Sns, 'onCount'>): void {
  sns.onCount(({ topicName, metric, value }) => {
    const dimensions: Readonly<Record<string, string>> = topicName === undefined ? {} : { TopicName: topicName };
    cloudWatch.publish({ namespace: 'AWS/SNS', name: metric, dimensions }, value, {
      unit: topicName === undefined ? 'None' : 'Count',
    });
  });
}
