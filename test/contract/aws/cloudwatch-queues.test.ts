import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { publishQueueMetrics } from '../../../local/aws/services/cloudwatch/queue-metrics.ts';
import { createSqs } from '../../../local/aws/services/sqs/sqs.ts';
import { START_MS, serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
const cloudWatch = createCloudWatch(aws.world, { putEvent: () => {} });
const queues = createSqs(aws.world);

test('a message in a failure queue raises its alarm, and its removal clears it', async () => {
  const { ref: QueueUrl } = await createResource(aws.world, 'AWS::SQS::Queue', { QueueName: 'failed-runs' });
  await createResource(aws.world, 'AWS::CloudWatch::Alarm', {
    AlarmName: 'queue-not-empty',
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: 'failed-runs' }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
  });
  const stopPublishing = publishQueueMetrics(aws.clock, cloudWatch, queues);
  cloudWatch.start();
  const sqs = new SQSClient({ ...aws.client(), useQueueUrlAsEndpoint: false });
  const stateAfterMinutes = async (minutes: number) => {
    await aws.clock.advanceTo(START_MS + minutes * 60_000);
    const { MetricAlarms: alarms } = await new CloudWatchClient(aws.client()).send(new DescribeAlarmsCommand({}));
    return alarms?.[0]?.StateValue;
  };
  expect(await stateAfterMinutes(1)).toBe('OK');
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'lost' }));
  expect(await stateAfterMinutes(3)).toBe('ALARM');
  const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
  expect(await stateAfterMinutes(5)).toBe('OK');
  stopPublishing();
  cloudWatch.stop();
});
