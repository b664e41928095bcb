import { matchesAnyPattern } from '../../../shared/core/name-pattern.ts';
import type { Limit } from '../../../shared/core/policy.ts';
import type { Alarm, AlarmNotMade, AlarmPlan, MetricReference } from '../../../shared/deployment/alarm.ts';
import { levelsOf } from '../../../shared/deployment/alarm-levels.ts';
import { mskMetric } from '../../../shared/deployment/metrics.ts';
import type { StackContext } from '../../../shared/deployment/names.ts';
import { joinParts } from '../../../shared/deployment/names-of-parts.ts';

const isLiteral = (pattern: string): boolean => !/[*?]/.test(pattern);
/** MSK publishes no lag for a name with a colon or a letter outside ASCII, and CloudWatch takes no value of spaces alone. */
const isPublished = (group: string): boolean =>
  /^[\x20-\x7e]+$/.test(group) && group.trim() !== '' && !group.includes(':');

type Quantity = {
  readonly slug: string;
  readonly limit: Limit | undefined;
  readonly metric: (group: string, topic: string) => MetricReference;
  readonly unit: string;
};

const quantitiesOf = ({ cluster, configuration }: StackContext): readonly Quantity[] => {
  const { lagMessages, lagSeconds } = configuration.policy.limits;
  const timeMetric = cluster.brokerKind === 'serverless' ? 'MaxEstimatedTimeLag' : 'EstimatedMaxTimeLag';
  const of = (name: 'SumOffsetLag' | typeof timeMetric) => (group: string, topic: string) =>
    mskMetric(cluster, name, { 'Consumer Group': group, Topic: topic });
  return [
    { slug: 'lag-messages', limit: lagMessages, metric: of('SumOffsetLag'), unit: 'messages behind' },
    // Seconds to drain, never milliseconds: 5 minutes is 300 (RUNBOOK section 6.1).
    { slug: 'lag-seconds', limit: lagSeconds, metric: of(timeMetric), unit: 's from having caught up' },
  ];
};

const lagAlarms = ({ slug, limit, metric, unit }: Quantity, group: string, topic: string): readonly Alarm[] =>
  levelsOf(limit).map(({ severity, threshold, periodSeconds, evaluationPeriods, duration }) => ({
    owner: 'consumer-lag',
    section: 'consumer-lag',
    slug,
    severity,
    subject: joinParts(group, topic),
    of: { group, topic },
    signal: { kind: 'metric', metric: metric(group, topic) },
    comparison: 'GreaterThanThreshold',
    threshold,
    periodSeconds,
    evaluationPeriods,
    missing: {
      treatment: 'missing',
      because: 'unknown, since MSK is silent while a group rebalances or has committed nothing',
    },
    sentence: `group ${group} is more than ${threshold} ${unit} on topic ${topic}${duration}.`,
  }));

/**
 * I9's lag, where its dimensions are known: a group and a topic that mskeeper.yml names letter by letter. A Metrics
 * Insights alarm would need no names, but is billed for every series it reads, which on a busy cluster is thousands.
 */
export const planLagAlarms = (context: StackContext): AlarmPlan => {
  const { groups, topics } = context.cluster;
  const quantities = quantitiesOf(context).filter(({ limit }) => levelsOf(limit).length > 0);
  if (quantities.length === 0) return { alarms: [], notMade: [] };
  const literal = groups.watch.filter((group) => isLiteral(group) && !matchesAnyPattern(group, groups.ignore));
  const notMade: AlarmNotMade[] = literal
    .filter((group) => !isPublished(group))
    .map((group) => ({ what: `lag of group ${group}`, because: 'MSK publishes no lag for a name like this' }));
  const published = literal.filter(isPublished);
  if (published.length === 0 || topics.critical.length === 0) {
    notMade.push({
      what: 'lag',
      because:
        'MSK tells it by group and topic, and groups.watch and topics.critical name no such pair without wildcards',
    });
  }
  return {
    alarms: published.flatMap((group) =>
      topics.critical.flatMap(({ name }) => quantities.flatMap((quantity) => lagAlarms(quantity, group, name))),
    ),
    notMade,
  };
};
