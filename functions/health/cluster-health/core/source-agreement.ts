import { counted } from '../../../../shared/core/counted.ts';
import { agreement, disagreement } from './disagreement.ts';
import type { HealthFacts } from './facts.ts';
import { combine, type Judgement, nameFirst, notJudged } from './judgement.ts';
import { isHeard } from './looks.ts';
import { newestValue, sumOverBrokers } from './metrics.ts';
import { isOffline } from './partition-state.ts';
import { isUnheard } from './roster.ts';
import { compareWitnesses } from './witnesses.ts';

/** H2 where two sources contradict each other, or brokers each other, so that neither is believed in silence. */
export function compareSources(facts: HealthFacts): Judgement {
  const { roster } = facts;
  if (roster === undefined) return notJudged('source-agreement', 'the brokers were not looked at');
  const silent = roster.entries.filter(isUnheard).map(({ id }) => String(id));
  return combine(compareWithMsk(facts, silent), compareWithMetrics(facts, silent), compareWitnesses(facts));
}

/** Brokers agree with another source only where one of them said something. */
const isAnyHeard = ({ roster }: HealthFacts): boolean =>
  roster?.entries.some(({ view }) => view !== undefined && isHeard(view)) === true;

const isEveryHeard = ({ roster }: HealthFacts): boolean =>
  roster?.entries.every(({ view }) => view !== undefined && isHeard(view)) === true;

function compareWithMsk(facts: HealthFacts, silent: readonly string[]): Judgement {
  const { msk } = facts.seen;
  const subject = 'MSK and brokers';
  if (!msk.isKnown) return notJudged('source-agreement', 'the MSK API did not answer');
  const { state } = msk.value;
  if (silent.length === 0 || state !== 'ACTIVE') {
    const isCompared = isAnyHeard(facts) && (silent.length > 0 || isEveryHeard(facts));
    if (!isCompared) return notJudged('source-agreement', 'not every broker was heard to compare MSK with');
    return agreement(subject, ['msk', 'brokers']);
  }
  const message = `MSK calls the cluster ACTIVE, but ${counted(silent.length, 'broker')} silent: ${nameFirst(silent)}. MSK has not noticed, or mskeeper's network path is cut.`;
  const evidence = { state, silentBrokers: nameFirst(silent) };
  return disagreement(facts, subject, 'active-but-silent', message, ['msk', 'brokers'], evidence);
}

function compareWithMetrics(facts: HealthFacts, silent: readonly string[]): Judgement {
  const { seen, topics, topicGap, partitions } = facts;
  const subject = 'CloudWatch and brokers';
  const sources = ['cloudwatch', 'brokers'] as const;
  const offlineMetric = newestValue(seen, 'OfflinePartitionsCount');
  const underMetric = sumOverBrokers(seen, 'UnderReplicatedPartitions').samples.at(-1)?.value;
  if (offlineMetric === undefined && underMetric === undefined) {
    return notJudged('source-agreement', 'CloudWatch has no fresh partition metric to compare with');
  }
  const told = {
    ...(offlineMetric !== undefined && { offlinePartitionsCount: offlineMetric }),
    ...(underMetric !== undefined && { underReplicatedPartitions: underMetric }),
  };
  const isMetricHealthy = (offlineMetric ?? 0) === 0 && (underMetric ?? 0) === 0;
  if (silent.length > 0 && isMetricHealthy) {
    const message = `CloudWatch shows no unhealthy partition, but ${counted(silent.length, 'broker')} silent: ${nameFirst(silent)}. The brokers' silence is believed; metrics follow minutes later.`;
    const evidence = { ...told, silentBrokers: nameFirst(silent) };
    return disagreement(facts, subject, 'metrics-healthy-but-silent', message, sources, evidence);
  }
  const offlineCount = topics && partitions.filter(({ partition }) => isOffline(partition)).length;
  if (offlineCount === 0 && (offlineMetric ?? 0) > 0) {
    const message = `CloudWatch counts ${counted(offlineMetric ?? 0, 'offline partition')}, the brokers none. The brokers are believed; look at the controller when it stays.`;
    return disagreement(facts, subject, 'metrics-worse-than-brokers', message, sources, { ...told, offlineCount });
  }
  if (offlineCount !== undefined && offlineCount > 0 && offlineMetric === 0) {
    const message = `The brokers show ${counted(offlineCount, 'offline partition')}, CloudWatch none. The brokers are believed; metrics follow minutes later.`;
    return disagreement(facts, subject, 'brokers-worse-than-metrics', message, sources, { ...told, offlineCount });
  }
  if (offlineCount === undefined || offlineMetric === undefined || !isAnyHeard(facts)) {
    return notJudged('source-agreement', 'brokers and CloudWatch did not both tell of offline partitions');
  }
  if (offlineCount === 0 && topicGap !== undefined) {
    return notJudged('source-agreement', `the brokers' list of topics may not be whole (${topicGap.reason})`);
  }
  return agreement(subject, sources);
}
