import { keyOf } from './options.ts';
import { isDescription, type Testimony } from './testimony.ts';

/**
 * Which cluster the bootstrap servers lead to, by its id: that of most of them. An address may have become another
 * cluster's, and what that one says is never mixed with ours.
 *
 * @param serverKeys the bootstrap servers' addresses
 * @returns ids of the clusters that as many lead to: one, but where nobody knows which is ours; none where nobody answered.
 *   A cluster that tells no id has `undefined`.
 */
export const clusterIdsOf = (
  testimonies: readonly Testimony[],
  serverKeys: ReadonlySet<string>,
): readonly (string | undefined)[] => {
  const described = testimonies.filter(isDescription);
  const servers = described.filter(({ address }) => serverKeys.has(keyOf(address)));
  const byId = Map.groupBy(servers, ({ clusterId }) => clusterId);
  const most = Math.max(0, ...[...byId.values()].map(({ length }) => length));
  return [...byId].flatMap(([id, voters]) => (voters.length === most ? [id] : []));
};
