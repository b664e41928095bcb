import type { FlooredQuantity, LimitedQuantity, ScalingQuantity } from '../core/policy-quantities.ts';
import type { AlarmPlan } from './alarm.ts';
import type { ActFootprint, CallCount, CountSeries, QueueNeeds } from './function-definition.ts';
import type { StackContext } from './names.ts';
import type { OperationName } from './operations.ts';

/** A row of the runbook, as docs/rows.md names it: `H1`. */
type RunbookRow = `${'I' | 'H' | 'C' | 'D' | 'M'}${number}`;

/** A setting under `policy` in mskeeper.yml. */
type PolicyKey =
  | `limits.${LimitedQuantity}`
  | `floors.${FlooredQuantity}`
  | `scaling.${ScalingQuantity}`
  | 'brokerAnswerTimeoutMs'
  | 'storage'
  | 'cooldown'
  | 'partitions'
  | 'anomaly'
  | 'responseMinutes'
  | 'escalation';

/**
 * What one function needs.
 *
 * @property assumedSeconds billed time of a quiet run, guessed on the safe side
 * @property assumedLogKiB what such a run logs, its own line and Lambda's three; absent: 8
 * @property calls what one quiet run asks of AWS. 0: allowed, and called only when something happened
 */
type FunctionNeeds = {
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly assumedSeconds: number;
  readonly assumedLogKiB?: number;
  readonly calls: Readonly<Partial<Record<OperationName, CallCount>>>;
};

/**
 * What AWS must know of a procedure: data, nothing else. Functions, roles, environments, schedules with their settings and
 * heartbeats, modes, the bill and the tables of the documents come from it.
 *
 * @property does one sentence for people: the function's description, and its row in README
 * @property answers the rows of the runbook that it serves
 * @property drills the drills that show it
 * @property function handler.ts, or the intake.ts of a durable procedure
 * @property run the run.ts of a durable procedure; `does` tells it from its intake, `actFootprint` is what one act costs
 * @property schedules by scope; `<procedure>-<scope>` is the key in mskeeper.yml. Each does what the ones before it do, and more,
 *   in the order of the scopes that its handler takes. Where there are several a run that one of them woke says which, as it ends
 * @property busEvents detail types on mskeeper's own bus that wake it
 * @property queue through which events come to it in batches, and once more where it could not deal with them
 * @property tellsPeople people hear of the cluster from this one alone: once a registry has it, alarms tell nobody themselves but
 *   those on it, and it hears of all the others by its queue
 * @property publishes metrics of its own beside those that every run has; behind the slug, where that is a dimension
 * @property alarms the alarms that wake it or are judged by it
 * @property judges what of the policy it reads; what nobody reads is told when the configuration is checked
 * @property countSeries how many series its quiet runs ask CloudWatch for; none where it is absent
 */
export type Deployment = {
  readonly does: string;
  readonly answers: readonly RunbookRow[];
  readonly drills: readonly string[];
  readonly function: FunctionNeeds;
  readonly run?: FunctionNeeds & {
    readonly does: string;
    readonly executionTimeoutDays: number;
    readonly retentionDays: number;
    readonly actFootprint: ActFootprint;
  };
  readonly schedules?: Readonly<
    Record<string, { readonly usual: string; readonly keptSeconds: number; readonly silenceIs: 'critical' | 'warning' }>
  >;
  readonly wokenByAlarms?: boolean;
  readonly busEvents?: readonly string[];
  readonly queue?: QueueNeeds;
  readonly tellsPeople?: true;
  readonly publishes?: readonly string[];
  readonly alarms?: readonly ((context: StackContext) => AlarmPlan)[];
  readonly judges?: readonly PolicyKey[];
  readonly countSeries?: CountSeries;
};

/** Alarms that stand before their procedure does. */
export type EarlyAlarms = {
  readonly alarms: (context: StackContext) => AlarmPlan;
  readonly judges: readonly PolicyKey[];
};
