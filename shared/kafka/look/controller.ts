import type { ControllerView } from '../../core/cluster-view.ts';
import { describeQuorum, type QuorumAnswer } from '../codecs/describe-quorum.ts';
import { problemUnlessNone } from '../wire/kafka-error.ts';
import { votersOf } from './agreed-brokers.ts';
import { type AskableLinks, askAnyBroker } from './any-broker.ts';
import { keyOf } from './options.ts';
import type { Testimony } from './testimony.ts';

/** What most witnesses name. On KRaft each names a random live broker, on ZooKeeper all of them the controller. */
const fromMetadata = (testimonies: readonly Testimony[]): ControllerView => {
  const voters = votersOf(testimonies);
  const byId = Map.groupBy(voters, ({ controllerId }) => controllerId);
  const [first, second] = [...byId].sort(([, left], [, right]) => right.length - left.length);
  if (first === undefined) return { toldBy: 'metadata' };
  const [controllerId, naming] = first;
  if (second?.[1].length === naming.length) {
    const told = voters
      .map(({ address, controllerId: id }) => `${keyOf(address)} says ${id < 0 ? 'none' : id}`)
      .sort()
      .join(', ');
    const message = `brokers do not agree on the controller: ${told}`;
    return { toldBy: 'metadata', problem: { kind: 'bad-answer', message } };
  }
  return controllerId < 0 ? { toldBy: 'metadata' } : { toldBy: 'metadata', brokerId: controllerId };
};

const problemOfAnswer = ({ errorCode, partitionErrorCode = 0 }: QuorumAnswer) =>
  problemUnlessNone(errorCode) ?? problemUnlessNone(partitionErrorCode);

/** A refusal is the same of every broker. That nobody leads is asked of another: it may be the broker that does not know. */
const isLastWord = (answer: QuorumAnswer): boolean => {
  const problem = problemOfAnswer(answer);
  return problem === undefined ? (answer.leaderId ?? -1) >= 0 : problem.kind === 'denied';
};

/**
 * Who controls the cluster. The quorum's leader where brokers tell of a quorum; else (ZooKeeper) what Metadata says.
 * A quorum that says it has no leader has neither `brokerId` nor `problem`; one that no broker tells of has a `problem`.
 */
export const fetchController = async (
  links: AskableLinks,
  testimonies: readonly Testimony[],
): Promise<ControllerView> => {
  const { reply, unansweredByIds } = await askAnyBroker(links, describeQuorum, {}, isLastWord);
  if (reply === undefined) return fromMetadata(testimonies);
  if (!reply.isAnswered) return { toldBy: 'quorum', problem: reply.problem };
  const unanswered = unansweredByIds.length === 0 ? {} : { unansweredByIds };
  const problem = problemOfAnswer(reply.answer);
  if (problem !== undefined) return { toldBy: 'quorum', ...unanswered, problem };
  const { leaderId = -1 } = reply.answer;
  return leaderId < 0 ? { toldBy: 'quorum', ...unanswered } : { toldBy: 'quorum', brokerId: leaderId, ...unanswered };
};
