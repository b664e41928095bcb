import { basename, join } from 'node:path';
import { lastWords, launchCommand, type Runtime } from './launch.ts';
import type { ListenerName } from './listeners.ts';
import { type CommandResult, runCommand } from './run-command.ts';
import { findTool, type ToolClient, type ToolName, toolArguments } from './tools.ts';

export type ToolOptions = {
  /** By which the tool connects; `plaintext` where not given. */
  readonly listener?: ListenerName;
  /** Standard input, for the console producer. */
  readonly input?: string;
  /** Ends the tool (SIGTERM, after 5 s SIGKILL) and rejects. */
  readonly signal?: AbortSignal;
  readonly isOutputDropped?: boolean;
};

const toolHeapMegabytes = 128;

/** Client settings for the official tools, one file for each secured listener. */
export const clientSettingsPath = (directory: string, listener: ListenerName): string =>
  join(directory, `client-${listener}.properties`);

/** A cluster as its tools are run: `directory` holds the client settings. */
export type ToolCluster = Pick<ToolClient, 'bootstrapServers' | 'zooKeeperAddress'> & {
  readonly runtime: Runtime;
  readonly directory: string;
};

/** Runs an official tool to its end and returns what it printed and its exit status, whatever that is. */
export const runTool = (
  cluster: ToolCluster,
  name: ToolName,
  args: readonly string[],
  options: ToolOptions,
): Promise<CommandResult> => {
  const { runtime, directory, bootstrapServers, zooKeeperAddress } = cluster;
  const listener = options.listener ?? 'plaintext';
  const settingsPath = clientSettingsPath(directory, listener);
  const client = { listener, bootstrapServers, zooKeeperAddress, settingsPath };
  const containerName = `${basename(directory)}-${name}-${crypto.randomUUID()}`;
  const command = launchCommand(runtime, {
    mainClass: findTool(name, runtime.version).mainClass,
    args: toolArguments(name, runtime.version, args, client),
    name: containerName,
    heapMegabytes: toolHeapMegabytes,
    logLevel: 'WARN',
    directory,
  });
  return runCommand(command, {
    input: options.input,
    isOutputDropped: options.isOutputDropped,
    signal: options.signal,
    lastWords: lastWords(runtime, containerName),
  });
};
