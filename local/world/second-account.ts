import { join } from 'node:path';
import { packageStack } from '../../infra/packaging/package-stack.ts';
import type { Configuration } from '../../shared/core/configuration.ts';
import type { StandIn } from '../aws/stand-in.ts';
import type { Clock } from '../clock.ts';
import type { WorldBrokers } from './brokers.ts';
import { openClosers } from './closers.ts';
import { deployStack, openAccount, startMetrics } from './cloud.ts';
import type { WorldConfiguration } from './configuration.ts';
import type { DiskSample } from './disk-samples.ts';

/** An account that looks at the world's own brokers, with a stack of its own. */
export type SecondAccount = {
  readonly clusterKey: string;
  readonly standIn: StandIn;
  readonly diskSamples: readonly DiskSample[];
  /** Does nothing the second time. */
  readonly close: () => Promise<void>;
};

export type SecondAccountOptions = {
  readonly configured: WorldConfiguration;
  readonly brokers: WorldBrokers;
  readonly clock: Clock;
  /** A folder of its own. */
  readonly directory: string;
  readonly onFailure: (part: string, failure: unknown) => void;
};

/**
 * Packages the stack with another configuration and deploys it into an account of its own, to see what the same
 * happenings lead to there. Both accounts share brokers, traffic and clock, and nothing else.
 */
export async function openSecondAccount(
  options: SecondAccountOptions,
  change: (configuration: Configuration) => Configuration,
): Promise<SecondAccount> {
  const { configured, brokers, clock, directory, onFailure } = options;
  const { clusterKey } = configured;
  const second = { ...configured, configuration: change(configured.configuration) };
  const packageDirectory = join(directory, 'package');
  const closers = openClosers();
  try {
    await packageStack({ configuration: second.configuration, clusterKey, output: packageDirectory, isVerbose: false });
    const standIn = await openAccount(second, brokers, {
      clock,
      packageDirectory,
      scratchDirectory: directory,
      onDurableFailure: (failure) => onFailure('A durable execution of the second account', failure),
    });
    closers.add(() => standIn.close());
    const { pump, diskSamples } = startMetrics(second, brokers, standIn, {
      clock,
      onFailure: (failure) => onFailure("The second account's pump", failure),
    });
    closers.add(() => pump.stop());
    await deployStack(standIn, clusterKey);
    return { clusterKey, standIn, diskSamples, close: closers.close };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
