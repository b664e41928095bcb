import type { BrokerView, LogDirectoryView } from '../../core/cluster-view.ts';
import { describeLogDirs, type LogDirectory } from '../codecs/describe-log-dirs.ts';
import { problemUnlessNone } from '../wire/kafka-error.ts';
import type { BrokerLink } from './broker-link.ts';

/** Sizes fit a double up to 9 petabytes. */
const bytesOf = (replicas: LogDirectory['topics'][number]['replicas']): number =>
  Number(replicas.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0n));

const usedBytesOf = ({ topics }: LogDirectory): number =>
  topics.reduce((sum, { replicas }) => sum + bytesOf(replicas), 0);

const usedBytesByTopicOf = ({ topics }: LogDirectory): Readonly<Record<string, number>> =>
  Object.fromEntries(topics.map(({ topic, replicas }) => [topic, bytesOf(replicas)]));

const volumeBytes = (bytes: bigint | undefined): number | undefined =>
  bytes === undefined || bytes < 0n ? undefined : Number(bytes);

const composeDirectory = (directory: LogDirectory, isByTopic: boolean): LogDirectoryView => {
  const problem = problemUnlessNone(directory.errorCode);
  const totalBytes = volumeBytes(directory.totalBytes);
  const usableBytes = volumeBytes(directory.usableBytes);
  return {
    path: directory.path,
    ...(problem === undefined ? { usedBytes: usedBytesOf(directory) } : { problem }),
    ...(problem === undefined && isByTopic ? { usedBytesByTopic: usedBytesByTopicOf(directory) } : {}),
    ...(totalBytes === undefined ? {} : { totalBytes }),
    ...(usableBytes === undefined ? {} : { usableBytes }),
  };
};

/** One broker's log directories; an offline one keeps its own problem. */
export const fetchLogDirectories = async (
  link: BrokerLink,
  isByTopic: boolean,
): Promise<Pick<BrokerView, 'logDirectories' | 'logDirectoriesProblem'>> => {
  const reply = await link.ask(describeLogDirs, {});
  if (!reply.isAnswered) return { logDirectoriesProblem: reply.problem };
  const problem = problemUnlessNone(reply.answer.errorCode);
  if (problem !== undefined) return { logDirectoriesProblem: problem };
  return { logDirectories: reply.answer.directories.map((one) => composeDirectory(one, isByTopic)) };
};
