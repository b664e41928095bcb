import type { GroupView } from '../../core/cluster-view.ts';
import { findCoordinator } from '../codecs/find-coordinator.ts';
import type { ListedGroup } from '../codecs/list-groups.ts';
import { type AskableLinks, askAnyBroker } from './any-broker.ts';
import { fetchListedGroups, type GroupQuestions, hasMoved } from './broker-groups.ts';
import type { BrokerLink } from './broker-link.ts';

const listingOf = ({ groupId, protocolType, state, protocol }: GroupView): ListedGroup => ({
  groupId,
  protocolType,
  state,
  type: protocol === 'unknown' ? undefined : protocol,
});

/**
 * Asks once more for the groups that moved to another coordinator while we looked (NOT_COORDINATOR). What fails again
 * keeps its problem.
 *
 * @returns the groups with what could be mended put in place
 */
export const mendMovedGroups = async (
  groups: readonly GroupView[],
  askable: AskableLinks,
  links: readonly BrokerLink[],
  questions: GroupQuestions,
): Promise<readonly GroupView[]> => {
  const moved = groups.filter(hasMoved);
  if (moved.length === 0) return groups;
  const { reply } = await askAnyBroker(askable, findCoordinator, { groupIds: moved.map(({ groupId }) => groupId) });
  if (!reply?.isAnswered) return groups;

  const brokerIdByGroup = new Map(
    reply.answer.filter(({ errorCode }) => errorCode === 0).map(({ groupId, brokerId }) => [groupId, brokerId]),
  );
  const mended = await Promise.all(
    links.map(async (link) => {
      const movedHere = moved.filter(({ groupId }) => brokerIdByGroup.get(groupId) === link.brokerId);
      return movedHere.length === 0 ? [] : fetchListedGroups(link, movedHere.map(listingOf), questions);
    }),
  );
  const mendedById = new Map(mended.flat().map((group) => [group.groupId, group]));
  return groups.map((group) => (hasMoved(group) ? (mendedById.get(group.groupId) ?? group) : group));
};

/** A group that two brokers listed, as it moved, is kept once: where it was described without a problem. */
export const withoutDuplicates = (groups: readonly GroupView[]): readonly GroupView[] => {
  const byId = new Map<string, GroupView>();
  for (const group of groups) {
    const known = byId.get(group.groupId);
    if (known === undefined || known.problem !== undefined) byId.set(group.groupId, group);
  }
  return [...byId.values()];
};
