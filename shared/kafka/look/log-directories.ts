import type { BrokerView, LogDirectoryView, ViewProblem } from '../../core/cluster-view.ts';
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

/**
 * A broker that runs has a directory. Below version 3 (Kafka before 3.2) the answer has no error code of its own, and an
 * empty one means that we may not describe the cluster (KIP-784).
 */
const noDirectoryProblem: ViewProblem = {
  kind: 'denied',
  message: 'no log directory was listed: a Kafka before 3.2 tells in this way that we may not describe the cluster',
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
  if (reply.answer.directories.length === 0) return { logDirectoriesProblem: noDirectoryProblem };
  return { logDirectories: reply.answer.directories.map((one) => composeDirectory(one, isByTopic)) };
};
