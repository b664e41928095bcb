import type { GroupMemberView, GroupView, ViewProblem } from '../../core/cluster-view.ts';
import { decodeConsumerAssignment } from '../codecs/consumer-assignment.ts';
import { type ConsumerGroup, consumerGroupDescribe } from '../codecs/consumer-group-describe.ts';
import { type ClassicGroup, type ClassicMember, describeGroups } from '../codecs/describe-groups.ts';
import type { ListedGroup } from '../codecs/list-groups.ts';
import { kafkaErrorCode, problemUnlessNone } from '../wire/kafka-error.ts';
import { MalformedBytesError } from '../wire/reader.ts';
import { type BrokerLink, canAnswer } from './broker-link.ts';
import { askInChunks, groupsPerRequest } from './chunks.ts';

/** What a description adds to a listing; what is absent stays as listed. */
export type GroupDescription = Partial<Pick<GroupView, 'protocol' | 'protocolType' | 'state' | 'members' | 'problem'>>;

type Descriptions = Map<string, GroupDescription>;

const composeClassicMember = (member: ClassicMember, isConsumer: boolean): GroupMemberView => {
  const { memberId, clientId, clientHost: host, assignment } = member;
  if (!isConsumer) return { memberId, clientId, host, assignment: [] };
  try {
    return { memberId, clientId, host, assignment: decodeConsumerAssignment(assignment) };
  } catch (error) {
    if (!(error instanceof MalformedBytesError)) throw error;
    const assignmentProblem: ViewProblem = { kind: 'bad-answer', message: error.message };
    return { memberId, clientId, host, assignment: [], assignmentProblem };
  }
};

/** `Dead` is how DescribeGroups says "not mine": the group is gone, or of another protocol. It proves nothing. */
const isUnknownHere = (group: ClassicGroup): boolean =>
  group.errorCode === kafkaErrorCode.groupIdNotFound || (group.errorCode === 0 && group.state === 'Dead');

const composeClassic = (group: ClassicGroup): GroupDescription => {
  const problem = problemUnlessNone(group.errorCode);
  if (problem !== undefined) return { problem };
  const isConsumer = group.protocolType === 'consumer';
  const members = group.members.map((member) => composeClassicMember(member, isConsumer));
  return { protocol: 'classic', protocolType: group.protocolType, state: group.state, members };
};

const composeConsumer = (group: ConsumerGroup): GroupDescription => {
  const problem = problemUnlessNone(group.errorCode, group.errorMessage);
  if (problem !== undefined) return { problem };
  const members = group.members.map(({ memberId, clientId, clientHost, assignment }): GroupMemberView => {
    return { memberId, clientId, host: clientHost, assignment };
  });
  return { protocol: 'consumer', protocolType: 'consumer', state: group.state, members };
};

const leftOut = (link: BrokerLink): GroupDescription => ({
  problem: { kind: 'bad-answer', message: `broker ${link.brokerId} left this group out of its answer` },
});

const vanished: GroupDescription = {
  problem: { kind: 'kafka-error', message: 'the group was listed, and its coordinator did not know it a moment later' },
};

/** Returns the groups that DescribeGroups does not know. */
const describeClassic = async (link: BrokerLink, groupIds: readonly string[], descriptions: Descriptions) => {
  const unknownIds: string[] = [];
  const describeChunk = async (chunk: readonly string[]) => {
    const reply = await link.ask(describeGroups, { groupIds: chunk });
    const missing = reply.isAnswered ? leftOut(link) : { problem: reply.problem };
    for (const groupId of chunk) descriptions.set(groupId, missing);
    if (!reply.isAnswered) return reply.problem;
    for (const group of reply.answer) {
      if (isUnknownHere(group)) {
        unknownIds.push(group.groupId);
        descriptions.set(group.groupId, vanished);
      } else descriptions.set(group.groupId, composeClassic(group));
    }
    return undefined;
  };
  await askInChunks(groupIds, groupsPerRequest, describeChunk);
  return unknownIds;
};

const describeConsumer = async (link: BrokerLink, groupIds: readonly string[], descriptions: Descriptions) => {
  const describeChunk = async (chunk: readonly string[]) => {
    const reply = await link.ask(consumerGroupDescribe, { groupIds: chunk });
    const missing = reply.isAnswered ? leftOut(link) : { problem: reply.problem };
    for (const groupId of chunk) descriptions.set(groupId, missing);
    if (!reply.isAnswered) return reply.problem;
    for (const group of reply.answer) descriptions.set(group.groupId, composeConsumer(group));
    return undefined;
  };
  await askInChunks(groupIds, groupsPerRequest, describeChunk);
};

const isDescribedByNobody = ({ type }: ListedGroup): boolean => type === 'share' || type === 'streams';

/**
 * Describes groups of both protocol generations at their coordinator, by group id. Where the listing does not tell the
 * type (before Kafka 3.8), the classic description is asked first, and what it does not know goes to the new one: a group
 * unknown to one API is not reported as dead.
 */
export const fetchDescriptions = async (
  link: BrokerLink,
  listed: readonly ListedGroup[],
): Promise<ReadonlyMap<string, GroupDescription>> => {
  const descriptions: Descriptions = new Map();
  for (const { groupId } of listed.filter(isDescribedByNobody)) {
    descriptions.set(groupId, {
      problem: { kind: 'unsupported', message: 'share and streams groups are listed, not described' },
    });
  }
  const idsWhere = (isWanted: (group: ListedGroup) => boolean) => listed.filter(isWanted).map(({ groupId }) => groupId);
  const consumerIds = idsWhere(({ type }) => type === 'consumer');
  const otherIds = idsWhere((group) => group.type !== 'consumer' && !isDescribedByNobody(group));
  const [unknownIds] = await Promise.all([
    describeClassic(link, otherIds, descriptions),
    describeConsumer(link, consumerIds, descriptions),
  ]);
  if (unknownIds.length > 0 && (await canAnswer(link, consumerGroupDescribe)))
    await describeConsumer(link, unknownIds, descriptions);
  return descriptions;
};
