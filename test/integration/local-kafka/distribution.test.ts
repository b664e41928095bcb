import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchDistribution, isCached, jarDirectory } from '../../../local/kafka/distribution.ts';
import { LocalKafkaError } from '../../../local/kafka/errors.ts';
import { newestKafka } from '../../../local/kafka/versions.ts';

describe('the jars of a version', () => {
  let cacheDirectory = '';
  beforeEach(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), 'mskeeper-cache-'));
  });
  afterEach(() => rm(cacheDirectory, { recursive: true }));

  const copyOfCache = async (): Promise<string> => {
    const directory = jarDirectory(newestKafka, cacheDirectory);
    await cp(await fetchDistribution(newestKafka), directory, { recursive: true });
    return directory;
  };

  it('are downloaded once for two that want them at the same time', async () => {
    const lines: string[] = [];
    const fetch = () => fetchDistribution(newestKafka, { cacheDirectory, onProgress: (line) => lines.push(line) });
    expect(await Promise.all([fetch(), fetch()])).toEqual(Array(2).fill(jarDirectory(newestKafka, cacheDirectory)));
    expect(lines.filter((line) => line.includes('downloading'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('all checksums match'))).toHaveLength(1);
    expect(await isCached(newestKafka, cacheDirectory)).toBe(true);
  });

  it('are refused where one differs by a byte from what was pinned', async () => {
    const directory = await copyOfCache();
    await appendFile(join(directory, `kafka-clients-${newestKafka}.jar`), ' ');
    const fetched = fetchDistribution(newestKafka, { cacheDirectory });
    await expect(fetched).rejects.toThrow(LocalKafkaError);
    await expect(fetchDistribution(newestKafka, { cacheDirectory })).rejects.toThrow(
      /kafka-clients-4\.3\.1\.jar has SHA-256 [0-9a-f]{64}, pinned is [0-9a-f]{64}\. Remove that directory/,
    );
  });

  it('are refused where one is missing, or where there is one more', async () => {
    const directory = await copyOfCache();
    await rm(join(directory, `kafka-tools-${newestKafka}.jar`));
    await writeFile(join(directory, 'stranger.jar'), '');
    await expect(fetchDistribution(newestKafka, { cacheDirectory })).rejects.toThrow(
      /kafka-tools-4\.3\.1\.jar is missing; stranger\.jar is not in the pinned list/,
    );
  });

  it('leave nothing behind when the download is given up', async () => {
    const signal = AbortSignal.abort();
    await expect(fetchDistribution(newestKafka, { cacheDirectory, signal })).rejects.toThrow('aborted');
    expect(await isCached(newestKafka, cacheDirectory)).toBe(false);
  });
});
