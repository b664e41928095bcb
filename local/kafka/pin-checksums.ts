import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, UsageError } from '../../infra/command-line.ts';
import { fetchChecksums, formatChecksums } from './checksums.ts';
import { downloadJars } from './distribution.ts';
import { LocalKafkaError } from './errors.ts';
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

const help = `Pins the SHA-256 sums of all jars of a local Kafka: to be run by whoever changes a pom, and its diff to be reviewed.
Downloads the jars from Maven Central.

  npm run pin:kafka -- [version …]    without versions: ${kafkaVersions.join(', ')}
`;

const checkVersion = (version: string): KafkaVersion => {
  if (isKafkaVersion(version)) return version;
  throw new UsageError(`unknown version ${version}; known are ${kafkaVersions.join(', ')}`);
};

await runCommand({
  help,
  options: {},
  allowPositionals: true,
  expectedErrors: [LocalKafkaError],
  run: async ({ positionals }) => {
    const versions = positionals.map(checkVersion);
    for (const version of versions.length === 0 ? kafkaVersions : versions) await pin(version);
    return undefined;
  },
});
