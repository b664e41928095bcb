import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { beforeAll } from 'vitest';
import type { Delivery } from '../../../local/aws/delivery.ts';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import type { EventBridgeEvent } from '../../../local/aws/services/eventbridge/event.ts';
import { ACCOUNT_ID, REGION, serveAws } from './aws.ts';
import { createResource } from './aws-resource.ts';

export const topicArn = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:critical`;
export const closedArn = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:closed`;
/** As the stand-in names it. */
export const alarmArn = (name: string) => `arn:aws:cloudwatch:${REGION}:${ACCOUNT_ID}:alarm:${name}`;
export const unreachable = { namespace: 'mskeeper', name: 'BrokersUnreachable', dimensions: { Cluster: 'orders' } };
export const cpuUser = { namespace: 'AWS/Kafka', name: 'CpuUser', dimensions: { 'Broker ID': '1' } };
export const cpuSystem = { ...cpuUser, name: 'CpuSystem' };

type Detail = {
  configuration: { metrics: object[] };
  state: { value: string; reason: string; reasonData: string };
  previousState: object;
};
/** The events are typed as they travel; here their detail is known. */
export const detailOf = (event: EventBridgeEvent | undefined): Detail => {
  if (event === undefined) throw new Error('the event is missing');
  return event.detail as Detail;
};

const mathMetric = (id: string, name: string) => ({
  Id: id,
  ReturnData: false,
  MetricStat: {
    Metric: { Namespace: 'AWS/Kafka', MetricName: name, Dimensions: [{ Name: 'Broker ID', Value: '1' }] },
    Period: '60',
    Stat: 'Average',
  },
});

/** A watched account with an alarm on one metric, one on a sum, and a composite of both; created before the first test. */
export function serveAlarms() {
  const aws = serveAws();
  const events: EventBridgeEvent[] = [];
  const deliveries: Delivery[] = [];
  const watch = createCloudWatch(aws.world, { putEvent: (event) => void events.push(event) });
  aws.world.addReceiver('sns', async (delivery) => {
    if (delivery.targetArn.endsWith(':closed')) throw new Error('the topic is closed');
    deliveries.push(delivery);
  });
  const client = () => new CloudWatchClient(aws.client());
  const stateOf = async (name: string) => {
    const { MetricAlarms: metric = [], CompositeAlarms: composite = [] } = await client().send(
      new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
    );
    return (metric[0] ?? composite[0])?.StateValue;
  };
  const eventsOf = (name: string) => events.filter((event) => event.resources[0] === alarmArn(name));
  beforeAll(async () => {
    // Numbers as strings: templates write them so.
    await createResource(aws.world, 'AWS::CloudWatch::Alarm', {
      AlarmName: 'unreachable',
      AlarmDescription: 'A broker does not answer.',
      Namespace: 'mskeeper',
      MetricName: 'BrokersUnreachable',
      Dimensions: [{ Name: 'Cluster', Value: 'orders' }],
      Statistic: 'Maximum',
      Period: '60',
      EvaluationPeriods: '1',
      Threshold: '1',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'ignore',
      AlarmActions: [topicArn, closedArn],
    });
    await createResource(aws.world, 'AWS::CloudWatch::Alarm', {
      AlarmName: 'cpu',
      Metrics: [
        { Id: 'e1', Expression: 'm1 + m2', Label: 'CPU', ReturnData: true },
        mathMetric('m1', 'CpuUser'),
        mathMetric('m2', 'CpuSystem'),
      ],
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 60,
      ComparisonOperator: 'GreaterThanThreshold',
    });
    await createResource(aws.world, 'AWS::CloudWatch::CompositeAlarm', {
      AlarmName: 'trouble',
      AlarmRule: 'ALARM("unreachable") OR ALARM(cpu)',
    });
    watch.start();
  });
  return { aws, client, deliveries, eventsOf, stateOf, watch };
}
