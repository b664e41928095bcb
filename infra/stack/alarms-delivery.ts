import { actProblemsMetric } from '../../shared/acting/core/keys.ts';
import { mostMetricsInAnAlarm } from '../../shared/core/metric-catalogue.ts';
import type { Alarm, MetricReference } from '../../shared/deployment/alarm.ts';
import { type StackContext, selfTopicNameOf, selfTopics, topicNameOf } from '../../shared/deployment/names.ts';
import { operationOf } from '../../shared/deployment/operations.ts';
import { intakeRulesOf } from './durable.ts';
import { functionGroupsOf, nameFunctions } from './function-groups.ts';
import { inboxRulesOf } from './inboxes.ts';
import { alarmRulesOf, type RuleIdentity } from './wakers.ts';

/** Nobody speaks by the topic of maintenance notices yet. */
const pagingTopics = ['emergency', 'critical', 'warning'] as const;

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

/** SNS could not hand a word to one of its subscribers: the topic's own people may have heard nothing (SNS guide, "Monitoring topics using CloudWatch"). */
const notDelivered = (context: StackContext): Alarm => {
  const names = [
    ...pagingTopics.map((topic) => [topic, topicNameOf(context, topic)] as const),
    ...selfTopics.map((topic) => [`self_${topic}`, selfTopicNameOf(context, topic)] as const),
  ];
  const metricById = Object.fromEntries(
    names.map(([id, TopicName]): [string, MetricReference] => [
      `m_${id}`,
      {
        namespace: 'AWS/SNS',
        name: 'NumberOfNotificationsFailed',
        dimensions: { TopicName },
        statistic: 'Sum',
        label: TopicName,
      },
    ]),
  );
  return {
    ...common,
    slug: 'notifications-failed',
    subject: 'topics',
    // Whoever tells people cannot tell them that it did not reach them.
    tellsItself: true,
    signal: sumOf(metricById, 'notifications that failed'),
    missing: { treatment: 'notBreaching', because: 'fine, since SNS counts only what it tried' },
    sentence:
      'SNS could not deliver a notification to one of its subscribers: somebody did not hear what mskeeper or an alarm said.',
  };
};

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
  const most = mostMetricsInAnAlarm;
  const groups = Array.from({ length: Math.ceil(rules.length / most) }, (_, index) =>
    rules.slice(index * most, (index + 1) * most),
  );
  const acting = context.functions
    .filter(({ calls }) => Object.keys(calls).some((name) => operationOf(name).changes !== undefined))
    .map(({ slug }) => slug);
  return [
    notDelivered(context),
    ...groups.map((group, index) => notInvoked(group, index === 0 ? 'rules' : `rules-${index + 1}`)),
    ...functionGroupsOf(acting, mostMetricsInAnAlarm, 'acting').map(({ subject, slugs }) =>
      actProblems(context, slugs, subject),
    ),
  ];
};
