import type { WitnessView } from '../../../../shared/core/cluster-view.ts';
import { counted } from '../../../../shared/core/counted.ts';
import { agreement, disagreement } from './disagreement.ts';
import type { HealthFacts } from './facts.ts';
import { finding, type Judgement, judged, nameFirst, notJudged } from './judgement.ts';
import { countFull, describeLoneWord, isLoneWord } from './lone-word.ts';

const check = 'source-agreement';
const subject = 'brokers and each other';

/**
 * What one broker says of the whole cluster is not the truth by itself: one that is cut off from the controller tells of a
 * cluster of the past. The worst that they differ in is told.
 */
export function compareWitnesses(facts: HealthFacts): Judgement {
  const { topics, roster } = facts;
  if (topics === undefined) return notJudged(check, 'no broker described the cluster');
  const { witnesses, controller } = topics;
  const strangers = witnesses.filter(({ otherClusterId }) => otherClusterId !== undefined);
  if (strangers.length > 0) {
    const names = nameFirst(strangers.map(nameWitness));
    const ids = nameFirst([...new Set(strangers.map(({ otherClusterId = '' }) => otherClusterId))]);
    const message = `${names} ${strangers.length === 1 ? 'belongs' : 'belong'} to another cluster (${ids}): nothing of it is believed. Correct bootstrap in mskeeper.yml, or the DNS name that leads there: clients that use it are at the wrong cluster, too.`;
    return disagreement(facts, subject, 'other-cluster', message, ['brokers'], { otherClusterIds: ids });
  }
  const odd = witnesses.filter(({ overruled }) => overruled !== undefined);
  if (odd.length > 0) {
    const evidence = { overruledCount: odd.length, witnessCount: witnesses.length };
    const message = `${odd.slice(0, mostDescribed).map(describeOdd).join(' ')} The others are believed. A broker that begins catches up within seconds; where it stays, it is cut off from the controller: ask for a reboot of it.`;
    return disagreement(facts, subject, 'overruled', message, ['brokers'], evidence);
  }
  const brokerCount = roster?.expectedCount ?? topics.brokers.length;
  if (isLoneWord(topics, brokerCount)) {
    const message = describeLoneWord(topics, brokerCount);
    const evidence = { witnessCount: countFull(topics) };
    return judged(finding(check, subject, ['unknown', 'one-witness'], message, ['brokers'], evidence));
  }
  const unanswered = controller.unansweredByIds ?? [];
  if (unanswered.length > 0) {
    const ids = nameFirst(unanswered.map((id) => `broker ${id}`));
    const message = `Who the controller is was told, and not by ${ids}: cut off from it, or too slow. The others are believed.`;
    return disagreement(facts, subject, 'controller-unanswered', message, ['brokers'], { unansweredBy: ids });
  }
  return agreement(subject, ['brokers']);
}

const mostDescribed = 3;

const nameWitness = ({ brokerId, address }: WitnessView): string =>
  brokerId === undefined ? `The server at ${address}` : `Broker ${brokerId} (${address})`;

function describeOdd(witness: WitnessView): string {
  const { missingBrokerIds = [], extraBrokerIds = [], partitionCount = 0 } = witness.overruled ?? {};
  const ids = (all: readonly number[]) => nameFirst(all.map(String));
  const parts = [
    missingBrokerIds.length > 0 && `does not list broker ${ids(missingBrokerIds)} as the others do`,
    extraBrokerIds.length > 0 && `lists broker ${ids(extraBrokerIds)}, which the others do not, or elsewhere`,
    partitionCount > 0 && `tells ${counted(partitionCount, 'partition')} otherwise, as they were before`,
  ].filter((part) => part !== false);
  return `${nameWitness(witness)} ${parts.join(', and ')}.`;
}
