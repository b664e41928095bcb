import type { ClusterConfiguration, Configuration } from '../core/configuration.ts';

/**
 * How often one quiet run makes a call: the same for every scope, or by scope. 0: allowed, and called only when something
 * happened.
 */
export type CallCount = number | Readonly<Record<string, number>>;

/**
 * How many series a quiet run of a scope asks CloudWatch for, each billed: on average, of so many a month. What is asked
 * follows from the cluster and from what its policy names a number for.
 */
export type CountSeries = (
  scope: string,
  stack: { readonly cluster: ClusterConfiguration; readonly configuration: Configuration },
  runsPerMonth: number,
) => number;

/** One schedule of a function: its key in mskeeper.yml, and what it is while the file says nothing. */
export type ScheduleDefinition = {
  readonly key: string;
  readonly scope: string;
  /** `rate(…)` or `cron(…)` in the configuration's time zone. */
  readonly usual: string;
  /** Older than this a wake-up is of no use to anybody. */
  readonly maxAgeSeconds: number;
  /**
   * mskeeper's own metric that a finished run leaves, and the least value that proves a run of this schedule; absent where
   * Lambda's count of good runs proves it.
   */
  readonly heartbeat?: { readonly metric: string; readonly least: number };
  /** What it means for people when its runs stay away. */
  readonly silenceIs: 'critical' | 'warning';
};

/**
 * What one act uses from the first look to the end, with a person's yes: counted in a run of the packaged function that
 * nothing disturbed, and rounded up.
 */
export type ActFootprint = {
  /** The act in people's words: `enlargement`. */
  readonly act: string;
  readonly durableOperationCount: number;
  readonly invocationCount: number;
  readonly s3ReadCount: number;
  readonly s3WriteCount: number;
  /** Calls that ask CloudWatch for one series a broker. */
  readonly metricCallCount: number;
};

/**
 * What on mskeeper's own bus comes into a function's queue: events of this type, but those whose `change` says one of these words;
 * where procedures are named, theirs alone.
 */
type QueuedEvents = {
  readonly detailType: string;
  readonly exceptChanges?: readonly string[];
  readonly ofProcedures?: readonly string[];
};

/**
 * The queue of a function: Lambda reads it, and hands it what came in batches, of which it says what it could not deal with
 * (Lambda Developer Guide, "Using Lambda with Amazon SQS").
 *
 * @property mostInBatch messages of one run, 10 at most without a window to gather them
 * @property mostAtOnce runs at a time, 2 at least: what Lambda takes
 * @property mostTries receives of a message before it is set aside for a person
 */
export type QueueNeeds = {
  readonly busEvents: readonly QueuedEvents[];
  readonly mostInBatch: number;
  readonly mostAtOnce: number;
  readonly mostTries: number;
};

/** One function of the stack, derived from its procedure's deployment by infra/functions.ts. */
export type FunctionDefinition = {
  readonly slug: string;
  /** The procedure that it belongs to: its own slug, but for a durable run, which is its intake's. */
  readonly procedure: string;
  readonly handler: string;
  readonly description: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  /** Billed time of a quiet run, guessed on the safe side: nothing of this was measured on AWS. */
  readonly assumedSeconds: number;
  /** What such a run logs, guessed likewise; absent: 8. */
  readonly assumedLogKiB?: number;
  readonly isInVpc: boolean;
  /** Procedures are woken by events; the arm inside the VPC is invoked and answers by return value alone. */
  readonly isProcedure: boolean;
  /** The first is the least: a run of any other scope does what a run of the first does, and more. */
  readonly schedules: readonly ScheduleDefinition[];
  readonly isWokenByAlarms: boolean;
  /**
   * A durable function: how long one execution may last, waits included, and how long Lambda keeps its history and its
   * name after its end. Only a function that is created so is one.
   */
  readonly durable?: {
    readonly executionTimeoutDays: number;
    readonly retentionDays: number;
    readonly actFootprint: ActFootprint;
  };
  /** The slug of the durable function that this one starts, and of whose bad ends it hears. */
  readonly starts?: string;
  /** Detail types on mskeeper's own bus that wake an intake. */
  readonly busEvents: readonly string[];
  readonly queue?: QueueNeeds;
  /** People hear of the cluster from it alone (`tellerOf`). */
  readonly tellsPeople: boolean;
  /** What it asks of AWS, by the names of shared/deployment/operations.ts: its role and its bill come from here alone. */
  readonly calls: Readonly<Record<string, CallCount>>;
  /** What of the policy it reads: `limits.diskUsedPercent`. */
  readonly judges: readonly string[];
  /** Metrics of its own beside those that every run has. */
  readonly publishes: readonly string[];
  readonly countSeries: CountSeries;
};
