import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { packageStack } from '../../infra/packaging/package-stack.ts';
import type { ClusterConfiguration, Configuration } from '../../shared/core/configuration.ts';
import { type AcceleratedClock, acceleratedClock } from '../accelerated-clock.ts';
import type { StandIn } from '../aws/stand-in.ts';
import { realClock } from '../clock.ts';
import { makeSweptDirectory } from '../kafka/swept-directory.ts';
import { joinBrokers, startOwnBrokers, type WorldBrokers } from './brokers.ts';
import { type Closers, openClosers } from './closers.ts';
import { deployStack, invokeFirstRuns, openAccount, startMetrics } from './cloud.ts';
import { configureFor, readWorldConfiguration } from './configuration.ts';
import type { DiskSample } from './disk-samples.ts';
import { openFailures } from './failures.ts';
import { keepFunctionLogs } from './log-files.ts';
import { openPhases, type Phases } from './phases.ts';
import { openSecondAccount, type SecondAccount } from './second-account.ts';
import { openStillAccount, type StillAccount, type StillWish } from './still-account.ts';
import { openTraffic, type Traffic } from './traffic.ts';

/** Brokers, traffic, AWS and the deployed stack, all on this machine. */
export type World = {
  readonly clusterKey: string;
  readonly cluster: ClusterConfiguration;
  readonly clock: AcceleratedClock;
  readonly clockRate: number;
  readonly brokers: WorldBrokers;
  readonly standIn: StandIn;
  readonly traffic: Traffic;
  readonly logFolder: string;
  /** Metrics that were read from the brokers so far, by name. */
  readonly measuredMetrics: ReadonlySet<string>;
  /** How full the brokers' disks were said to be so far, oldest first. */
  readonly diskSamples: readonly DiskSample[];
  /** What broke in the world itself, one sentence each: a drill with any of them has failed. */
  readonly failures: () => readonly string[];
  /**
   * Another account with a stack by another configuration, for the same brokers; closed with the world at the latest. With
   * smaller volumes its disks are full while the world's own have room.
   */
  readonly openSecondAccount: (
    change: (configuration: Configuration) => Configuration,
    wish?: { readonly volumeGiB?: number },
  ) => Promise<SecondAccount>;
  /**
   * An account for other brokers, whose topics and addresses stand in its configuration; closed with the world at the latest.
   * Its clock is the machine's: no schedule fires within a drill, and what is seen is what was asked for.
   * With `isRepackaged` resources may differ from the world's, too.
   */
  readonly openAccountFor: (brokers: WorldBrokers, wish: OtherBrokersWish) => Promise<SecondAccount>;
  /** An account with the world's stack and brokers and a clock that stands still; closed with the world at the latest. */
  readonly openStillAccount: (wish: StillWish) => Promise<StillAccount>;
  /**
   * Stops all of it in the reverse order, and removes what was made on somebody else's cluster. Clients of brokers that
   * were the world's own still look for them afterwards: the process is to end.
   */
  close(): Promise<void>;
};

type OtherBrokersWish = {
  readonly change?: (cluster: ClusterConfiguration) => ClusterConfiguration;
  readonly isRepackaged?: boolean;
};

export type WorldOptions = {
  readonly bootstrapServers?: readonly string[] | undefined;
  /** Where the functions' logs go; replaced as a whole. */
  readonly logFolder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
  readonly onFailure: (sentence: string) => void;
  readonly phases?: Phases;
};

/** Twenty seconds of the world pass in one, while no function runs: the five minutes between light checks take fifteen and what runs. */
const clockRate = 20;
/**
 * Ten minutes before the daily check is due, half a minute of real time: soon enough for one drill to see both schedules
 * fire, late enough for a busy machine to have deployed them by then.
 */
const startOfClock = '2026-03-02T08:50:00Z';

/**
 * Brings everything up, in the order in which it needs one another. What was started is stopped again where a later
 * part fails, and also when `signal` interrupts.
 *
 * @throws WorldError, LocalKafkaError or ConfigError that say what is missing on this machine
 */
export async function openWorld(options: WorldOptions): Promise<World> {
  const closers = openClosers();
  try {
    return await build(options, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function build(options: WorldOptions, closers: Closers): Promise<World> {
  const { bootstrapServers, signal, onProgress, logFolder, phases = openPhases() } = options;
  const step = (line: string): void => {
    signal.throwIfAborted();
    onProgress(line);
  };
  const configured = readWorldConfiguration();
  const brokers = await phases.during('brokers', () =>
    bootstrapServers === undefined
      ? startOwnBrokers(configured.cluster.brokerCount, signal, onProgress)
      : joinBrokers(bootstrapServers),
  );
  closers.add(() => brokers.close());
  const prefix = brokers.own === undefined ? `mskeeper-drill-${crypto.randomUUID().slice(0, 8)}-` : '';
  const configuration = configureFor(configured, brokers, prefix);
  const { clusterKey, cluster } = configuration;

  const { directory, sweep } = await makeSweptDirectory('mskeeper-world-');
  closers.add(sweep);
  step('Packaging the functions as they are deployed');
  const packageDirectory = join(directory, 'package');
  const packaging = { configuration: configuration.configuration, clusterKey, output: packageDirectory };
  await phases.during('packaging', () => packageStack({ ...packaging, isVerbose: false }));

  return phases.during('deployment', async () => {
    const failures = openFailures(options.onFailure);
    const clock = acceleratedClock(Date.parse(startOfClock), clockRate, (failure) =>
      failures.record("A timer of the world's clock", failure),
    );
    const standIn = await openAccount(configuration, brokers, {
      clock,
      packageDirectory,
      scratchDirectory: directory,
      onDurableFailure: (failure) => failures.record('A durable execution', failure),
    });
    closers.add(() => standIn.close());
    closers.add(
      await keepFunctionLogs(standIn.lambda.logs, logFolder, (failure) =>
        failures.record("Keeping the functions' logs", failure),
      ),
    );

    step('Topics and traffic');
    const traffic = await openTraffic(brokers, cluster, `${prefix}billing`, { closers, onProgress });
    const { pump, measured, diskSamples } = startMetrics(configuration, brokers, standIn, {
      clock,
      onFailure: (failure) => failures.record("The pump of the brokers' metrics", failure),
    });
    closers.add(() => pump.stop());

    step('Deploying the packaged stack into the stand-in');
    await deployStack(standIn, clusterKey);
    step('The first run of each schedule, by hand, as after any deployment');
    await invokeFirstRuns(standIn, clusterKey);
    signal.throwIfAborted();
    return {
      clusterKey,
      cluster,
      clock,
      clockRate,
      brokers,
      standIn,
      traffic,
      logFolder,
      measuredMetrics: measured,
      diskSamples,
      failures: failures.all,
      openSecondAccount: async (change, wish = {}) => {
        const place = { directory: await mkdtemp(join(directory, 'account-')), onFailure: failures.record };
        const second = await openSecondAccount(
          { configured: configuration, brokers, clock, ...place },
          { ...wish, change },
        );
        closers.add(second.close);
        return second;
      },
      openAccountFor: async (others, { change = (each) => each, isRepackaged = false }) => {
        const place = { directory: await mkdtemp(join(directory, 'account-')), onFailure: failures.record };
        const here = configureFor(configured, others, '');
        const changed = () => ({ ...here.configuration, clusters: { [clusterKey]: change(here.cluster) } });
        const wish = { change: changed, ...(isRepackaged ? {} : { packageDirectory }) };
        const second = await openSecondAccount(
          { configured: here, brokers: others, clock: realClock(), ...place },
          wish,
        );
        closers.add(second.close);
        return second;
      },
      openStillAccount: async (wish) => {
        const place = { directory: await mkdtemp(join(directory, 'account-')), onFailure: failures.record };
        const still = await openStillAccount({ configured: configuration, brokers, packageDirectory, ...place }, wish);
        closers.add(still.close);
        return still;
      },
      close: closers.close,
    };
  });
}
