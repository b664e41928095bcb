import { LocalKafkaError } from './errors.ts';
import { commandNotFound, runCommand } from './run-command.ts';
import type { KafkaVersion } from './versions.ts';

const lowestJavaMajor = 17;

/** What a machine offers to run Kafka with, as far as it was asked. */
export type Facilities = {
  /** Major version of `java`, absent where there is none. */
  readonly javaMajor?: number;
  /** False also where it was not asked for. */
  readonly hasMaven: boolean;
  /** The container command whose engine answers. */
  readonly containerCommand?: 'docker' | 'podman';
};

/** How brokers and tools are run: by the machine's own Java, or inside the image `apache/kafka`. */
export type RuntimeKind =
  | { readonly kind: 'java' }
  | { readonly kind: 'container'; readonly command: 'docker' | 'podman' };

const install =
  `Install a Java runtime ${lowestJavaMajor} or newer and Maven 3.6 or newer (Debian, Ubuntu: ` +
  '`apt install openjdk-17-jre-headless maven`; macOS: `brew install openjdk@17 maven`), ' +
  'or start Docker or Podman, or give a running cluster with `--bootstrap`.';

/**
 * Chooses how to run a version. Own Java comes first (loopback listeners, real signals, one download for all); Maven is
 * only needed while the jars are not cached. Throws LocalKafkaError that names what is missing and what to install.
 */
export const planRuntime = (version: KafkaVersion, isCached: boolean, found: Facilities): RuntimeKind => {
  const hasJava = (found.javaMajor ?? 0) >= lowestJavaMajor;
  if (hasJava && (isCached || found.hasMaven)) return { kind: 'java' };
  const missing = hasJava
    ? '`mvn` was not found, and the jars are not in the cache'
    : found.javaMajor === undefined
      ? '`java` was not found'
      : `\`java\` is version ${found.javaMajor}`;
  if (found.containerCommand === undefined)
    throw new LocalKafkaError(
      `Kafka ${version} cannot run here: ${missing}, and no container engine answers. ${install}`,
    );
  if (version.startsWith('3.6'))
    throw new LocalKafkaError(
      `Kafka ${version} cannot run here: ${missing}, and the image apache/kafka begins with 3.7. ${install}`,
    );
  return { kind: 'container', command: found.containerCommand };
};

/** The major version in what `java -version` prints (`openjdk version "17.0.15"`, `java version "1.8.0_402"`). */
export const parseJavaMajor = (text: string): number | undefined => {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  if (first === undefined) return undefined;
  return first === '1' && second !== undefined ? Number(second) : Number(first);
};

/**
 * Asks the machine, but no more than is needed: Maven, itself a Java program, only where jars are to be downloaded, and a
 * container engine only where Java or Maven is missing.
 */
export const fetchFacilities = async (
  isCached: boolean,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Facilities> => {
  const [java, maven] = await Promise.all([
    runCommand([javaCommand(environment), '-version'], { environment }),
    isCached ? { code: commandNotFound } : runCommand(['mvn', '-version'], { environment }),
  ]);
  const javaMajor = java.code === 0 ? parseJavaMajor(java.stderr + java.stdout) : undefined;
  const hasMaven = maven.code === 0;
  const base = { hasMaven, ...(javaMajor === undefined ? {} : { javaMajor }) };
  if (javaMajor !== undefined && javaMajor >= lowestJavaMajor && (isCached || hasMaven)) return base;
  for (const containerCommand of ['docker', 'podman'] as const) {
    const { code } = await runCommand([containerCommand, 'info'], { environment });
    if (code === 0) return { ...base, containerCommand };
  }
  return base;
};

/** `JAVA_HOME`'s java where it is set, as Maven does, else the one on the path. */
export const javaCommand = (environment: NodeJS.ProcessEnv = process.env): string =>
  environment.JAVA_HOME ? `${environment.JAVA_HOME}/bin/java` : 'java';
