import { mostMetricsInAnAlarm } from '../../../../shared/core/metric-catalogue.ts';
import type { Limit } from '../../../../shared/core/policy.ts';
import type { Alarm, AlarmNotMade, AlarmPlan, Signal } from '../../../../shared/deployment/alarm.ts';
import { levelsOf } from '../../../../shared/deployment/alarm-levels.ts';
import { mskMetric, ofBrokerTopic, ofTopic, whyNotEmitted } from '../../../../shared/deployment/metrics.ts';
import type { StackContext } from '../../../../shared/deployment/names.ts';

type TopicMetric = 'MessagesInPerSec' | 'BytesInPerSec';

/** A topic's rate over all brokers. Serverless tells it by topic, one datapoint a partition, so its Sum is the rate. */
const rateOf = ({ cluster }: StackContext, name: TopicMetric, topic: string): Signal =>
  cluster.brokerKind === 'serverless'
    ? { kind: 'metric', metric: mskMetric(cluster, name, { Topic: topic }) }
    : {
        kind: 'math',
        expression: 'SUM(METRICS())',
        label: `${name} of ${topic}`,
        metricById: Object.fromEntries(
          cluster.brokerIds.map((id) => [
            `m${id}`,
            mskMetric(cluster, name, { 'Broker ID': String(id), Topic: topic }),
          ]),
        ),
      };

/** A topic's own floor has no severity or time in mskeeper.yml: a warning after the ten minutes that I9's other rates have. */
const ownFloor = (minMessagesPerMinute: number): Limit => ({
  warning: minMessagesPerMinute / 60,
  warningForMinutes: 10,
});

const lowTraffic = (context: StackContext, topic: string, name: TopicMetric, slug: string, floor: Limit | undefined) =>
  levelsOf(floor).map(
    ({ severity, threshold, periodSeconds, evaluationPeriods, duration }): Alarm => ({
      owner: 'cluster-health',
      section: 'cluster-health',
      slug,
      severity,
      subject: `topic-${topic}`,
      of: { topic },
      signal: rateOf(context, name, topic),
      comparison: 'LessThanThreshold',
      threshold,
      periodSeconds,
      evaluationPeriods,
      missing: { treatment: 'breaching', because: 'breaching, since a topic that nobody writes to has no metric' },
      sentence: `topic ${topic} takes less than ${threshold} ${name === 'BytesInPerSec' ? 'bytes' : 'messages'} a second${duration}.`,
    }),
  );

/** A topic's own rate is judged by its offsets at every look, alarm or not; the policy's floors are not. */
const refusalOf = ({ cluster, configuration }: StackContext): string | undefined => {
  const dimensions = cluster.brokerKind === 'serverless' ? ofTopic : ofBrokerTopic;
  if (cluster.brokerIds.length > mostMetricsInAnAlarm) {
    const { topicMessagesInPerSecond, topicBytesInPerSecond } = configuration.policy.floors;
    const named = [
      ...(topicMessagesInPerSecond === undefined ? [] : ['topicMessagesInPerSecond']),
      ...(topicBytesInPerSecond === undefined ? [] : ['topicBytesInPerSecond']),
    ];
    const unjudged = named.length === 0 ? '' : `; nothing judges ${named.join(' and ')} above that yet`;
    return `an alarm adds up ${mostMetricsInAnAlarm} brokers at most: cluster-health watches its minMessagesPerMinute by its offsets${unjudged}`;
  }
  return whyNotEmitted(cluster, ['MessagesInPerSec', 'BytesInPerSec'], dimensions)?.message;
};

/** I9's low traffic and H10's flowing topics: only for topics that mskeeper.yml says must flow. */
export const planTrafficAlarms = (context: StackContext): AlarmPlan => {
  const { flowing } = context.cluster.topics;
  const { floors } = context.configuration.policy;
  const refusal = refusalOf(context);
  if (refusal !== undefined) {
    const notMade = flowing.map(
      ({ name }): AlarmNotMade => ({ what: `low traffic of topic ${name}`, because: refusal }),
    );
    return { alarms: [], notMade };
  }
  return {
    alarms: flowing.flatMap(({ name, minMessagesPerMinute }) => [
      ...lowTraffic(context, name, 'MessagesInPerSec', 'not-flowing', ownFloor(minMessagesPerMinute)),
      ...lowTraffic(context, name, 'MessagesInPerSec', 'low-traffic', floors.topicMessagesInPerSecond),
      ...lowTraffic(context, name, 'BytesInPerSec', 'low-bytes', floors.topicBytesInPerSecond),
    ]),
    notMade: [],
  };
};
