import type { ClusterView, GroupView } from '../../core/cluster-view.ts';
import type { AskableLinks } from './any-broker.ts';
import { fetchBrokerGroups, type GroupQuestions } from './broker-groups.ts';
import type { BrokerLink } from './broker-link.ts';
import { mendMovedGroups, withoutDuplicates } from './moved-groups.ts';

/** All groups of the cluster in a stable order, and a problem for every broker that could not list its own. */
export const fetchGroups = async (
  askable: AskableLinks,
  links: readonly BrokerLink[],
  questions: GroupQuestions,
): Promise<{ readonly groups: readonly GroupView[]; readonly problems: ClusterView['problems'] }> => {
  const answers = await Promise.all(
    links.map(async (link) => ({ brokerId: link.brokerId, ...(await fetchBrokerGroups(link, questions)) })),
  );
  const problems = answers.flatMap(({ brokerId, problem }): ClusterView['problems'] =>
    problem === undefined ? [] : [{ what: 'groups', brokerId, problem }],
  );
  const listed = withoutDuplicates(answers.flatMap(({ groups }) => groups));
  const groups = await mendMovedGroups(listed, askable, links, questions);
  return { groups: [...groups].sort((left, right) => (left.groupId < right.groupId ? -1 : 1)), problems };
};
