import type { ClusterConfiguration } from '../core/configuration.ts';
import { mostMetricsInAnAlarm } from '../core/metric-catalogue.ts';
import type { Alarm, MetricReference, Signal } from './alarm.ts';

/** Brokers that one alarm watches together. */
export type BrokerGroup = {
  /** `brokers-11-to-20`: the span of ids, whichever of them exist. */
  readonly subject: string;
  /** Ascending, at least one. */
  readonly brokerIds: readonly number[];
};

/**
 * Groups by span of ids (1 to 10, 11 to 20), not by position in the list: a broker that comes or goes changes what one
 * alarm reads and no alarm's name. A name that changed would be a new alarm, which finds its first data and pages again.
 *
 * @param metricsPerBroker how many of the ten metrics of an alarm each broker takes
 */
export const brokerGroupsOf = (
  { brokerIds }: Pick<ClusterConfiguration, 'brokerIds'>,
  metricsPerBroker: number,
): readonly BrokerGroup[] => {
  const span = Math.floor(mostMetricsInAnAlarm / metricsPerBroker);
  const idsByFirst = Map.groupBy(brokerIds, (id) => Math.floor((id - 1) / span) * span + 1);
  return [...idsByFirst].map(([first, ids]) => ({
    subject: `brokers-${first}-to-${first + span - 1}`,
    brokerIds: ids,
  }));
};

/** `broker 7`, or `a broker of 1, 2, 3`, for a sentence. */
export const nameBrokers = ({ brokerIds }: BrokerGroup): string =>
  brokerIds.length === 1 ? `broker ${brokerIds.join('')}` : `a broker of ${brokerIds.join(', ')}`;

/** Alarms of one-minute periods may look back a day (PutMetricAlarm): as far as the policy's longest duration. */
const longestWindowMinutes = 1_440;
/** MSK's longest restart of one broker: so long a disk that was over the limit stays over it while its broker is silent. */
const longestRestartMinutes = 15;

/**
 * M of N for a rule whose breach must outlive a silent broker: FILL repeats a value only from where the alarm's own range
 * begins, so the range holds the last value that was sent until the broker has been back for as long as the rule wants; of a
 * rule that wants most of a day as much of it as CloudWatch looks back.
 */
export const windowOverRestart = (minutes: number): Pick<Alarm, 'evaluationPeriods' | 'datapointsToAlarm'> => ({
  evaluationPeriods: Math.min(minutes + longestRestartMinutes, longestWindowMinutes),
  datapointsToAlarm: minutes,
});

type WorstOf = {
  /** Whether a high value is bad, or a low one. */
  readonly worst: 'MAX' | 'MIN';
  readonly label: string;
  /** A broker's value is their sum. */
  readonly metricsOf: (brokerId: number) => readonly MetricReference[];
  /** Each broker's last value stands for it while it is silent, as far back as the alarm looks. */
  readonly isRepeated?: boolean;
  readonly factor?: number;
};

/**
 * The worst broker's value. Of a single series CloudWatch's MAX makes one number and no series, so a broker that is alone
 * is not compared.
 */
export const worstOfGroup = (
  { brokerIds }: BrokerGroup,
  { worst, label, metricsOf, isRepeated = false, factor = 1 }: WorstOf,
): Signal => {
  const brokers = brokerIds.map((brokerId) => {
    const metrics = metricsOf(brokerId);
    const isSum = metrics.length > 1;
    const named = metrics.map((metric, index): readonly [string, MetricReference] => [
      isSum ? `m${brokerId}_${index + 1}` : `m${brokerId}`,
      { ...metric, label: isSum ? `broker ${brokerId} ${metric.name}` : `broker ${brokerId}` },
    ]);
    const sum = named.map(([id]) => id).join(' + ');
    return { named, sum, step: isSum ? ([`e${brokerId}`, sum] as const) : undefined };
  });
  const [first, ...others] = brokers;
  const isAlone = others.length === 0;
  const [metric] = first === undefined ? [] : metricsOf(brokerIds[0] ?? 0);
  if (isAlone && first?.step === undefined && metric !== undefined && !isRepeated && factor === 1) {
    return { kind: 'metric', metric };
  }
  const steps = isAlone ? [] : brokers.flatMap(({ step }) => (step === undefined ? [] : [step]));
  const list = isAlone ? (first?.sum ?? '') : `[${brokers.map(({ step, sum }) => step?.[0] ?? sum).join(', ')}]`;
  const filled = isRepeated ? `FILL(${list}, REPEAT)` : list;
  const compared = isAlone ? filled : `${worst}(${filled})`;
  return {
    kind: 'math',
    expression: factor === 1 ? compared : `${factor} * ${compared}`,
    label,
    ...(steps.length > 0 && { stepById: Object.fromEntries(steps) }),
    metricById: Object.fromEntries(brokers.flatMap(({ named }) => named)),
  };
};
