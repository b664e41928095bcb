import type { ControllerView, ViewProblem } from '../../core/cluster-view.ts';
import { listPartitionReassignments, type ReassignmentsAnswer } from '../codecs/list-partition-reassignments.ts';
import type { MetadataTopic } from '../codecs/metadata.ts';
import { kafkaErrorCode, problemUnlessNone } from '../wire/kafka-error.ts';
import { type AskableLinks, askAnyBroker, nobodyToAsk } from './any-broker.ts';
import type { BrokerLink } from './broker-link.ts';

export type Moving = { readonly addingReplicaIds: readonly number[]; readonly removingReplicaIds: readonly number[] };

export type Reassignments = {
  /** By topic, then partition. */
  readonly movingByTopic: ReadonlyMap<string, ReadonlyMap<number, Moving>>;
  readonly problem?: ViewProblem;
};

/** So long the broker may wait for the controller. */
const controllerMs = 5_000;

/** Something hangs on it: copies are late, or a topic's partitions have not as many. */
const isWorthAsking = ({ partitions }: MetadataTopic): boolean =>
  new Set(partitions.map(({ replicaIds }) => replicaIds.length)).size > 1 ||
  partitions.some(({ replicaIds, inSyncReplicaIds }) => inSyncReplicaIds.length < replicaIds.length);

/** NOT_CONTROLLER and others may be that broker's own; a refusal is the same of every broker. */
const isLastWord = ({ errorCode }: ReassignmentsAnswer): boolean =>
  errorCode === kafkaErrorCode.none || problemUnlessNone(errorCode)?.kind === 'denied';

const ask = async (links: AskableLinks, brokers: readonly BrokerLink[], controller: ControllerView) => {
  const request = { timeoutMs: controllerMs };
  if (controller.toldBy === 'quorum') return askAnyBroker(links, listPartitionReassignments, request, isLastWord);
  // Without a quorum (ZooKeeper) the controller alone knows.
  const trusted = brokers.filter(({ brokerId }) => brokerId === controller.brokerId);
  return askAnyBroker({ trusted, doubted: [] }, listPartitionReassignments, request);
};

/** Reassignments under way (KIP-455), asked for only where something hangs on them. */
export const fetchReassignments = async (
  links: AskableLinks,
  brokers: readonly BrokerLink[],
  topics: readonly MetadataTopic[],
  controller: ControllerView,
): Promise<Reassignments> => {
  const movingByTopic = new Map<string, Map<number, Moving>>();
  if (!topics.some(isWorthAsking)) return { movingByTopic };
  const { reply } = await ask(links, brokers, controller);
  if (reply === undefined) return { movingByTopic, problem: nobodyToAsk(listPartitionReassignments.name) };
  if (!reply.isAnswered) return { movingByTopic, problem: reply.problem };
  const { errorCode, errorMessage, reassignments } = reply.answer;
  const problem = problemUnlessNone(errorCode, errorMessage);
  if (problem !== undefined) return { movingByTopic, problem };
  for (const { topic, partition, ...moving } of reassignments) {
    const byPartition = movingByTopic.get(topic) ?? new Map<number, Moving>();
    movingByTopic.set(topic, byPartition.set(partition, moving));
  }
  return { movingByTopic };
};
