import type { Moment } from './timeline.ts';

/** One sentence that had to come true, and what was seen instead where it did not. */
export type Expectation = {
  readonly text: string;
  readonly isMet: boolean;
  readonly seen: string;
  /** Real seconds from the fault (or the start) until it came true; absent where it never did. */
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
  readonly moments: readonly Moment[];
  /** Figures measured in this run, units in the names. */
  readonly measurements: Readonly<Record<string, number | string>>;
};

export type DrillReport = {
  readonly version: 1;
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly outcome: 'passed' | 'failed';
  readonly world: {
    readonly kafkaVersion: string;
    readonly brokerCount: number;
    readonly clusterKey: string;
    /** Seconds of the world's clock that pass in one real second. */
    readonly clockRate: number;
    readonly peakMemoryMiB?: number;
    /** Metrics read from the real brokers, by name. */
    readonly measuredMetrics: readonly string[];
    /** Metrics made up, since brokers' JMX is not read: nothing is proved about them. */
    readonly synthesisedMetrics: readonly string[];
    readonly scales: readonly string[];
  };
  readonly scenarios: readonly ScenarioReport[];
};

export const outcomeOf = (scenarios: readonly ScenarioReport[]): DrillReport['outcome'] =>
  scenarios.length > 0 && scenarios.every(({ outcome }) => outcome === 'passed') ? 'passed' : 'failed';
