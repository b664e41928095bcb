import type { PhaseName } from '../world/phases.ts';
import type { Chart } from './chart.ts';
import type { Story } from './people/story.ts';
import type { Moment } from './timeline.ts';

/** One sentence that had to come true, and what was seen instead where it did not. */
export type Expectation = {
  readonly text: string;
  readonly isMet: boolean;
  readonly seen: string;
  /** Real seconds that were waited until it came true; absent where it never did, and where nothing was waited for. */
  readonly afterSeconds?: number;
};

export type ScenarioReport = {
  readonly name: string;
  readonly title: string;
  readonly runbookRows: readonly string[];
  readonly outcome: 'passed' | 'failed';
  /** Named where the scenario could not go on. */
  readonly failure?: string;
  readonly durationSeconds: number;
  readonly expectations: readonly Expectation[];
  /** Sentences that people should read, such as the worst case by schedule. */
  readonly conclusions: readonly string[];
  readonly moments: readonly Moment[];
  /** Figures over time, where the scenario keeps any. */
  readonly charts: readonly Chart[];
  /** What people saw of it. */
  readonly stories: readonly Story[];
  /** Figures measured in this run, units in the names. */
  readonly measurements: Readonly<Record<string, number | string>>;
};

export type WorldFacts = {
  readonly kafkaVersion: string;
  readonly brokerCount: number;
  /** False where `--bootstrap` gave them: then the report proves nothing about how they were set up. */
  readonly areBrokersOwn: boolean;
  readonly clusterKey: string;
  /** Seconds of the world's clock that pass in one real second. */
  readonly clockRate: number;
  /** Resident memory of the drill and all its processes together, at its highest; absent where it cannot be read. */
  readonly peakMemoryMiB?: number;
  readonly phaseSeconds: Phases;
  /** Metrics read from the real brokers, by name. */
  readonly measuredMetrics: readonly string[];
  /** Metrics made up, since brokers' JMX is not read: nothing is proved about them. */
  readonly synthesisedMetrics: readonly string[];
  readonly scales: readonly string[];
  /** Parts of the world that broke: one is enough for the drill to fail. */
  readonly failures: readonly string[];
};

type Phases = Readonly<Partial<Record<PhaseName, number>>>;

export type DrillReport = {
  readonly version: 1;
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly outcome: 'passed' | 'failed';
  readonly world: WorldFacts;
  readonly scenarios: readonly ScenarioReport[];
};

/** A drill passes where it had scenarios, all of them passed, and no part of the world broke before, between or after. */
export const outcomeOf = (
  scenarios: readonly Pick<ScenarioReport, 'outcome'>[],
  failures: readonly string[],
): DrillReport['outcome'] =>
  failures.length === 0 && scenarios.length > 0 && scenarios.every(({ outcome }) => outcome === 'passed')
    ? 'passed'
    : 'failed';
