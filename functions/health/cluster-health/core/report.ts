import { type Finding, type Severity, worstSeverity } from '../../../../shared/core/finding.ts';
import type { Change } from './changes.ts';
import type { ClusterHealth } from './evaluate.ts';
import type { NotJudged } from './judgement.ts';
import type { Answer, Depth, HealthObservation } from './observation.ts';

/** What the bucket keeps of one run; a reader of another version refuses it. */
export type HealthReport = {
  readonly version: 1;
  readonly procedure: 'cluster-health';
  readonly cluster: string;
  readonly clusterArn: string;
  readonly runId: string;
  readonly depth: Depth;
  readonly at: string;
  readonly durationMs: number;
  readonly worst: Severity;
  readonly countBySeverity: Readonly<Record<Severity, number>>;
  readonly brokersUnreachable?: number;
  /** What each source did: `answered`, `not asked`, or the call that failed and how. */
  readonly sources: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
  readonly notJudged: readonly NotJudged[];
  readonly changes: readonly Change[];
  /** What could not be told or kept, and why. */
  readonly undelivered: readonly string[];
  readonly awsCallCountByOperation: Readonly<Record<string, number>>;
  readonly kafkaRequestCountByApi: Readonly<Record<string, number>>;
};

export type RunFacts = {
  readonly cluster: string;
  readonly clusterArn: string;
  readonly runId: string;
  readonly finishedAtMs: number;
  readonly undelivered: readonly string[];
  readonly callCountByOperation: Readonly<Record<string, number>>;
};

const told = <Value>(answer: Answer<Value>): string => {
  if (answer.isAnswered) return 'answered';
  return answer.isAsked ? `${answer.call}: ${answer.failure}` : 'not asked';
};

/** The JSON report of one run (H1 "report kept"). */
export function planReport(seen: HealthObservation, health: ClusterHealth, facts: RunFacts): HealthReport {
  const count = (severity: Severity) => health.findings.filter((one) => one.severity === severity).length;
  return {
    version: 1,
    procedure: 'cluster-health',
    cluster: facts.cluster,
    clusterArn: facts.clusterArn,
    runId: facts.runId,
    depth: seen.depth,
    at: new Date(seen.nowMs).toISOString(),
    durationMs: facts.finishedAtMs - seen.nowMs,
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
    changes: health.changes,
    undelivered: facts.undelivered,
    awsCallCountByOperation: facts.callCountByOperation,
    kafkaRequestCountByApi: seen.view.isAnswered ? seen.view.value.requestCountByApi : {},
  };
}
