import { type Finding, type Severity, worstSeverity } from '../../../../shared/core/finding.ts';
import type { Known } from '../../../../shared/core/known.ts';
import type { ClusterHealth } from './evaluate.ts';
import type { NotJudged } from './judgement.ts';
import type { Depth, HealthObservation } from './observation.ts';
import type { Change } from './offer.ts';

/**
 * What one run found, as it tells the bus of it.
 *
 * @property at,lookedAtMs when the look began
 * @property judgedChecks checks that were judged of every subject: what is not named of them is over
 * @property changes what the bus is not known to have taken, also of runs before
 */
export type HealthVerdict = {
  readonly version: 1;
  readonly procedure: 'cluster-health';
  readonly cluster: string;
  readonly clusterArn: string;
  readonly runId: string;
  readonly depth: Depth;
  readonly at: string;
  readonly lookedAtMs: number;
  /** The alarms that this run looked for, by name; none where a schedule or a person asked. */
  readonly alarmsServed: readonly string[];
  readonly worst: Severity;
  readonly countBySeverity: Readonly<Record<Severity, number>>;
  readonly brokersUnreachable?: number;
  /** What each source did: `answered`, `not asked`, or the call that failed and how. */
  readonly sources: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
  readonly notJudged: readonly NotJudged[];
  readonly judgedChecks: readonly string[];
  readonly changes: readonly Change[];
  readonly kafkaRequestCountByApi: Readonly<Record<string, number>>;
  /** Names of the cluster that stand in the texts and could be taken for secrets; mostly absent. */
  readonly names?: readonly string[];
};

/** How the run ended. */
type RunEnd = {
  readonly durationMs: number;
  /** What could not be told or kept, and why. */
  readonly undelivered: readonly string[];
  readonly awsCallCountByOperation: Readonly<Record<string, number>>;
};

/** What the bucket keeps of one run; a reader of another version refuses it. */
export type HealthReport = HealthVerdict & RunEnd;

/** Whose run it is. */
export type RunIdentity = { readonly cluster: string; readonly clusterArn: string; readonly runId: string };

const told = <Value>(answer: Known<Value>): string => {
  if (answer.isKnown) return 'answered';
  return answer.isAsked ? `${answer.call}: ${answer.failure}` : 'not asked';
};

/** The JSON report of one run (H1 "report kept"), but for its end. */
export function planVerdict(seen: HealthObservation, health: ClusterHealth, run: RunIdentity): HealthVerdict {
  const count = (severity: Severity) => health.findings.filter((one) => one.severity === severity).length;
  return {
    version: 1,
    procedure: 'cluster-health',
    ...run,
    depth: seen.depth,
    at: new Date(seen.nowMs).toISOString(),
    lookedAtMs: seen.nowMs,
    alarmsServed: seen.wakes.map(({ alarmName }) => alarmName).toSorted(),
    worst: worstSeverity(health.findings),
    countBySeverity: {
      ok: count('ok'),
      unknown: count('unknown'),
      notice: count('notice'),
      warning: count('warning'),
      critical: count('critical'),
      emergency: count('emergency'),
    },
    ...(health.brokersUnreachable !== undefined && { brokersUnreachable: health.brokersUnreachable }),
    sources: {
      msk: told(seen.msk),
      nodes: told(seen.nodes),
      brokers: told(seen.view),
      cloudwatch: told(seen.metrics),
      alarms: told(seen.alarms),
      'run history': told(seen.previous),
    },
    findings: health.findings,
    notJudged: health.notJudged,
    judgedChecks: health.judgedChecks,
    changes: health.changes,
    kafkaRequestCountByApi: seen.view.isKnown ? seen.view.value.requestCountByApi : {},
  };
}
