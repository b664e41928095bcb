import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageStack } from '../../infra/packaging/package-stack.ts';
import { travellingOf } from '../../infra/packaging/travelling.ts';
import type { ClusterConfiguration, Configuration } from '../../shared/core/configuration.ts';
import type { StandIn } from '../aws/stand-in.ts';
import type { Clock } from '../clock.ts';
import type { WorldBrokers } from './brokers.ts';
import { openClosers } from './closers.ts';
import { deployStack, openAccount, startMetrics } from './cloud.ts';
import type { WorldConfiguration } from './configuration.ts';
import type { DiskSample } from './disk-samples.ts';

/** An account with a stack of its own, beside the world's. */
export type SecondAccount = {
  readonly clusterKey: string;
  readonly cluster: ClusterConfiguration;
  readonly standIn: StandIn;
  readonly diskSamples: readonly DiskSample[];
  /** Publishes the brokers' metrics once, now, beside what is published each minute. */
  readonly publishMetrics: () => Promise<unknown>;
  /** From their next start on, which is their next invocation, the functions read this; no resource changes. */
  readonly reconfigure: (change: (cluster: ClusterConfiguration) => ClusterConfiguration) => Promise<void>;
  /** Does nothing the second time. */
  readonly close: () => Promise<void>;
};

/** How the account differs from the world's. */
export type AccountWish = {
  readonly change: (configuration: Configuration) => Configuration;
  /** Absent: a package of its own. The world's serves where nothing but what functions read at their start is changed. */
  readonly packageDirectory?: string;
  /** What is declared to MSK at first; absent: as in the world's account. */
  readonly volumeGiB?: number;
};

export type SecondAccountOptions = {
  readonly configured: WorldConfiguration;
  readonly brokers: WorldBrokers;
  readonly clock: Clock;
  /** A folder of its own. */
  readonly directory: string;
  readonly onFailure: (part: string, failure: unknown) => void;
};

const inCluster = (
  { configuration, clusterKey, cluster }: WorldConfiguration,
  change: (cluster: ClusterConfiguration) => ClusterConfiguration,
): WorldConfiguration => {
  const changed = change(cluster);
  const clusters = { ...configuration.clusters, [clusterKey]: changed };
  return { configuration: { ...configuration, clusters }, clusterKey, cluster: changed };
};

/** Puts another configuration where the deployed functions read theirs. */
const place = async ({ lambda }: StandIn, { configuration, clusterKey }: WorldConfiguration): Promise<void> => {
  const roots = new Set([...lambda.functions.values()].map(({ latest }) => latest.taskRoot));
  const text = JSON.stringify(travellingOf(configuration, clusterKey));
  for (const root of roots) await writeFile(join(root, 'mskeeper.json'), text);
};

/**
 * Deploys the stack with another configuration into an account of its own, to see what the same happenings lead to there,
 * or the happenings on other brokers. It shares the clock with the world's account, and brokers where they are the same.
 */
export async function openSecondAccount(options: SecondAccountOptions, wish: AccountWish): Promise<SecondAccount> {
  const { configured, brokers, clock, directory, onFailure } = options;
  const { clusterKey } = configured;
  const configuration = wish.change(configured.configuration);
  const second = { ...configured, configuration, cluster: configuration.clusters[clusterKey] ?? configured.cluster };
  const packageDirectory = wish.packageDirectory ?? join(directory, 'package');
  const closers = openClosers();
  try {
    if (wish.packageDirectory === undefined)
      await packageStack({ configuration, clusterKey, output: packageDirectory, isVerbose: false });
    const standIn = await openAccount(second, brokers, {
      clock,
      packageDirectory,
      scratchDirectory: directory,
      volumeGiB: wish.volumeGiB,
      onDurableFailure: (failure) => onFailure('A durable execution of the second account', failure),
    });
    closers.add(() => standIn.close());
    const { pump, diskSamples } = startMetrics(second, brokers, standIn, {
      clock,
      onFailure: (failure) => onFailure("The second account's pump", failure),
    });
    closers.add(() => pump.stop());
    await deployStack(standIn, clusterKey);
    if (wish.packageDirectory !== undefined) await place(standIn, second);
    return {
      clusterKey,
      cluster: second.cluster,
      standIn,
      diskSamples,
      publishMetrics: () => pump.pump(),
      reconfigure: (change) => place(standIn, inCluster(second, change)),
      close: closers.close,
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
