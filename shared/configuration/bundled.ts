import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { ClusterConfiguration, TravellingConfiguration } from '../core/configuration.ts';
import { ConfigError } from '../core/errors.ts';
import { travellingSchema } from './schema.ts';

/** The configuration that travels with the bundle, and the one cluster that this stack is for. */
export type BundledConfiguration = {
  readonly configuration: TravellingConfiguration;
  readonly clusterKey: string;
  readonly cluster: ClusterConfiguration;
};

/** @throws ConfigError that names the file: it is not there, or not UTF-8 */
export const readConfigurationText = (path: string): string => {
  try {
    // Without `fatal` a file in UTF-16 or Latin-1 would be read as other letters than are in it.
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    if (cause instanceof TypeError) {
      throw new ConfigError(`${path}: is not UTF-8 (UTF-16, perhaps, or Latin-1): save it as UTF-8`, { cause });
    }
    throw new ConfigError(`${path}: cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
};

/** @throws ConfigError that names the file */
export const parseJsonText = (path: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`${path}: is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where a file is that packaging put beside the configuration: in the bundle, since it belongs to what was packaged with it;
 * outside of Lambda beside the configuration.
 *
 * @throws ConfigError where nothing says where that is
 */
export const findBundled = (
  fileName: string,
  { LAMBDA_TASK_ROOT: taskRoot, MSKEEPER_CONFIGURATION_FILE: file }: Environment,
): string => {
  if (taskRoot !== undefined && taskRoot !== '') return join(taskRoot, fileName);
  if (file !== undefined && file !== '') return join(dirname(file), fileName);
  throw new ConfigError(
    `LAMBDA_TASK_ROOT and MSKEEPER_CONFIGURATION_FILE are not set: one must say where ${fileName} is`,
  );
};

const findPath = (environment: Environment): string => {
  const { MSKEEPER_CONFIGURATION_FILE: file, LAMBDA_TASK_ROOT: taskRoot } = environment;
  if (file !== undefined && file !== '') return file;
  if (taskRoot !== undefined && taskRoot !== '') return join(taskRoot, 'mskeeper.json');
  throw new ConfigError(
    'MSKEEPER_CONFIGURATION_FILE and LAMBDA_TASK_ROOT are not set: one must say where mskeeper.json is',
  );
};

/**
 * Reads the resolved configuration, once, at cold start: `MSKEEPER_CONFIGURATION_FILE`, else `mskeeper.json` in
 * `LAMBDA_TASK_ROOT`. `MSKEEPER_CLUSTER` names the cluster.
 *
 * @throws ConfigError where the file is missing or of another shape, or the cluster is not in it
 */
export const readBundledConfiguration = (environment: Environment = process.env): BundledConfiguration => {
  const path = findPath(environment);
  const parsed = travellingSchema.safeParse(parseJsonText(path, readConfigurationText(path)));
  if (!parsed.success) throw new ConfigError(`${path}:\n${z.prettifyError(parsed.error)}`);
  const configuration: TravellingConfiguration = parsed.data;
  const clusterKey = environment.MSKEEPER_CLUSTER ?? '';
  const cluster = Object.hasOwn(configuration.clusters, clusterKey) ? configuration.clusters[clusterKey] : undefined;
  if (cluster === undefined) {
    const known = Object.keys(configuration.clusters).join(', ');
    throw new ConfigError(`MSKEEPER_CLUSTER is "${clusterKey}", but ${path} has only: ${known}`);
  }
  return { configuration, clusterKey, cluster };
};
