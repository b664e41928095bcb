import { actProblemsMetric } from '../../shared/acting/core/keys.ts';
import { notificationTopics, selfTopics } from '../../shared/core/configuration.ts';
import { mostMetricsInAnAlarm } from '../../shared/core/metric-catalogue.ts';
import { type Alarm, alarmSeverities, type MetricReference } from '../../shared/deployment/alarm.ts';
import { amazonQEndpointsOf } from '../../shared/deployment/channel-grants.ts';
import { amazonQTopicNameOf, type StackContext, selfTopicNameOf, topicNameOf } from '../../shared/deployment/names.ts';
import { operationOf } from '../../shared/deployment/operations.ts';
import { tellerOf } from '../../shared/deployment/teller.ts';
import { intakeRulesOf } from './durable.ts';
import { alarmGroupsOf, nameFunctions } from './function-groups.ts';
import { inboxRulesOf } from './inboxes.ts';
import { alarmRulesOf, type RuleIdentity } from './wakers.ts';

const common = {
  owner: 'self',
  section: 'mskeeper-itself',
  severity: 'critical',
  comparison: 'GreaterThanOrEqualToThreshold',
  threshold: 1,
  periodSeconds: 300,
  evaluationPeriods: 1,
} as const;

const sumOf = (metricById: Readonly<Record<string, MetricReference>>, label: string) =>
  ({ kind: 'math', expression: 'SUM(METRICS())', label, metricById }) as const;

/** The topics by which somebody speaks: alarms while nobody else tells people, procedures by what they declare, and CloudWatch by mskeeper's own. */
const spokenTopicsOf = (context: StackContext): readonly string[] => {
  const isDeclared = (call: string) => context.functions.some(({ calls }) => Object.hasOwn(calls, call));
  const byAlarms: readonly string[] = tellerOf(context) === undefined ? alarmSeverities : [];
  return [
    ...notificationTopics
      .filter((topic) => byAlarms.includes(topic) || isDeclared(`sns:Publish ${topic}`))
      .map((topic) => topicNameOf(context, topic)),
    ...selfTopics.map((topic) => selfTopicNameOf(context, topic)),
    ...(isDeclared('sns:Publish amazon-q')
      ? amazonQEndpointsOf(context).map(([endpoint]) => amazonQTopicNameOf(context, endpoint))
      : []),
  ];
};

/** SNS could not hand a word to one of its subscribers: the topic's own people may have heard nothing (SNS guide, "Monitoring topics using CloudWatch"). */
const notDelivered = (topicNames: readonly string[], subject: string): Alarm => ({
  ...common,
  slug: 'notifications-failed',
  subject,
  // Whoever tells people cannot tell them that it did not reach them.
  tellsItself: true,
  signal: sumOf(
    Object.fromEntries(
      topicNames.map((TopicName, index): [string, MetricReference] => [
        `m${index + 1}`,
        {
          namespace: 'AWS/SNS',
          name: 'NumberOfNotificationsFailed',
          dimensions: { TopicName },
          statistic: 'Sum',
          label: TopicName,
        },
      ]),
    ),
    'notifications that failed',
  ),
  missing: { treatment: 'notBreaching', because: 'fine, since SNS counts only what it tried' },
  sentence:
    'SNS could not deliver a notification to one of its subscribers: somebody did not hear what mskeeper or an alarm said.',
});

const metricOfRule = ({ name: RuleName, busName }: RuleIdentity, index: number): [string, MetricReference] => [
  `m${index + 1}`,
  {
    namespace: 'AWS/Events',
    name: 'FailedInvocations',
    dimensions: { ...(busName !== undefined && { EventBusName: busName }), RuleName },
    statistic: 'Sum',
    label: RuleName,
  },
];

/** A rule that cannot invoke its function wakes nobody (EventBridge guide, "Monitoring Amazon EventBridge"): its alarm goes on firing, and is heard once only. */
const notInvoked = (rules: readonly RuleIdentity[], subject: string): Alarm => ({
  ...common,
  slug: 'events-failed',
  subject,
  signal: sumOf(Object.fromEntries(rules.map(metricOfRule)), 'events that reached no function'),
  missing: { treatment: 'notBreaching', because: 'fine, since EventBridge counts only what failed' },
  sentence:
    'EventBridge could not hand an event to a function of mskeeper or to its queue: an alarm, the end of a run or a changed kill switch woke nobody.',
});

const actProblems = (context: StackContext, slugs: readonly string[], subject: string): Alarm => ({
  ...common,
  slug: 'act-problems',
  subject,
  signal: sumOf(
    Object.fromEntries(
      slugs.map((slug): [string, MetricReference] => [
        `m_${slug.replaceAll('-', '_')}`,
        {
          namespace: 'mskeeper',
          name: actProblemsMetric,
          dimensions: { Cluster: context.clusterKey, Procedure: slug },
          statistic: 'Sum',
          label: slug,
        },
      ]),
    ),
    'problems beside an act',
  ),
  missing: { treatment: 'notBreaching', because: 'fine: nothing acted, or nothing went wrong beside it' },
  sentence: `something went wrong beside an act of ${nameFunctions(slugs)} that may not stop it: people or the bus were not told, or a document was set aside.`,
});

/** What tells that a word, an event or an act's own record went astray. */
export const planDeliveryAlarms = (context: StackContext): readonly Alarm[] => {
  const rules = [...alarmRulesOf(context), ...intakeRulesOf(context), ...inboxRulesOf(context)];
  const acting = context.functions
    .filter(({ calls }) => Object.keys(calls).some((name) => operationOf(name).changes !== undefined))
    .map(({ slug }) => slug);
  return [
    ...alarmGroupsOf(spokenTopicsOf(context), mostMetricsInAnAlarm, 'topics').map(({ subject, items }) =>
      notDelivered(items, subject),
    ),
    ...alarmGroupsOf(rules, mostMetricsInAnAlarm, 'rules').map(({ subject, items }) => notInvoked(items, subject)),
    ...alarmGroupsOf(acting, mostMetricsInAnAlarm, 'acting').map(({ subject, items }) =>
      actProblems(context, items, subject),
    ),
  ];
};
