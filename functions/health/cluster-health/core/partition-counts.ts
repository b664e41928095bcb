import { counted } from '../../../../shared/core/counted.ts';
import type { MetricName } from '../../../../shared/core/metric-table.ts';
import type { Limit } from '../../../../shared/core/policy.ts';
import type { HealthFacts } from './facts.ts';
import { finding, type Judgement, judged, nameFirst, severityOf, unseen } from './judgement.ts';
import { samplesSinceOpened } from './memory.ts';
import { sumOverBrokers } from './metrics.ts';
import { type Located, partitionNames } from './partitions.ts';
import { ofWholeList } from './topic-list.ts';

/** What the brokers' own list shows of partitions that are not well, held against a limit. */
export function evaluateCount(
  { seen, previous, topicGap }: HealthFacts,
  check: string,
  limit: Limit,
  located: readonly Located[],
  what: string,
  more: Readonly<Record<string, number>> = {},
): Judgement {
  const verdict = severityOf(
    limit,
    samplesSinceOpened({ check, subject: 'cluster' }, located.length, previous, seen.nowMs),
  );
  const names = nameFirst(partitionNames(located));
  const message =
    located.length === 0 ? `No partition ${what}.` : `${counted(located.length, 'partition')} ${what}: ${names}.`;
  const evidence = { partitionCount: located.length, ...more, ...(located.length > 0 && { partitions: names }) };
  return judged(ofWholeList(finding(check, 'cluster', verdict, message, ['brokers'], evidence), topicGap));
}

/** The same by CloudWatch, where the brokers did not tell it: its count proves health only of every broker, and freshly. */
export function evaluateByMetric(facts: HealthFacts, check: string, metric: MetricName, limit: Limit): Judgement {
  const { seen, isLookEmpty } = facts;
  const { samples, isComplete } = sumOverBrokers(seen, metric);
  const count = samples.at(-1)?.value;
  if (count === undefined) return unseen(seen, check, metric);
  const verdict = severityOf(limit, samples);
  const isProvenOk = verdict[0] !== 'ok' || (isComplete && !isLookEmpty);
  const message = isProvenOk
    ? `CloudWatch counts ${counted(count, 'partition')} (${metric}).`
    : `CloudWatch counts ${counted(count, 'partition')} (${metric}), but that proves nothing: it has no fresh value of every broker.`;
  const judgedAs = isProvenOk ? verdict : (['unknown', 'incomplete'] as const);
  return judged(finding(check, 'cluster', judgedAs, message, ['cloudwatch'], { partitionCount: count, metric }));
}
