import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { templateFileName } from '../../infra/packaging/package-stack.ts';
import { travellingOf } from '../../infra/packaging/travelling.ts';
import type { Configuration } from '../../shared/core/configuration.ts';
import { secondMs } from '../../shared/core/units.ts';
import type { StandIn } from '../aws/stand-in.ts';
import { type ManualClock, manualClock } from '../clock.ts';
import type { WorldBrokers } from './brokers.ts';
import { openClosers } from './closers.ts';
import { deployStack, invokeFirstRuns, openAccount, startMetrics } from './cloud.ts';
import type { WorldConfiguration } from './configuration.ts';

/**
 * An account of its own whose clock stands still until somebody lets time pass, and while functions run: what happens there, and
 * in which order, is the same however busy the machine is.
 */
export type StillAccount = {
  readonly clusterKey: string;
  readonly configuration: WorldConfiguration;
  readonly standIn: StandIn;
  readonly clock: ManualClock;
  /** Lets time pass, in steps of ten seconds; at each all that runs comes to its end first. */
  readonly pass: (minutes: number) => Promise<void>;
  /** Does nothing the second time. */
  readonly close: () => Promise<void>;
};

/**
 * How the account differs from the world's.
 *
 * @property change what functions read at their start; resources stay as they are packaged
 * @property isWatched schedules fire, metrics of the world's brokers are published each minute, and alarms are judged. Else nothing
 *   wakes a function by itself, and all that CloudWatch could judge would be silence
 */
export type StillWish = {
  readonly change?: (configuration: Configuration) => Configuration;
  readonly startMs: number;
  readonly isWatched: boolean;
};

export type StillAccountOptions = {
  readonly configured: WorldConfiguration;
  readonly brokers: WorldBrokers;
  /** Of the world: the same package serves. */
  readonly packageDirectory: string;
  /** A folder of its own. */
  readonly directory: string;
  readonly onFailure: (part: string, failure: unknown) => void;
};

const stepMs = 10 * secondMs;

export async function openStillAccount(options: StillAccountOptions, wish: StillWish): Promise<StillAccount> {
  const { configured, brokers, packageDirectory, directory, onFailure } = options;
  const { clusterKey } = configured;
  const configuration = (wish.change ?? ((each) => each))(configured.configuration);
  const own = { configuration, clusterKey, cluster: configuration.clusters[clusterKey] ?? configured.cluster };
  const closers = openClosers();
  try {
    const clock = manualClock(wish.startMs);
    const standIn = await openAccount(own, brokers, {
      clock,
      packageDirectory,
      templateFileName: wish.isWatched ? templateFileName : await writeQuietTemplate(packageDirectory),
      scratchDirectory: directory,
      onDurableFailure: (failure) => onFailure('A durable execution of the account that stands still', failure),
    });
    closers.add(() => standIn.close());
    if (wish.isWatched) {
      const onPumpFailure = (failure: unknown): void => onFailure("The still account's pump", failure);
      const { pump } = startMetrics(own, brokers, standIn, { clock, onFailure: onPumpFailure });
      closers.add(() => pump.stop());
    }
    await deployStack(standIn, clusterKey);
    if (!wish.isWatched) standIn.cloudWatch.stop();
    const roots = new Set([...standIn.lambda.functions.values()].map(({ latest }) => latest.taskRoot));
    const text = JSON.stringify(travellingOf(configuration, clusterKey));
    for (const root of roots) await writeFile(join(root, 'mskeeper.json'), text);
    if (wish.isWatched) await invokeFirstRuns(standIn, clusterKey);
    return {
      clusterKey,
      configuration: own,
      standIn,
      clock,
      pass: async (minutes) => {
        const untilMs = clock.nowMs() + minutes * 60 * secondMs;
        while (clock.nowMs() < untilMs) {
          await clock.advanceTo(Math.min(untilMs, clock.nowMs() + stepMs));
          await standIn.lambda.idle();
        }
      },
      close: closers.close,
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

type Template = {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>
  >;
};

/** The packaged template with its schedules switched off, beside it. @returns its file's name */
async function writeQuietTemplate(packageDirectory: string): Promise<string> {
  const template: Template = JSON.parse(await readFile(join(packageDirectory, templateFileName), 'utf8'));
  for (const { Type: type, Properties: properties = {} } of Object.values(template.Resources))
    if (type === 'AWS::Scheduler::Schedule') properties.State = 'DISABLED';
  const name = `quiet-${crypto.randomUUID().slice(0, 8)}.json`;
  await writeFile(join(packageDirectory, name), JSON.stringify(template));
  return name;
}
