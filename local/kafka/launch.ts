import { join } from 'node:path';
import type { KafkaVersion } from './versions.ts';

/** Where Kafka's classes are: jars for the machine's own Java, or an image for a container engine. */
export type Runtime =
  | {
      readonly kind: 'java';
      readonly version: KafkaVersion;
      readonly java: string;
      readonly jars: readonly string[];
      /** A class data archive that halves the start (JEP 350); absent where none could be made. */
      readonly classArchive?: string | undefined;
      /** Where Java shall write such an archive when it ends. */
      readonly recordClassesTo?: string;
    }
  | { readonly kind: 'container'; readonly version: KafkaVersion; readonly command: 'docker' | 'podman' };

export type Launch = {
  readonly mainClass: string;
  readonly args: readonly string[];
  /** Unique on this machine; names the container. */
  readonly name: string;
  readonly heapMegabytes: number;
  readonly logLevel: 'INFO' | 'WARN';
  /** Mounted into a container under its own path: properties, certificates, data. */
  readonly directory: string;
};

// Start time counts more than peak speed here: no optimising compiler, no parallel collector on two cores.
const quickStart = [
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
  // A killed Java would leave its file of counters in the temporary directory.
  '-XX:-UsePerfData',
  // What Java says about an archive that doesn't fit would end up in a tool's answer.
  '-Xlog:disable',
  '-Xlog:all=error:stderr',
];

const flags = (version: KafkaVersion, launch: Launch): string[] => [
  '-Xms48m',
  `-Xmx${launch.heapMegabytes}m`,
  ...quickStart,
  '-Djava.awt.headless=true',
  `-Dmskeeper.log.level=${launch.logLevel}`,
  version.startsWith('3.')
    ? `-Dlog4j.configuration=file:${join(launch.directory, 'log4j.properties')}`
    : `-Dlog4j2.configurationFile=${join(launch.directory, 'log4j2.properties')}`,
];

/** The image's user must be able to write the mounted directory, and what it writes must be removable afterwards. */
const userFlags = (): string[] => {
  const user = process.getuid?.();
  const group = process.getgid?.();
  return user === undefined || group === undefined ? [] : ['--user', `${user}:${group}`];
};

/**
 * The command that runs a main class of Kafka. In a container, the network is the host's: listeners stay on loopback and
 * keep their ports, as without one. Thin by intent; not run where this was written, for want of a container engine.
 */
export const launchCommand = (runtime: Runtime, launch: Launch): [string, ...string[]] => {
  switch (runtime.kind) {
    case 'java':
      return [
        runtime.java,
        ...flags(runtime.version, launch),
        ...(runtime.classArchive === undefined ? [] : [`-XX:SharedArchiveFile=${runtime.classArchive}`]),
        ...(runtime.recordClassesTo === undefined ? [] : [`-XX:ArchiveClassesAtExit=${runtime.recordClassesTo}`]),
        '-cp',
        runtime.jars.join(':'),
        launch.mainClass,
        ...launch.args,
      ];
    case 'container':
      return [
        runtime.command,
        'run',
        '--rm',
        '--interactive',
        '--name',
        launch.name,
        '--network',
        'host',
        ...userFlags(),
        '--volume',
        `${launch.directory}:${launch.directory}`,
        '--entrypoint',
        '/opt/java/openjdk/bin/java',
        `apache/kafka:${runtime.version}`,
        ...flags(runtime.version, launch),
        '-cp',
        '/opt/kafka/libs/*',
        launch.mainClass,
        ...launch.args,
      ];
    default:
      return runtime satisfies never;
  }
};

/** A shell command that takes the process down when its starter is gone: a container outlives its client. */
export const lastWords = (runtime: Runtime, name: string): string =>
  runtime.kind === 'container' ? `${runtime.command} rm --force ${name}` : ':';

/** How a signal reaches the Java process: absent where it is a process of this machine and takes plain signals. */
export const signalCommand = (
  runtime: Runtime,
  name: string,
  signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT',
): [string, ...string[]] | undefined => {
  if (runtime.kind === 'java') return undefined;
  switch (signal) {
    case 'SIGKILL':
    case 'SIGTERM':
      return [runtime.command, 'kill', '--signal', signal, name];
    case 'SIGSTOP':
      return [runtime.command, 'pause', name];
    case 'SIGCONT':
      return [runtime.command, 'unpause', name];
    default:
      return signal satisfies never;
  }
};
