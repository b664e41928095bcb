import type {
  ClusterView,
  CommitView,
  GroupMemberView,
  GroupView,
  PartitionView,
  TopicView,
  ViewProblem,
} from '../../core/cluster-view.ts';
import { isSameList } from '../../core/same-list.ts';
import type { CommitsRow, GroupRow, Offset, PartitionRow, Rows, TopicRow } from './rows-schema.ts';
import { isShort, shortText, shortTexts } from './short-text.ts';

/** JSON has no bigint: numbers where they are exact, text where they are not. */
const offsetOf = (offset: bigint | undefined): Offset | null => {
  if (offset === undefined) return null;
  const number = Number(offset);
  return Number.isSafeInteger(number) ? number : offset.toString();
};

/** Strings and problems are written once and referred to by index: one dead broker's problem stands at thousands of items. */
class Table<Item> {
  readonly items: Item[] = [];
  readonly #indexByKey = new Map<Item | string, number>();
  readonly #keyOf: (item: Item) => Item | string;

  constructor(keyOf: (item: Item) => Item | string) {
    this.#keyOf = keyOf;
  }

  index(item: Item): number {
    const key = this.#keyOf(item);
    const known = this.#indexByKey.get(key);
    if (known !== undefined) return known;
    this.#indexByKey.set(key, this.items.length);
    return this.items.push(item) - 1;
  }

  /** −1 for an absent item. */
  indexOrNone(item: Item | undefined): number {
    return item === undefined ? -1 : this.index(item);
  }
}

type Tables = { readonly names: Table<string>; readonly problems: Table<ViewProblem> };

const partitionRow = (partition: PartitionView, { problems }: Tables): PartitionRow => {
  const { replicaIds, inSyncReplicaIds, offlineReplicaIds } = partition;
  return [
    partition.partition,
    partition.leaderId ?? -1,
    replicaIds,
    isSameList(replicaIds, inSyncReplicaIds) ? 0 : inSyncReplicaIds,
    offlineReplicaIds.length === 0 ? 0 : offlineReplicaIds,
    offsetOf(partition.earliestOffset),
    offsetOf(partition.latestOffset),
    problems.indexOrNone(partition.offsetsProblem),
    partition.leaderEpoch ?? -1,
    problems.indexOrNone(partition.problem),
    partition.addingReplicaIds ?? 0,
    partition.removingReplicaIds ?? 0,
  ];
};

/** A setting may hold a list of thousands: it is left out and told, since half a value is another value. */
const settingsOf = ({ settings, settingsProblem }: TopicView): Pick<TopicView, 'settings' | 'settingsProblem'> => {
  if (settings === undefined) return settingsProblem === undefined ? {} : { settingsProblem };
  const all = Object.entries(settings);
  const short = all.filter(([name, value]) => isShort(name) && isShort(value));
  if (short.length === all.length) return { settings, ...(settingsProblem && { settingsProblem }) };
  const message = `${all.length - short.length} of ${all.length} settings are too long to be told`;
  return {
    settings: Object.fromEntries(short),
    settingsProblem: settingsProblem ?? { kind: 'too-large', message },
  };
};

const topicRow = (topic: TopicView, tables: Tables): TopicRow => {
  const { settings, settingsProblem } = settingsOf(topic);
  return [
    tables.names.index(topic.name),
    topic.topicId ?? null,
    topic.isInternal ? 1 : 0,
    settings ?? null,
    tables.problems.indexOrNone(settingsProblem),
    tables.problems.indexOrNone(topic.problem),
    topic.partitions.map((partition) => partitionRow(partition, tables)),
  ];
};

/** An application may call its client what it likes, and as long as it likes. */
const memberOf = ({ assignment, ...member }: GroupMemberView): GroupMemberView => ({
  ...shortTexts(member),
  assignment,
});

/** Commits in their order, cut where the topic changes. */
const commitsRows = (commits: readonly CommitView[], { names, problems }: Tables): readonly CommitsRow[] => {
  const rows: [number, [number, Offset | null, number][]][] = [];
  let topic: string | undefined;
  for (const commit of commits) {
    if (topic !== commit.topic) rows.push([names.index(commit.topic), []]);
    topic = commit.topic;
    rows.at(-1)?.[1].push([commit.partition, offsetOf(commit.committedOffset), problems.indexOrNone(commit.problem)]);
  }
  return rows;
};

const groupRow = (group: GroupView, tables: Tables): GroupRow => [
  group.groupId,
  group.coordinatorId,
  group.protocol,
  shortText(group.protocolType),
  shortText(group.state),
  group.members.map(memberOf),
  group.commits === undefined ? null : commitsRows(group.commits, tables),
  tables.problems.indexOrNone(group.commitsProblem),
  tables.problems.indexOrNone(group.problem),
  group.membersLeftOut ?? 0,
];

/**
 * A view as rows without names of fields: a third of its JSON, and still readable. Texts that applications chose and words
 * of brokers are shortened where they are long; names of topics and groups never.
 */
export const rowsOf = (view: ClusterView): Rows => {
  const names = new Table<string>((name) => name);
  const problems = new Table<ViewProblem>((problem) => JSON.stringify(problem));
  const { topics, groups, brokers, ...rest } = view;
  const tables: Tables = { names, problems };
  const topicRows = topics.map((topic) => topicRow(topic, tables));
  const groupRows = groups?.map((group) => groupRow(group, tables));
  return {
    ...shortTexts(rest),
    brokers: shortTexts(brokers),
    topics: topicRows,
    ...(groupRows === undefined ? {} : { groups: groupRows }),
    names: names.items,
    problemTable: problems.items.map((problem) => shortTexts(problem)),
  };
};
