import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchChecksums, formatChecksums } from './checksums.ts';
import { downloadJars } from './distribution.ts';
import { checksumsPath, isKafkaVersion, type KafkaVersion, kafkaVersions } from './versions.ts';

const pin = async (version: KafkaVersion): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), 'mskeeper-pin-'));
  try {
    await downloadJars(version, directory);
    const sums = await fetchChecksums(directory);
    await writeFile(checksumsPath(version), formatChecksums(sums));
    console.log(`${checksumsPath(version)}: ${Object.keys(sums).length} jars`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

// `node local/kafka/pin-checksums.ts [VERSION...]`: to be run by whoever changes a pom, and its diff to be reviewed.
const wanted = process.argv.slice(2);
for (const version of wanted.length === 0 ? kafkaVersions : wanted) {
  if (!isKafkaVersion(version)) throw new Error(`unknown version ${version}; known are ${kafkaVersions.join(', ')}`);
  await pin(version);
}
