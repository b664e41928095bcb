import { join } from 'node:path';
import { readConfigurationText } from '../../shared/configuration/bundled.ts';
import type { Configuration } from '../../shared/core/configuration.ts';
import { ConfigError } from '../../shared/core/errors.ts';
import { buildStack } from '../stack/stack.ts';
import { formatMistakes, type Mistake } from './mistake.ts';
import { type Judgement, judgeConfiguration } from './parse-configuration.ts';
import { readYaml } from './read-yaml.ts';

const presetsDirectory = join(import.meta.dirname, '../../presets');

/** What no single setting shows: whether each cluster's stack is one that AWS takes. */
const findStackProblems = (configuration: Configuration): readonly Mistake[] =>
  Object.keys(configuration.clusters).flatMap((key) => {
    try {
      buildStack(configuration, key);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return [{ path: ['clusters', key], message: error.message }];
      throw error;
    }
  });

/** Judges a file with the release's presets, and the stacks that follow from it. @throws ConfigError where the file cannot be read */
export const judgeFile = (path: string): Judgement => {
  const text = readConfigurationText(path);
  const judgement = judgeConfiguration(text, (name) => readConfigurationText(join(presetsDirectory, `${name}.yml`)));
  if (judgement.configuration === undefined) return judgement;
  const problems = findStackProblems(judgement.configuration);
  if (problems.length === 0) return judgement;
  const { locate } = readYaml(text);
  return { configuration: undefined, mistakes: problems.map(locate), unread: [], warnings: [] };
};

/**
 * Reads mskeeper.yml and resolves it: preset merged in, everything left out filled in. A part of its JSON travels with the
 * bundles of each cluster (`travellingOf`).
 *
 * @throws ConfigError that lists every mistake with its line and path
 */
export const resolveConfiguration = (path: string): Configuration => {
  const { configuration, mistakes } = judgeFile(path);
  if (configuration === undefined) throw new ConfigError(`${path} is wrong:\n${formatMistakes(path, mistakes)}`);
  return configuration;
};
