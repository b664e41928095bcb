import type { CommitView, ViewProblem } from '../../core/cluster-view.ts';
import type { ListedGroup } from '../codecs/list-groups.ts';
import { type CommittedPartition, type GroupCommits, offsetFetch } from '../codecs/offset-fetch.ts';
import { problemUnlessNone } from '../wire/kafka-error.ts';
import type { BrokerLink } from './broker-link.ts';
import { askInChunks, groupsPerRequest } from './chunks.ts';

const composeCommit = (topic: string, { partition, offset, errorCode }: CommittedPartition): CommitView => {
  const problem = problemUnlessNone(errorCode);
  if (problem !== undefined) return { topic, partition, problem };
  return offset < 0n ? { topic, partition } : { topic, partition, committedOffset: offset };
};

const composeCommits = (group: GroupCommits): readonly CommitView[] | ViewProblem =>
  problemUnlessNone(group.errorCode) ??
  group.topics.flatMap(({ topic, partitions }) => partitions.map((committed) => composeCommit(topic, committed)));

const shareGroupsCommitNothing: ViewProblem = {
  kind: 'unsupported',
  message: 'a share group has no committed offsets (KIP-932)',
};

/** Everything that groups have committed, by group id; a group whose answer is missing or refused has its problem. */
export const fetchCommits = async (
  link: BrokerLink,
  listed: readonly ListedGroup[],
): Promise<ReadonlyMap<string, readonly CommitView[] | ViewProblem>> => {
  const commitsByGroup = new Map<string, readonly CommitView[] | ViewProblem>();
  const groupIds: string[] = [];
  for (const { groupId, type } of listed) {
    if (type === 'share') commitsByGroup.set(groupId, shareGroupsCommitNothing);
    else groupIds.push(groupId);
  }
  const fetchChunk = async (chunk: readonly string[]) => {
    const reply = await link.ask(offsetFetch, { groupIds: chunk });
    const missing: ViewProblem = reply.isAnswered
      ? { kind: 'bad-answer', message: `broker ${link.brokerId} left this group out of its answer` }
      : reply.problem;
    for (const groupId of chunk) commitsByGroup.set(groupId, missing);
    if (!reply.isAnswered) return reply.problem;
    for (const group of reply.answer) commitsByGroup.set(group.groupId, composeCommits(group));
    return undefined;
  };
  await askInChunks(groupIds, groupsPerRequest, fetchChunk);
  return commitsByGroup;
};
