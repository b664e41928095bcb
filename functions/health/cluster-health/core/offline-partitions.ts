import { counted } from '../../../../shared/core/counted.ts';
import { portOf } from './broker-answers.ts';
import type { HealthFacts } from './facts.ts';
import { finding, type Judgement, judged, nameFirst, unseen } from './judgement.ts';
import { newestValue } from './metrics.ts';
import { stateOf } from './partition-state.ts';
import { type Located, partitionNames } from './partitions.ts';
import { ofWholeList } from './topic-list.ts';

/** P0: nobody can read or write them. CloudWatch speaks only where the brokers do not. */
export function evaluateOffline(facts: HealthFacts): Judgement {
  const { seen, topics, isLookEmpty } = facts;
  const check = 'offline-partitions';
  if (topics !== undefined) return evaluateListed(facts);
  const count = newestValue(seen, 'OfflinePartitionsCount');
  if (count === undefined || (count === 0 && isLookEmpty)) return unseen(seen, check, 'OfflinePartitionsCount');
  const evidence = { offlineCount: count };
  if (count === 0) {
    const message = 'CloudWatch counts no offline partition.';
    return judged(finding(check, 'cluster', ['ok', 'none'], message, ['cloudwatch'], evidence));
  }
  const message = `CloudWatch counts ${counted(count, 'partition')} without a leader; the brokers could not be asked which.`;
  return judged(finding(check, 'cluster', ['emergency', 'no-leader'], message, ['cloudwatch'], evidence));
}

function evaluateListed(facts: HealthFacts): Judgement {
  const { partitions, topicGap, ledAgainCount } = facts;
  const check = 'offline-partitions';
  const offline = partitions.filter(({ partition }) => stateOf(partition) === 'offline');
  const listenerless = partitions.filter(({ partition }) => stateOf(partition) === 'listener-missing');
  const evidence = {
    offlineCount: offline.length,
    partitionCount: partitions.length,
    ...(listenerless.length > 0 && { listenerMissingCount: listenerless.length }),
    ...(ledAgainCount > 0 && { ledAgainCount }),
  };
  if (offline.length > 0) {
    const names = nameFirst(partitionNames(offline));
    const message = `${counted(offline.length, 'partition')} without a leader, neither read nor written: ${names}. Bring back a broker that holds a copy.`;
    const told = { ...evidence, partitions: names };
    return judged(finding(check, 'cluster', ['emergency', 'no-leader'], message, ['brokers'], told));
  }
  if (listenerless.length > 0) {
    const names = nameFirst(partitionNames(listenerless));
    const message = `${counted(listenerless.length, 'partition')} with a leader that lacks the listener which mskeeper uses${portOf(facts.seen)}: ${names}. ${describeLeaders(listenerless, facts)} Clients of that listener cannot use them, those of others may. While a listener is rolled out, wait; else give each broker the same ones.`;
    const told = { ...evidence, partitions: names };
    return judged(finding(check, 'cluster', ['warning', 'listener-missing'], message, ['brokers'], told));
  }
  if (ledAgainCount > 0) {
    const message = `${counted(ledAgainCount, 'partition')} without a leader in the first look, and with one in a later look, seconds after: a leader was elected, or a broker came back.`;
    return judged(finding(check, 'cluster', ['notice', 'led-again'], message, ['brokers'], evidence));
  }
  const ok = finding(check, 'cluster', ['ok', 'none'], 'Every listed partition has a leader.', ['brokers'], evidence);
  return judged(ofWholeList(ok, topicGap));
}

/** Metadata leaves the leader out: it is in sync, and it is in no list of brokers that was had by that listener. */
function describeLeaders(listenerless: readonly Located[], { topics }: HealthFacts): string {
  const listed = new Set(topics?.brokers.map(({ id }) => id) ?? []);
  const inSync = listenerless.flatMap(({ partition }) => partition.inSyncReplicaIds);
  const ids = [...new Set(inSync)].filter((id) => !listed.has(id)).toSorted((left, right) => left - right);
  if (ids.length === 0) return 'Which broker that is is not known.';
  return `It is ${ids.length === 1 ? 'broker' : 'one of the brokers'} ${nameFirst(ids.map(String))}.`;
}
