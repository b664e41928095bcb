import type { ClusterView } from '../../shared/core/cluster-view.ts';

type Commit = { readonly current: string; readonly end: string };

/** Rows of `kafka-consumer-groups --describe`: GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG …, by the first three. */
export const parseToolRows = (stdout: string): ReadonlyMap<string, Commit> => {
  const rows = new Map<string, Commit>();
  for (const line of stdout.split('\n')) {
    const [group, topic, partition, current, end] = line.trim().split(/\s+/);
    if (group === undefined || group === 'GROUP' || current === undefined || end === undefined) continue;
    if (!/^\d+$/.test(partition ?? '')) continue;
    rows.set(`${group} ${topic} ${partition}`, { current, end });
  }
  return rows;
};

const rowsOf = (view: ClusterView): ReadonlyMap<string, Commit> => {
  const ends = new Map(
    view.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partition, latestOffset }) => [`${name} ${partition}`, latestOffset] as const),
    ),
  );
  return new Map(
    (view.groups ?? []).flatMap(({ groupId, commits = [] }) =>
      commits.map(({ topic, partition, committedOffset }) => {
        const end = ends.get(`${topic} ${partition}`);
        return [
          `${groupId} ${topic} ${partition}`,
          { current: committedOffset?.toString() ?? '-', end: end?.toString() ?? '-' },
        ] as const;
      }),
    ),
  );
};

/** Rows where the view and the official tool differ, as sentences. */
export const compareWithTool = (view: ClusterView, stdout: string): readonly string[] => {
  const ours = rowsOf(view);
  const theirs = parseToolRows(stdout);
  const differences: string[] = [];
  for (const [key, { current, end }] of theirs) {
    const our = ours.get(key);
    if (our === undefined) differences.push(`${key}: only the tool has it`);
    else if (our.current !== current || our.end !== end) {
      differences.push(`${key}: ${our.current} of ${our.end}, the tool says ${current} of ${end}`);
    }
  }
  for (const key of ours.keys()) if (!theirs.has(key)) differences.push(`${key}: only the view has it`);
  return differences;
};
