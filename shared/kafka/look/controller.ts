import type { ControllerView } from '../../core/cluster-view.ts';
import { describeQuorum } from '../codecs/describe-quorum.ts';
import { problemUnlessNone } from '../wire/kafka-error.ts';
import { type BrokerLink, canAnswer, firstConnected } from './broker-link.ts';

const fromMetadata = (controllerId: number): ControllerView =>
  controllerId < 0 ? { toldBy: 'metadata' } : { toldBy: 'metadata', brokerId: controllerId };

/**
 * Who controls the cluster. The quorum's leader where brokers tell of a quorum; else (ZooKeeper) what Metadata says.
 * A quorum that says it has no leader has neither `brokerId` nor `problem`; one that does not answer has a `problem`.
 */
export const fetchController = async (
  links: readonly BrokerLink[],
  metadataControllerId: number,
): Promise<ControllerView> => {
  const link = await firstConnected(links);
  if (link === undefined || !(await canAnswer(link, describeQuorum))) return fromMetadata(metadataControllerId);
  const reply = await link.ask(describeQuorum, {});
  if (!reply.isAnswered) return { toldBy: 'quorum', problem: reply.problem };
  const { errorCode, partitionErrorCode = 0, leaderId = -1 } = reply.answer;
  const problem = problemUnlessNone(errorCode) ?? problemUnlessNone(partitionErrorCode);
  if (problem !== undefined) return { toldBy: 'quorum', problem };
  return leaderId < 0 ? { toldBy: 'quorum' } : { toldBy: 'quorum', brokerId: leaderId };
};
