import type { Alarm, AlarmNotMade, AlarmPlan } from '../../../../shared/deployment/alarm.ts';
import { type Level, levelsOf } from '../../../../shared/deployment/alarm-levels.ts';
import {
  brokerGroupsOf,
  nameBrokers,
  windowOverRestart,
  worstOfGroup,
} from '../../../../shared/deployment/broker-groups.ts';
import { mskMetric, ofBroker, whyNotEmitted } from '../../../../shared/deployment/metrics.ts';
import type { StackContext } from '../../../../shared/deployment/names.ts';
import {
  type BrokerRule,
  type BrokerRuleSlug,
  brokerRuleSlugs,
  brokerRules,
  isPagedByAlarm,
  limitOfRule,
} from '../core/broker-rules.ts';

/** How a rule becomes an alarm: the worst of a group is held against it, a broker's value being the sum of its metrics. */
type RuleAlarm = {
  readonly isRepeated?: boolean;
  readonly factor?: number;
  readonly missing: Alarm['missing'];
  /** After "a broker of 1, 2, 3: ". */
  readonly sentence: (threshold: number, duration: string) => string;
};

/** A restarting broker is silent for minutes; what it was silent about is neither healthy nor sick. */
const unknown = {
  treatment: 'missing',
  because: 'unknown, since a broker that restarts sends nothing for minutes',
} as const satisfies Alarm['missing'];

const alarmOfRule: Readonly<Record<Exclude<BrokerRuleSlug, 'memory-used'>, RuleAlarm>> = {
  'disk-used': {
    // A full disk whose broker restarts must not leave the group OK behind it: the emptier ones would speak for it.
    isRepeated: true,
    missing: {
      treatment: 'ignore',
      because: 'the state stays, since a disk does not empty while its broker is silent',
    },
    sentence: (threshold, duration) => `the data disk is over ${threshold} % full${duration}.`,
  },
  'cpu-used': {
    missing: unknown,
    sentence: (threshold, duration) => `CpuUser + CpuSystem is over ${threshold} %${duration}.`,
  },
  'heap-after-gc': {
    missing: unknown,
    sentence: (threshold, duration) => `heap left in use after collection is over ${threshold} %${duration}.`,
  },
  'under-replicated': {
    missing: unknown,
    sentence: (threshold, duration) => `it leads more than ${threshold} partitions that lack a replica${duration}.`,
  },
  'under-min-isr': {
    missing: unknown,
    sentence: (threshold, duration) =>
      `more than ${threshold} partitions have too few replicas in sync, so acks=all writes fail${duration}.`,
  },
  'slow-producers': {
    missing: unknown,
    sentence: (threshold, duration) => `a produce request takes more than ${threshold} ms on average${duration}.`,
  },
  'network-shaped': {
    missing: unknown,
    sentence: (_threshold, duration) =>
      `packets were dropped because the instance's network allowance was used up${duration}.`,
  },
  'request-handlers-busy': {
    factor: 100,
    missing: unknown,
    sentence: (threshold, duration) => `request handlers are idle for less than ${threshold} % of the time${duration}.`,
  },
};

const levelsOfRule = ({ configuration }: StackContext, slug: BrokerRuleSlug): readonly Level[] =>
  levelsOf(limitOfRule(configuration.policy, brokerRules[slug]));

const alarmsOf = (context: StackContext, slug: BrokerRuleSlug): readonly Alarm[] => {
  const { cluster } = context;
  const rule: BrokerRule = brokerRules[slug];
  const isFloor = 'floor' in rule.quantity;
  if (slug === 'memory-used') return [];
  const { isRepeated = false, factor = 1, missing, sentence } = alarmOfRule[slug];
  return levelsOfRule(context, slug)
    .filter(({ severity }) => isPagedByAlarm(slug, severity))
    .flatMap(({ severity, threshold, duration, periodSeconds, evaluationPeriods }) =>
      brokerGroupsOf(cluster, rule.metrics.length).map((group): Alarm => {
        const whichBroker = group.brokerIds.length === 1 ? '' : " mskeeper's look names it.";
        return {
          owner: 'cluster-health',
          section: 'cluster-health',
          slug,
          severity,
          subject: group.subject,
          signal: worstOfGroup(group, {
            worst: isFloor ? 'MIN' : 'MAX',
            label: slug,
            metricsOf: (id) => rule.metrics.map((name) => mskMetric(cluster, name, { 'Broker ID': String(id) })),
            isRepeated,
            factor,
          }),
          comparison: isFloor ? 'LessThanThreshold' : 'GreaterThanThreshold',
          threshold,
          periodSeconds,
          ...(isRepeated ? windowOverRestart(evaluationPeriods) : { evaluationPeriods }),
          missing,
          sentence: `${nameBrokers(group)}: ${sentence(threshold, duration)}${whichBroker}`,
        };
      }),
    );
};

const judgedByLook = 'cluster-health judges it every half hour';

/** What the look judges in the place of an alarm: memory by its name in the policy, since no level of it has one. */
const leftToLook = (context: StackContext, slug: BrokerRuleSlug): readonly AlarmNotMade[] => {
  const left = levelsOfRule(context, slug).filter(({ severity }) => !isPagedByAlarm(slug, severity));
  if (slug === 'memory-used') return left.length === 0 ? [] : [{ what: 'memoryUsedPercent', because: judgedByLook }];
  return left.map(({ severity }) => ({ what: `${slug} ${severity}`, because: judgedByLook }));
};

/** The policy's limits on one broker, by groups of brokers (I9). Serverless has no brokers. */
export const planBrokerAlarms = (context: StackContext): AlarmPlan => {
  const asked = brokerRuleSlugs.filter((slug) => levelsOfRule(context, slug).length > 0);
  const plans = asked.map((slug): AlarmPlan => {
    const refusal = whyNotEmitted(context.cluster, brokerRules[slug].metrics, ofBroker);
    return refusal === undefined
      ? { alarms: alarmsOf(context, slug), notMade: leftToLook(context, slug) }
      : { alarms: [], notMade: [{ what: slug, because: refusal.message }] };
  });
  return { alarms: plans.flatMap(({ alarms }) => alarms), notMade: plans.flatMap(({ notMade }) => notMade) };
};
