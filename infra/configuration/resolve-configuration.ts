import { join } from 'node:path';
import { readConfigurationText } from '../../shared/configuration/bundled.ts';
import type { Configuration } from '../../shared/core/configuration.ts';
import { ConfigError } from '../../shared/core/errors.ts';
import { formatMistakes } from './mistake.ts';
import { type Judgement, judgeConfiguration } from './parse-configuration.ts';

const presetsDirectory = join(import.meta.dirname, '../../presets');

/** Judges a file with the release's presets. @throws ConfigError where the file cannot be read */
export const judgeFile = (path: string): Judgement =>
  judgeConfiguration(readConfigurationText(path), (name) =>
    readConfigurationText(join(presetsDirectory, `${name}.yml`)),
  );

/**
 * Reads mskeeper.yml and resolves it: preset merged in, everything left out filled in. Its JSON is what travels with the
 * bundles and what `readBundledConfiguration` reads.
 *
 * @throws ConfigError that lists every mistake with its line and path
 */
export const resolveConfiguration = (path: string): Configuration => {
  const { configuration, mistakes } = judgeFile(path);
  if (configuration === undefined) throw new ConfigError(`${path} is wrong:\n${formatMistakes(path, mistakes)}`);
  return configuration;
};
