import type { CallScope } from './call-scope.ts';

/** Units as CloudWatch spells them. */
type MetricUnit = 'Count' | 'Milliseconds' | 'Seconds' | 'Bytes' | 'Percent';

/** One value of mskeeper's own namespace. `by` says which dimensions it carries: Cluster, or Cluster and Procedure. */
export type RunMetric = {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly value: number;
  readonly by: 'cluster' | 'procedure';
};

/** What a shell's ports may know about the run that they serve. */
export type RunContext = {
  /** The invocation's request id: names the run in reports, events and logs. */
  readonly runId: string;
  readonly procedure: string;
  /** The key of `clusters` in mskeeper.yml that this stack serves. */
  readonly cluster: string;
  readonly startedAtMs: number;
  readonly isColdStart: boolean;
  /** Every call to the outside goes through this scope: it ends before the Lambda deadline and is counted. */
  readonly calls: CallScope;
  /** Time until the run's own deadline, which lies before Lambda's. Never negative. */
  readonly remainingMs: () => number;
  /** Published as EMF when the run ends, also when it fails. */
  readonly addMetric: (metric: RunMetric) => void;
};

/** What the one log line of a run says, as plain JSON. */
export type RunSummary = {
  readonly observation: Readonly<Record<string, unknown>>;
  readonly decision: Readonly<Record<string, unknown>>;
  /** A few words: `reported`, `notified`, `nothing-to-do`. */
  readonly outcome: string;
};
