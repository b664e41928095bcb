import type { WitnessView } from '../../core/cluster-view.ts';
import { agreeOnBrokers } from './agreed-brokers.ts';
import { type AgreedTopic, agreeOnTopics } from './agreed-topics.ts';
import { descriptionsOf, type ListedBroker, listOf, type Testimony } from './testimony.ts';
import { viewWitnesses } from './witness-view.ts';
import type { Hearing } from './witnesses.ts';

/** What stands of all that the witnesses said. */
export type Agreement = {
  readonly clusterId: string | undefined;
  readonly brokers: readonly ListedBroker[];
  /** The list of brokers as one text, by which it is known who is behind. */
  readonly brokerList: string;
  readonly topics: readonly AgreedTopic[];
  readonly witnesses: readonly WitnessView[];
  /** Descriptions of our cluster alone. */
  readonly testimonies: readonly Testimony[];
};

/** Undefined where nobody told everything about one cluster, or nobody knows which of several is ours. */
export const agree = ({ testimonies, clusterIds }: Hearing): Agreement | undefined => {
  const [clusterId] = clusterIds;
  const ours = descriptionsOf(testimonies, clusterId);
  if (clusterIds.length !== 1 || ours.every(({ depth }) => depth !== 'full')) return undefined;
  const brokers = agreeOnBrokers(ours);
  const brokerList = listOf({ brokers });
  const { topics, overruledCounts } = agreeOnTopics(ours, brokerList);
  const witnesses = viewWitnesses(testimonies, brokers, clusterId, overruledCounts);
  return { clusterId, brokers, brokerList, topics, witnesses, testimonies: ours };
};
