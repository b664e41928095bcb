import type {
  ClusterView,
  CommitView,
  GroupView,
  PartitionView,
  TopicView,
  ViewProblem,
} from '../../core/cluster-view.ts';
import { redactText } from '../../text/redaction.ts';
import type { CommitsRow, GroupRow, Offset, PartitionRow, Rows, TopicRow } from './rows-schema.ts';

/** A row refers to a name or a problem that the answer does not hold. */
export class UnknownReferenceError extends Error {
  override readonly name = 'UnknownReferenceError';
}

type Tables = {
  readonly nameAt: (index: number) => string;
  /** Undefined for −1. */
  readonly problemAt: (index: number) => ViewProblem | undefined;
};

const tablesOf = ({ names, problemTable }: Rows): Tables => {
  const at = <Item>(items: readonly Item[], index: number, what: string): Item => {
    const item = items[index];
    if (item === undefined) throw new UnknownReferenceError(`${what} ${index} is not among the ${items.length} sent`);
    return item;
  };
  const byLength = names.toSorted((left, right) => right.length - left.length);
  const problems = problemTable.map((problem) => ({ ...problem, message: redactText(problem.message, byLength) }));
  return {
    nameAt: (index) => at(names, index, 'name'),
    problemAt: (index) => (index === -1 ? undefined : at(problems, index, 'problem')),
  };
};

/** A property that is absent where its value is. */
const present = <Key extends string, Value>(key: Key, value: Value | undefined): { readonly [Name in Key]?: Value } =>
  // The computed key makes TypeScript widen to an index signature; the type says what is built.
  (value === undefined ? {} : { [key]: value }) as { readonly [Name in Key]?: Value };

const offsetOf = (offset: Offset | null): bigint | undefined => (offset === null ? undefined : BigInt(offset));

type Draft<View> = { -readonly [Key in keyof View]: View[Key] };

const noIds: readonly number[] = [];

/** Property by property: of 80,000 partitions each spread of a small object is felt. */
const partitionOf = (row: PartitionRow, { problemAt }: Tables): PartitionView => {
  const [partition, leaderId, replicaIds, inSync, offline, earliest, latest, offsetsProblem, ...more] = row;
  const [leaderEpoch, problem, adding, removing] = more;
  const view: Draft<PartitionView> = {
    partition,
    replicaIds,
    inSyncReplicaIds: inSync === 0 ? replicaIds : inSync,
    offlineReplicaIds: offline === 0 ? noIds : offline,
  };
  if (leaderId >= 0) view.leaderId = leaderId;
  if (leaderEpoch >= 0) view.leaderEpoch = leaderEpoch;
  const told = problemAt(problem);
  if (told !== undefined) view.problem = told;
  if (adding !== 0) view.addingReplicaIds = adding;
  if (removing !== 0) view.removingReplicaIds = removing;
  if (earliest !== null) view.earliestOffset = BigInt(earliest);
  if (latest !== null) view.latestOffset = BigInt(latest);
  const untold = problemAt(offsetsProblem);
  if (untold !== undefined) view.offsetsProblem = untold;
  return view;
};

const topicOf = (row: TopicRow, tables: Tables): TopicView => {
  const [name, topicId, isInternal, settings, settingsProblem, problem, partitions] = row;
  return {
    name: tables.nameAt(name),
    ...present('topicId', topicId ?? undefined),
    isInternal: isInternal === 1,
    partitions: partitions.map((partition) => partitionOf(partition, tables)),
    ...present('settings', settings ?? undefined),
    ...present('settingsProblem', tables.problemAt(settingsProblem)),
    ...present('problem', tables.problemAt(problem)),
  };
};

const commitsOf = ([name, partitions]: CommitsRow, { nameAt, problemAt }: Tables): readonly CommitView[] => {
  const topic = nameAt(name);
  return partitions.map(([partition, offset, problem]) => ({
    topic,
    partition,
    ...present('committedOffset', offsetOf(offset)),
    ...present('problem', problemAt(problem)),
  }));
};

const groupOf = (row: GroupRow, tables: Tables): GroupView => {
  const [groupId, coordinatorId, protocol, protocolType, state, members, commits, ...more] = row;
  const [commitsProblem, problem, membersLeftOut] = more;
  return {
    groupId,
    coordinatorId,
    protocol,
    protocolType,
    state,
    members,
    ...present('membersLeftOut', membersLeftOut === 0 ? undefined : membersLeftOut),
    ...present(
      'commits',
      commits?.flatMap((each) => commitsOf(each, tables)),
    ),
    ...present('commitsProblem', tables.problemAt(commitsProblem)),
    ...present('problem', tables.problemAt(problem)),
  };
};

/**
 * Rows back to the view that they were made of.
 *
 * @throws UnknownReferenceError where a row refers to nothing
 */
export const viewOfRows = (rows: Rows): ClusterView => {
  const { topics, groups, names: _names, problemTable: _problemTable, ...rest } = rows;
  const tables = tablesOf(rows);
  return {
    ...rest,
    topics: topics.map((row) => topicOf(row, tables)),
    ...present(
      'groups',
      groups?.map((row) => groupOf(row, tables)),
    ),
  };
};
