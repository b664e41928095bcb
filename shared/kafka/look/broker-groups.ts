import type { CommitView, GroupView, LookRequest, ViewProblem } from '../../core/cluster-view.ts';
import type { ListedGroup } from '../codecs/list-groups.ts';
import { listGroups } from '../codecs/list-groups.ts';
import { kafkaErrorCode, problemUnlessNone } from '../wire/kafka-error.ts';
import { maximumStringBytes } from '../wire/writer.ts';
import type { BrokerLink } from './broker-link.ts';
import { fetchCommits } from './commits.ts';
import { fetchDescriptions, type GroupDescription } from './descriptions.ts';

/** What one broker said about the groups that it coordinates. */
export type BrokerGroups = { readonly groups: readonly GroupView[]; readonly problem?: ViewProblem };

/** What is asked about groups beside their listing. */
export type GroupQuestions = Pick<LookRequest, 'commits' | 'members'>;

const listedProtocol = ({ type }: ListedGroup): GroupView['protocol'] => {
  switch (type) {
    case 'classic':
    case 'consumer':
    case 'share':
    case 'streams':
      return type;
    default:
      return 'unknown';
  }
};

const composeGroup = (
  link: BrokerLink,
  listed: ListedGroup,
  description: GroupDescription | undefined,
  commits: readonly CommitView[] | ViewProblem | undefined,
): GroupView => ({
  groupId: listed.groupId,
  coordinatorId: link.brokerId,
  protocol: description?.protocol ?? listedProtocol(listed),
  protocolType: description?.protocolType ?? listed.protocolType,
  state: description?.state ?? listed.state,
  members: description?.members ?? [],
  ...(commits === undefined ? {} : 'kind' in commits ? { commitsProblem: commits } : { commits }),
  ...(description?.problem === undefined ? {} : { problem: description.problem }),
});

/** Of a group that no broker can be asked about: Kafka's clients cannot make one. */
const unaskable = ({ groupId }: ListedGroup): ViewProblem | undefined => {
  const idBytes = Buffer.byteLength(groupId);
  if (idBytes <= maximumStringBytes) return undefined;
  return { kind: 'bad-answer', message: `its id has ${idBytes} bytes, more than a request can carry` };
};

/** Describes listed groups at their coordinator, and reads their commits, where asked for. */
export const fetchListedGroups = async (
  link: BrokerLink,
  listed: readonly ListedGroup[],
  { commits, members = 'all' }: GroupQuestions,
): Promise<readonly GroupView[]> => {
  const askable = listed.filter((group) => unaskable(group) === undefined);
  // A broker answers one after the other: descriptions may be large, and commits need not wait for them.
  const [commitsByGroup, descriptionByGroup] = await Promise.all([
    commits ? fetchCommits(link, askable) : undefined,
    members === 'all' ? fetchDescriptions(link, askable) : undefined,
  ]);
  return listed.map((group) => {
    const problem = unaskable(group);
    if (problem !== undefined) return composeGroup(link, group, { problem }, commits ? problem : undefined);
    return composeGroup(link, group, descriptionByGroup?.get(group.groupId), commitsByGroup?.get(group.groupId));
  });
};

/** All groups that one broker coordinates. A broker that cannot list them yields the problem, never "no groups". */
export const fetchBrokerGroups = async (link: BrokerLink, questions: GroupQuestions): Promise<BrokerGroups> => {
  const reply = await link.ask(listGroups, {});
  if (!reply.isAnswered) return { groups: [], problem: reply.problem };
  const problem = problemUnlessNone(reply.answer.errorCode);
  const groups = await fetchListedGroups(link, reply.answer.groups, questions);
  return problem === undefined ? { groups } : { groups, problem };
};

/** True where the group's coordinator moved while we looked. */
export const hasMoved = ({ problem, commitsProblem }: GroupView): boolean =>
  problem?.code === kafkaErrorCode.notCoordinator || commitsProblem?.code === kafkaErrorCode.notCoordinator;
