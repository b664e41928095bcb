import type { BrokerView, ClusterView, GroupView, TopicView, ViewProblem } from '../../core/cluster-view.ts';
import { counted } from '../../core/counted.ts';
import { isShort } from './short-text.ts';

type LeaveOut = (view: ClusterView) => ClusterView;
type Subject = ClusterView['problems'][number]['what'];

const tooLarge = (what: string): ViewProblem => ({
  kind: 'too-large',
  message: `${what} left out: the look does not fit into one answer of kafka/read`,
});

const told = (view: ClusterView, what: Subject, problem: ViewProblem): ClusterView => ({
  ...view,
  problems: [...view.problems, { what, problem }],
});

const leaveMembers: LeaveOut = (view) => {
  const groups = view.groups ?? [];
  const count = groups.reduce((sum, { members }) => sum + members.length, 0);
  if (count === 0) return view;
  const without = groups.map((group): GroupView => {
    const membersLeftOut = (group.membersLeftOut ?? 0) + group.members.length;
    return membersLeftOut === 0 ? group : { ...group, members: [], membersLeftOut };
  });
  return told({ ...view, groups: without }, 'members', tooLarge(`${counted(count, 'member')} of groups`));
};

/** Kafka has no rule for a group's id, so one application may name its groups with kilobytes. They are never shortened: a shorter id is another group's. */
const leaveLongGroups: LeaveOut = (view) => {
  const kept = view.groups?.filter(({ groupId }) => isShort(groupId));
  if (kept === undefined || kept.length === view.groups?.length) return view;
  const count = (view.groups?.length ?? 0) - kept.length;
  return told({ ...view, groups: kept }, 'groups', tooLarge(`${counted(count, 'group')} with very long ids`));
};

const leaveCommits: LeaveOut = (view) => {
  const count = (view.groups ?? []).reduce((sum, { commits = [] }) => sum + commits.length, 0);
  if (count === 0) return view;
  const problem = tooLarge(`${counted(count, 'commit')} of groups`);
  const groups = view.groups?.map((group): GroupView => {
    const { commits, ...rest } = group;
    return commits === undefined ? group : { ...rest, commitsProblem: problem };
  });
  return told({ ...view, ...(groups && { groups }) }, 'commits', problem);
};

const leaveTopicBytes: LeaveOut = (view) => {
  const hasBytes = ({ logDirectories = [] }: BrokerView) =>
    logDirectories.some(({ usedBytesByTopic }) => usedBytesByTopic !== undefined);
  if (!view.brokers.some(hasBytes)) return view;
  const brokers = view.brokers.map((broker): BrokerView => {
    const { logDirectories } = broker;
    if (logDirectories === undefined) return broker;
    return { ...broker, logDirectories: logDirectories.map(({ usedBytesByTopic: _bytes, ...rest }) => rest) };
  });
  return told({ ...view, brokers }, 'topic-bytes', tooLarge('bytes by topic'));
};

const leaveEnds: LeaveOut = (view) => {
  const problem = tooLarge('ends of partitions');
  let count = 0;
  const topics = view.topics.map((topic): TopicView => {
    const partitions = topic.partitions.map((partition) => {
      const { earliestOffset, latestOffset, ...rest } = partition;
      if (earliestOffset === undefined && latestOffset === undefined) return partition;
      count += 1;
      return { ...rest, offsetsProblem: problem };
    });
    return { ...topic, partitions };
  });
  return count === 0 ? view : told({ ...view, topics }, 'ends', problem);
};

const leaveSettings: LeaveOut = (view) => {
  if (view.topics.every(({ settings }) => settings === undefined)) return view;
  const problem = tooLarge('settings of topics');
  const topics = view.topics.map((topic): TopicView => {
    const { settings, ...rest } = topic;
    return settings === undefined ? topic : { ...rest, settingsProblem: problem };
  });
  return told({ ...view, topics }, 'settings', problem);
};

const leaveGroups: LeaveOut = (view) => {
  const count = view.groups?.length ?? 0;
  return count === 0 ? view : told({ ...view, groups: [] }, 'groups', tooLarge(counted(count, 'group')));
};

/**
 * What a look can do without, first what fewest rules need: who the members are; groups whose ids alone fill an answer;
 * commits, for which health has no use, and without which ends still tell whether topics grow; bytes by topic, which a
 * proposal needs; ends, settings, all groups. Brokers and topics stay: without them there is no look. What was left out
 * stands where it was as a problem, and in `problems`.
 */
export const leaveOutInTurn: readonly LeaveOut[] = [
  leaveMembers,
  leaveLongGroups,
  leaveCommits,
  leaveTopicBytes,
  leaveEnds,
  leaveSettings,
  leaveGroups,
];
