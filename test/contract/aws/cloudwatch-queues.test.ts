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

test('a queue’s age is its oldest message’s, but not of one that was received three times; a dead letter’s begins anew', async () => {
  await createResource(aws.world, 'AWS::SQS::Queue', { QueueName: 'aged-dead' });
  const dead = queues.queue('aged-dead');
  const { ref: QueueUrl } = await createResource(aws.world, 'AWS::SQS::Queue', {
    QueueName: 'aged',
    VisibilityTimeout: 10,
    RedrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount: 4 },
  });
  const sqs = new SQSClient({ ...aws.client(), useQueueUrlAsEndpoint: false });
  const startMs = aws.clock.nowMs();
  const stopPublishing = publishQueueMetrics(aws.clock, cloudWatch, queues);
  const ageSeconds = (QueueName: string) =>
    cloudWatch.metrics
      .read(
        { namespace: 'AWS/SQS', name: 'ApproximateAgeOfOldestMessage', dimensions: { QueueName } },
        aws.clock.nowMs() - 60_000,
        aws.clock.nowMs() + 1,
      )
      .at(-1)?.sum;
  const advanceTo = (seconds: number) => aws.clock.advanceTo(startMs + seconds * 1000);
  const receive = () => sqs.send(new ReceiveMessageCommand({ QueueUrl }));

  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  await advanceTo(60);
  expect(ageSeconds('aged')).toBe(60);
  await receive();
  await advanceTo(120);
  expect(ageSeconds('aged')).toBe(120);
  await receive();
  await advanceTo(130);
  await receive();
  await advanceTo(180);
  expect(ageSeconds('aged')).toBe(0);
  await receive();
  await advanceTo(210);
  await receive();
  await advanceTo(240);
  expect(ageSeconds('aged-dead')).toBe(30);
  stopPublishing();
});
