import type { WitnessView } from '../../../../shared/core/cluster-view.ts';
import { counted } from '../../../../shared/core/counted.ts';
import type { Finding } from '../../../../shared/core/finding.ts';
import type { HealthFacts } from './facts.ts';
import { finding, type Ruling } from './judgement.ts';
import { isHeard, isShared, whyUnproven } from './looks.ts';
import { countSilentOnce, type Roster, silentOnce } from './roster.ts';

/** Whether anybody serves the cluster at all: P0 where nobody does. */
export function evaluateWhole({ seen, unreachableCount }: HealthFacts, roster: Roster): Finding {
  const { entries, expectedCount, lookCount } = roster;
  const silentOnceCount = countSilentOnce(roster);
  const report = (verdict: Ruling, message: string): Finding =>
    finding('cluster-answers', 'cluster', verdict, message, ['brokers'], {
      expectedCount,
      ...(unreachableCount !== undefined && { unreachableCount }),
      ...(silentOnceCount > 0 && { silentOnceCount }),
    });
  if (unreachableCount === undefined && silentOnceCount > 0) {
    const message = `None of ${counted(expectedCount, 'broker')} answered, in the only look that there is: the second failed (${whyUnproven(seen)}). If the next run hears none, the cluster is offline or cut off.`;
    return report(['warning', silentOnce], message);
  }
  if (unreachableCount === undefined) {
    const message =
      'Every broker refused mskeeper, so nothing is known of their health: check its secret and its role.';
    return report(['unknown', 'refused'], message);
  }
  if (expectedCount === 0) return report(['unknown', 'no-brokers-known'], 'Nobody names a broker of this cluster.');
  if (unreachableCount >= expectedCount) {
    const [bootstrap] = bootstrapAnswers(seen);
    if (bootstrap !== undefined) return report(['emergency', 'advertised-unreachable'], adviseAdvertised(bootstrap));
    const message = `None of ${counted(expectedCount, 'broker')} answers${inLooks(lookCount)}: the cluster is offline, or its network is cut off from mskeeper's.`;
    return report(['emergency', 'no-broker-answers'], message);
  }
  const heard = entries.flatMap(({ view }) => (view !== undefined && isHeard(view) ? [view] : []));
  if (heard.length === 0) {
    const message = `No broker of ${expectedCount} was heard, and not all are silent: it was refused, or must not be asked. The findings of the brokers say which.`;
    return report(['unknown', 'refused'], message);
  }
  if (heard.some(isShared)) {
    return report(['ok', 'answers'], `At least ${heard.length} of ${expectedCount} brokers answer.`);
  }
  const answering = expectedCount - unreachableCount - silentOnceCount;
  return report(['ok', 'answers'], `${answering} of ${expectedCount} brokers answer.`);
}

/** As it stands behind "does not answer": a silence of one look is no proof. */
export const inLooks = (lookCount: number): string => (lookCount > 1 ? ` in ${lookCount} looks` : '');

/**
 * Servers at addresses that no broker advertises, which described the cluster: it lives, and its clients are sent to where
 * nobody answers.
 */
export const bootstrapAnswers = ({ view }: Pick<HealthFacts['seen'], 'view'>): readonly string[] =>
  view.isKnown
    ? view.value.witnesses
        .filter((witness) => witness.brokerId === undefined && isOfOurs(witness))
        .map(({ address }) => address)
    : [];

/** What another cluster says, or a server that has not learnt yet who is there, is no word about this one. */
const isOfOurs = ({ otherClusterId, brokerIds }: WitnessView): boolean =>
  otherClusterId === undefined && brokerIds.length > 0;

/**
 * P0 all the same: whoever comes by that address, on mskeeper's way, is sent to the same addresses and gets nothing. Whether
 * others do better nobody knows from here.
 */
const adviseAdvertised = (bootstrap: string): string =>
  `A server at ${bootstrap} describes the cluster, and no address that its brokers advertise answers: every client that comes by it, on mskeeper's way, gets nothing. The cluster itself may be well: look at the security groups, at DNS and at advertised.listeners, and ask a client.`;
