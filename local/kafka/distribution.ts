import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { compareChecksums, fetchChecksums, parseChecksums } from './checksums.ts';
import { hasErrorCode } from './error-code.ts';
import { LocalKafkaError } from './errors.ts';
import { withFileLock } from './file-lock.ts';
import { runCommand } from './run-command.ts';
import { checksumsPath, type KafkaVersion, pomPath } from './versions.ts';

export type DistributionOptions = {
  /** Where versions are kept; `defaultCacheDirectory()` unless a test says otherwise. */
  readonly cacheDirectory?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
};

/** `$XDG_CACHE_HOME/mskeeper/kafka`, outside the checkout, so that fresh clones share one download. */
const defaultCacheDirectory = (environment: NodeJS.ProcessEnv = process.env): string =>
  join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'mskeeper', 'kafka');

/** The directory of a version's jars, whether it is there or not. */
export const jarDirectory = (version: KafkaVersion, cacheDirectory = defaultCacheDirectory()): string =>
  join(cacheDirectory, version);

/** True where the version was downloaded and checked before. */
export const isCached = async (version: KafkaVersion, cacheDirectory?: string): Promise<boolean> => {
  try {
    return (await readdir(jarDirectory(version, cacheDirectory))).length > 0;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return false;
    throw error;
  }
};

/** Downloads all jars of the version's pom into an empty directory. Throws with Maven's own words where it fails. */
export const downloadJars = async (version: KafkaVersion, directory: string, signal?: AbortSignal): Promise<void> => {
  const { code, stdout, stderr } = await runCommand(
    [
      'mvn',
      '--batch-mode',
      '--quiet',
      '--file',
      pomPath(version),
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${directory}`,
    ],
    { signal, lastWords: ':' },
  );
  if (code !== 0)
    throw new LocalKafkaError(
      `Maven could not download Kafka ${version} (exit status ${code}):\n${(stdout + stderr).trim().slice(-2000)}`,
    );
};

/** Refuses a directory that differs in any file from the committed sums. */
const refuseMismatch = async (version: KafkaVersion, directory: string, remedy: string): Promise<void> => {
  const pinned = parseChecksums(await readFile(checksumsPath(version), 'utf8'));
  const differences = compareChecksums(pinned, await fetchChecksums(directory));
  if (differences.length > 0)
    throw new LocalKafkaError(
      `Kafka ${version} in ${directory} is not what was pinned: ${differences.join('; ')}. ${remedy}`,
    );
};

const install = async (version: KafkaVersion, directory: string, options: DistributionOptions): Promise<void> => {
  const incoming = `${directory}.incoming-${process.pid}-${crypto.randomUUID()}`;
  try {
    await mkdir(incoming, { recursive: true });
    await downloadJars(version, incoming, options.signal);
    await refuseMismatch(version, incoming, 'Nothing was installed.');
    await rename(incoming, directory);
  } catch (error) {
    // Another process has installed the same, checked files meanwhile.
    if (!hasErrorCode(error, 'ENOTEMPTY') && !hasErrorCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(incoming, { recursive: true, force: true });
  }
};

/**
 * The directory with every jar of a version, each checked against its pinned SHA-256 at every call: downloaded by Maven
 * the first time, then taken from the cache. Safe to call from several processes at once.
 */
export const fetchDistribution = async (version: KafkaVersion, options: DistributionOptions = {}): Promise<string> => {
  const directory = jarDirectory(version, options.cacheDirectory);
  if (!(await isCached(version, options.cacheDirectory))) {
    await withFileLock(
      `${directory}.lock`,
      async () => {
        if (await isCached(version, options.cacheDirectory)) return;
        options.onProgress?.(`Kafka ${version}: downloading about 45 MB from Maven Central into ${directory}`);
        await install(version, directory, options);
        options.onProgress?.(`Kafka ${version}: downloaded, all checksums match`);
      },
      {
        signal: options.signal,
        onWait: () => options.onProgress?.(`Kafka ${version}: waiting for another process that downloads it`),
      },
    );
  }
  await refuseMismatch(version, directory, `Remove that directory to download it again.`);
  return directory;
};
