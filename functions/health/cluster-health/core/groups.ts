import type { ClusterView, ViewProblem } from '../../../../shared/core/cluster-view.ts';
import { counted } from '../../../../shared/core/counted.ts';
import type { HealthFacts } from './facts.ts';
import { finding, type Judgement, judged, notJudged } from './judgement.ts';
import { isHeardItself } from './looks.ts';
import { unreadTopics } from './topic-list.ts';

/** CLUSTER_AUTHORIZATION_FAILED */
const clusterDenied = 31;

/** As Kafka's admin client calls the states of groups, of every protocol; brokers of tomorrow may have others. */
const states = [
  'Stable',
  'Empty',
  'Dead',
  'PreparingRebalance',
  'CompletingRebalance',
  'Assigning',
  'Reconciling',
  'NotReady',
] as const;

/**
 * H1 groups are counted, daily; a broker that did not list its groups makes the count unknown, never smaller. Kafka lists all of them to
 * whom may describe the cluster, and to others, without an error, those that they may describe (RUNBOOK section 6, 22).
 */
export function evaluateGroupCount({ seen, expected: { isWatchedGroup } }: HealthFacts): Judgement {
  const check = 'group-count';
  if (seen.depth === 'light') return notJudged(check, 'counted daily');
  if (!seen.view.isKnown) return judged(unreadTopics(check, 'cluster', seen));
  const view = seen.view.value;
  const groups = view.groups?.filter(({ groupId }) => isWatchedGroup(groupId));
  const report = (verdict: Parameters<typeof finding>[2], message: string, evidence = {}): Judgement =>
    judged(finding(check, 'cluster', verdict, message, ['brokers'], evidence));
  if (groups === undefined || !isEveryBrokerHeard(view)) {
    const evidence = groups === undefined ? {} : { listedGroupCount: groups.length };
    return report(['unknown', 'incomplete'], 'Not every broker listed its groups.', evidence);
  }
  const denial = findDenial(view);
  if (denial !== undefined) {
    const message = `mskeeper may not describe the cluster (${denial.message}), so groups that it may not describe are left out of the list without an error: give it Describe on the cluster (with IAM kafka-cluster:DescribeCluster) and on all groups.`;
    return report(['unknown', 'denied'], message, { listedGroupCount: groups.length });
  }
  const listedCount = view.groups?.length ?? 0;
  if (listedCount === 0 && !isDescribeProven(view)) {
    const message =
      'No group is listed: there is none, or mskeeper may describe none, and no answer proves that it may describe the cluster.';
    return report(['unknown', 'nothing-listed'], message, { listedGroupCount: 0 });
  }
  if (listedCount === 0) {
    const message = 'No group is listed, to mskeeper that may describe the cluster and so is shown all of them.';
    return report(['ok', 'none'], message, { groupCount: 0 });
  }
  const evidence = { groupCount: groups.length, ...countStates(groups) };
  return report(['ok', 'counted'], `${counted(groups.length, 'group')}.`, evidence);
}

/** Of brokers at one address one answered for all of them. */
const isEveryBrokerHeard = ({ brokers, absentBrokerIds, problems }: ClusterView): boolean =>
  brokers.length > 0 &&
  brokers.every(isHeardItself) &&
  absentBrokerIds.length === 0 &&
  problems.every(({ what }) => what !== 'groups' && what !== 'metadata');

/** DescribeQuorum and DescribeLogDirs need the right that the whole list of groups needs: Describe on the cluster. */
function findDenial({ controller, brokers }: ClusterView): ViewProblem | undefined {
  const problems = [controller.problem, ...brokers.map(({ logDirectoriesProblem }) => logDirectoriesProblem)];
  return problems.find((problem) => problem?.kind === 'denied' || problem?.code === clusterDenied);
}

const isDescribeProven = ({ controller, brokers }: ClusterView): boolean =>
  (controller.toldBy === 'quorum' && controller.problem === undefined) ||
  brokers.some(({ logDirectories }) => (logDirectories?.length ?? 0) > 0);

/** Keys of evidence are ours: a word that nobody knows is counted, and not taken for one. */
function countStates(groups: readonly { readonly state: string }[]): Readonly<Record<string, number>> {
  const of = (isOne: (state: string) => boolean) => groups.filter(({ state }) => isOne(state)).length;
  const counts = states.map((state) => [`groupCount${state}`, of((one) => one === state)] as const);
  const other = of((one) => states.every((state) => state !== one));
  return Object.fromEntries([...counts, ['groupCountOther', other] as const].filter(([, count]) => count > 0));
}
