import type { Finding, Source } from '../../../../shared/core/finding.ts';
import { combine, counted, finding, type Judgement, judged, nameFirst, notJudged } from './judgement.ts';
import { severityOf } from './limit.ts';
import { samplesSinceOpened } from './memory.ts';
import { newestValue, sumOverBrokers } from './metrics.ts';
import type { HealthExpectation, HealthObservation } from './observation.ts';
import { allPartitions, isOffline, knownTopics } from './partitions.ts';
import { compareRoster, isUnreachable } from './roster.ts';

/** Sources differ for minutes while news travels: a notice at once, a warning when it stays. */
const lastingLimit = { notice: 0, warning: 0, warningForMinutes: 10 };

/** H2 where two sources contradict each other, so that neither is believed in silence. */
export function compareSources(seen: HealthObservation, expected: HealthExpectation): Judgement {
  const roster = compareRoster(seen, expected);
  if (roster === undefined) return notJudged('source-agreement', 'the brokers were not looked at');
  const silent = roster.entries.filter(isUnreachable).map(({ id }) => String(id));
  return combine(compareWithMsk(seen, silent), compareWithMetrics(seen, silent));
}

function disagreement(
  seen: HealthObservation,
  subject: string,
  reason: string,
  message: string,
  sources: readonly Source[],
  evidence: Finding['evidence'],
): Judgement {
  const check = 'source-agreement';
  const previous = seen.previous.isAnswered ? seen.previous.value : undefined;
  const [severity] = severityOf(lastingLimit, samplesSinceOpened({ check, subject }, 1, previous, seen.nowMs));
  return judged(finding(check, subject, [severity, reason], message, sources, evidence));
}

const agreement = (subject: string, sources: readonly Source[]): Judgement =>
  judged(finding('source-agreement', subject, ['ok', 'agree'], `${subject} agree.`, sources));

function compareWithMsk(seen: HealthObservation, silent: readonly string[]): Judgement {
  const subject = 'MSK and brokers';
  if (!seen.msk.isAnswered) return notJudged('source-agreement', 'the MSK API did not answer');
  const { state } = seen.msk.value;
  if (silent.length === 0 || state !== 'ACTIVE') return agreement(subject, ['msk', 'brokers']);
  const message = `MSK calls the cluster ACTIVE, but ${counted(silent.length, 'broker')} silent: ${nameFirst(silent)}. MSK has not noticed, or mskeeper's network path is cut.`;
  const evidence = { state, silentBrokers: nameFirst(silent) };
  return disagreement(seen, subject, 'active-but-silent', message, ['msk', 'brokers'], evidence);
}

function compareWithMetrics(seen: HealthObservation, silent: readonly string[]): Judgement {
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
    return disagreement(seen, subject, 'metrics-healthy-but-silent', message, sources, evidence);
  }
  const view = knownTopics(seen);
  const offlineCount = view && allPartitions(view).filter(({ partition }) => isOffline(partition)).length;
  if (offlineCount === 0 && (offlineMetric ?? 0) > 0) {
    const message = `CloudWatch counts ${counted(offlineMetric ?? 0, 'offline partition')}, the brokers none. The brokers are believed; look at the controller when it stays.`;
    return disagreement(seen, subject, 'metrics-worse-than-brokers', message, sources, { ...told, offlineCount });
  }
  if (offlineCount !== undefined && offlineCount > 0 && offlineMetric === 0) {
    const message = `The brokers show ${counted(offlineCount, 'offline partition')}, CloudWatch none. The brokers are believed; metrics follow minutes later.`;
    return disagreement(seen, subject, 'brokers-worse-than-metrics', message, sources, { ...told, offlineCount });
  }
  return agreement(subject, sources);
}
