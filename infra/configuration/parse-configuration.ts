import * as z from 'zod';
import { parseClusterArn } from '../../shared/configuration/cluster-schema.ts';
import { brokerIdsFromOne } from '../../shared/core/broker-ids.ts';
import type { ApprovalPolicy, ClusterConfiguration, Configuration } from '../../shared/core/configuration.ts';
import { ConfigError } from '../../shared/core/errors.ts';
import type { Mode } from '../../shared/core/policy.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { functionDefinitions, modeKeysOf } from '../functions.ts';
import { checkAmazonQ } from './check-amazon-q.ts';
import { checkApprovals } from './check-approvals.ts';
import { checkChannels } from './check-channels.ts';
import { checkClusters, findPrimaryKey } from './check-clusters.ts';
import { checkPartitions } from './check-partitions.ts';
import { checkPolicy } from './check-policy.ts';
import { checkSchedules } from './check-schedules.ts';
import { checkTimeZone } from './check-time-zone.ts';
import { checkWindows } from './check-windows.ts';
import { explainIssues } from './explain-issues.ts';
import {
  type ConfigurationFile,
  fileSchema,
  fileSchemaOf,
  type Preset,
  type PresetName,
  presetSchema,
  vocabularyOf,
} from './file-schema.ts';
import { findKnownSlips } from './known-slips.ts';
import { findLiteralSecrets, findSecretsInComments } from './literal-secrets.ts';
import { mergePolicy } from './merge-policy.ts';
import { formatPath, type LocatedMistake, type Mistake } from './mistake.ts';
import { readYaml } from './read-yaml.ts';
import { findReservedKeys } from './reserved-keys.ts';
import { salvage } from './salvage.ts';
import { checkStackSettings, mergeStackSettings } from './stack-settings.ts';
import { findUnreadSettings } from './unread-settings.ts';
import { findWarnings } from './warnings.ts';

/** The text of a preset by its name. */
export type ReadPreset = (name: PresetName) => string;

export type Judgement =
  | {
      readonly configuration: Configuration;
      readonly mistakes: readonly [];
      /** What the file names and no procedure reads yet. */
      readonly unread: readonly LocatedMistake[];
      /** Schedules that end or stay away for longer than one may think, and settings that do nothing. */
      readonly warnings: readonly LocatedMistake[];
    }
  | {
      readonly configuration: undefined;
      readonly mistakes: readonly LocatedMistake[];
      readonly unread: readonly [];
      readonly warnings: readonly [];
    };

/** Presets are part of the release: a wrong one is not the user's mistake, so it stops everything. */
export const parsePreset = (name: string, text: string): Preset => {
  const { data, mistakes } = readYaml(text);
  const parsed = presetSchema.safeParse(data);
  if (mistakes.length > 0 || !parsed.success) {
    const reason = parsed.error === undefined ? mistakes[0]?.message : z.prettifyError(parsed.error);
    throw new ConfigError(`preset ${name}: ${reason}`);
  }
  return parsed.data;
};

const resolveCluster = (
  clusters: ConfigurationFile['clusters'],
  key: string,
  stackOfAll: ConfigurationFile['stack'],
): ClusterConfiguration[] => {
  const cluster = clusters[key];
  const parsed = cluster === undefined ? undefined : parseClusterArn(cluster.arn);
  if (cluster === undefined || parsed === undefined) return [];
  const backupOf = cluster.role === 'backup' ? findPrimaryKey(cluster, clusters) : undefined;
  const { brokerCount = 0, brokerIds = brokerIdsFromOne(brokerCount), stack: ownStack, ...settings } = cluster;
  const stack = mergeStackSettings(stackOfAll, ownStack);
  const ascending = brokerIds.toSorted((left, right) => left - right);
  return [
    {
      ...settings,
      ...parsed,
      brokerCount,
      brokerIds: ascending,
      ...(backupOf && { backupOf }),
      ...(stack && { stack }),
    },
  ];
};

const resolve = (
  { stack, ...file }: ConfigurationFile,
  preset: Preset,
  functions: readonly FunctionDefinition[],
): Configuration => ({
  ...file,
  policy: mergePolicy(preset, file.policy),
  clusters: Object.fromEntries(
    Object.keys(file.clusters).flatMap((key) =>
      resolveCluster(file.clusters, key, stack).map((cluster) => [key, cluster]),
    ),
  ),
  modes: Object.fromEntries(modeKeysOf(functions).map((key): [string, Mode] => [key, file.modes[key] ?? 'plan'])),
  approvals: Object.fromEntries(
    modeKeysOf(functions).map((key): [string, ApprovalPolicy] => [key, { ...noApproval, ...file.approvals[key] }]),
  ),
  schedules: Object.fromEntries(
    functions.flatMap(({ schedules }) =>
      schedules.map(({ key, usual }): [string, string] => [key, file.schedules[key] ?? preset.schedules[key] ?? usual]),
    ),
  ),
});

/**
 * Where approval is required, an hour and a second pair of eyes unless the file says otherwise. A yes of yesterday is none: the
 * disk has moved on.
 */
const noApproval: ApprovalPolicy = {
  isRequired: false,
  timeoutMinutes: 60,
  validMinutes: 24 * 60,
  mayInitiatorApprove: false,
};

const nothingElse = { unread: [], warnings: [] } as const;

/** A place that is wrong in two ways is told once: the literal secret first, since it must leave the file. */
const keepFirstByPath = (mistakes: readonly Mistake[]): Mistake[] =>
  [...new Map(mistakes.toReversed().map((mistake) => [formatPath(mistake.path), mistake])).values()].toReversed();

/**
 * Judges mskeeper.yml: the resolved configuration, or every mistake at once, each with its place, in the file's order.
 *
 * @param functions what the stacks hold: their schedules and modes are the keys that the file may name
 * @param nowMs now: a schedule must run again
 * @throws ConfigError only where a preset of the release itself is broken
 */
export const judgeConfiguration = (
  text: string,
  readPreset: ReadPreset,
  functions: readonly FunctionDefinition[] = functionDefinitions,
  nowMs: number = Date.now(),
): Judgement => {
  const schema = functions === functionDefinitions ? fileSchema : fileSchemaOf(vocabularyOf(functions));
  const { data, mistakes: textMistakes, locate } = readYaml(text);
  const comments = findSecretsInComments(text).map(({ line, message }) => ({ path: [], line, column: 1, message }));
  if (data === undefined) return { configuration: undefined, mistakes: [...textMistakes, ...comments], ...nothingElse };
  const accept = (configuration: Configuration, unread: readonly Mistake[]): Judgement => ({
    configuration,
    mistakes: [],
    unread: unread.map(locate),
    warnings: findWarnings(configuration, nowMs).map(locate),
  });
  const parsed = schema.safeParse(data);
  const seen = salvage(data, schema);
  const policyFile = seen.policy;
  const preset = policyFile && parsePreset(policyFile.preset, readPreset(policyFile.preset));
  const policy = policyFile && preset && mergePolicy(preset, policyFile);
  const mistakes = keepFirstByPath([
    ...findLiteralSecrets(data),
    ...findKnownSlips(data),
    ...explainIssues(parsed.error?.issues ?? [], data, schema),
    ...findReservedKeys(data),
    ...checkTimeZone(seen.timeZone),
    ...checkSchedules(seen, functions, nowMs),
    ...(policy ? checkPolicy(policy) : []),
    ...checkClusters(seen.clusters),
    ...checkChannels(seen.channels, seen.contacts ?? [], policy),
    ...checkAmazonQ(seen),
    ...checkWindows(seen.maintenanceWindows, seen.clusters),
    ...checkApprovals(seen),
    ...checkPartitions(seen),
    ...checkStackSettings(seen, functions),
  ]);
  const located = [...mistakes.map(locate), ...textMistakes, ...comments].toSorted(
    (left, right) => left.line - right.line || left.column - right.column,
  );
  return parsed.success && preset !== undefined && located.length === 0
    ? accept(resolve(parsed.data, preset, functions), findUnreadSettings(parsed.data, functions))
    : { configuration: undefined, mistakes: located, ...nothingElse };
};
