import { randomBytes } from 'node:crypto';
import { LocalKafkaError } from './errors.ts';
import { type Launch, lastWords, launchCommand, type Runtime } from './launch.ts';
import { runCommand } from './run-command.ts';

/** A KRaft cluster id: 16 bytes in URL-safe base64, never with a leading dash, which would read as an option. */
export const newClusterId = (): string => {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
};

export type ScramUser = { readonly username: string; readonly password: string };

/** Arguments of `kafka-storage format` with static voters, the same for the 3.6 line and Kafka 4. */
export const formatArguments = (
  clusterId: string,
  propertiesPath: string,
  users: readonly ScramUser[] = [],
): string[] => [
  'format',
  '--cluster-id',
  clusterId,
  '--config',
  propertiesPath,
  ...users.flatMap(({ username, password }) => [
    '--add-scram',
    `SCRAM-SHA-512=[name=${username},password=${password}]`,
  ]),
];

/** Makes a broker's data directory. Throws with the tool's own words where it refuses. */
export const formatStorage = async (runtime: Runtime, launch: Launch, signal?: AbortSignal): Promise<void> => {
  const { code, stdout, stderr } = await runCommand(launchCommand(runtime, launch), {
    signal,
    lastWords: lastWords(runtime, launch.name),
  });
  if (code !== 0)
    throw new LocalKafkaError(
      `kafka-storage format failed (exit status ${code}): ${(stderr + stdout).trim().slice(-1500)}`,
    );
};
