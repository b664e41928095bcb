import { counted } from '../../../../shared/core/counted.ts';
import type { HealthFacts } from './facts.ts';
import { finding, type Judgement, judged, nameFirst, unseen } from './judgement.ts';
import { newestValue } from './metrics.ts';
import { isOffline, partitionNames } from './partitions.ts';

/** P0: nobody can read or write them. CloudWatch speaks only where the brokers do not. */
export function evaluateOffline({ seen, topics, partitions, isLookEmpty }: HealthFacts): Judgement {
  const check = 'offline-partitions';
  if (topics !== undefined) {
    const offline = partitions.filter(({ partition }) => isOffline(partition));
    const evidence = { offlineCount: offline.length, partitionCount: partitions.length };
    if (offline.length === 0) {
      return judged(finding(check, 'cluster', ['ok', 'none'], 'Every partition has a leader.', ['brokers'], evidence));
    }
    const names = nameFirst(partitionNames(offline));
    const message = `${counted(offline.length, 'partition')} without a leader, neither read nor written: ${names}. Bring back a broker that holds a copy.`;
    const told = { ...evidence, partitions: names };
    return judged(finding(check, 'cluster', ['emergency', 'no-leader'], message, ['brokers'], told));
  }
  const count = newestValue(seen, 'OfflinePartitionsCount');
  if (count === undefined || (count === 0 && isLookEmpty)) return unseen(seen, check, 'OfflinePartitionsCount');
  const evidence = { offlineCount: count };
  return count > 0
    ? judged(
        finding(
          check,
          'cluster',
          ['emergency', 'no-leader'],
          `CloudWatch counts ${counted(count, 'partition')} without a leader; the brokers could not be asked which.`,
          ['cloudwatch'],
          evidence,
        ),
      )
    : judged(
        finding(check, 'cluster', ['ok', 'none'], 'CloudWatch counts no offline partition.', ['cloudwatch'], evidence),
      );
}
