import { type Finding, type Severity, type Source, severities, worstSeverity } from '../../shared/finding.ts';
import type { ClusterHealth } from './cluster-health.ts';
import type { Change } from './cluster-health-change.ts';
import type { NotJudged } from './cluster-health-judgement.ts';
import type { Answer, Depth, HealthObservation } from './cluster-health-observation.ts';

/** What the bucket keeps of one run; a reader of another version refuses it. */
export type HealthReport = {
  readonly version: 1;
  readonly procedure: 'cluster-health';
  readonly cluster: string;
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
  readonly awsCallCountByOperation: Readonly<Record<string, number>>;
  readonly kafkaRequestCountByApi: Readonly<Record<string, number>>;
};

export type RunFacts = {
  readonly cluster: string;
  readonly runId: string;
  readonly finishedAtMs: number;
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
    awsCallCountByOperation: facts.callCountByOperation,
    kafkaRequestCountByApi: seen.view.isAnswered ? seen.view.value.requestCountByApi : {},
  };
}

/** `data/reports/…`: the day first, so that a listing of a day is one prefix. */
export function reportKey({ cluster, at, runId }: Pick<HealthReport, 'cluster' | 'at' | 'runId'>): string {
  const day = at.slice(0, 10).replaceAll('-', '/');
  const time = at.slice(11, 19).replaceAll(':', '');
  return `reports/cluster-health/${cluster}/${day}/${time}-${runId}.json`;
}

export const stateKey = (cluster: string): string => `state/cluster-health/${cluster}.json`;

const sourceNames: Readonly<Record<Source, string>> = {
  msk: 'MSK API',
  cloudwatch: 'CloudWatch',
  brokers: 'brokers',
  endpoint: 'endpoint',
  configuration: 'mskeeper.yml',
  mskeeper: 'mskeeper',
};

/** How many other findings a notification lists below the changes. */
const mostListed = 20;

export type Announcement = { readonly severity: Severity; readonly subject: string; readonly text: string };

/** One notification a severity for all that changed there, and how the cluster stands, worst first (I2). */
export function planAnnouncements(report: HealthReport): readonly Announcement[] {
  return [...severities].reverse().flatMap((severity) => {
    const changes = report.changes.filter((change) => change.severity === severity);
    return changes.length === 0 ? [] : [announce(report, severity, changes)];
  });
}

function announce(report: HealthReport, severity: Severity, changes: readonly Change[]): Announcement {
  const bad = changes.filter(({ kind }) => kind === 'opened' || kind === 'worse');
  const first = bad[0] ?? changes[0];
  const [check = ''] = (first?.key ?? '').split('|');
  const more = changes.length > 1 ? ` and ${changes.length - 1} more` : '';
  const open = report.findings.filter((one) => one.severity !== 'ok');
  const lines = open.slice(0, mostListed).map(describe);
  const rest = open.length > mostListed ? [`… and ${open.length - mostListed} more in the report`] : [];
  return {
    severity,
    subject: `${report.cluster}: ${first?.kind ?? 'changed'} ${check}${more} (${severity})`,
    text: [
      ...changes.map(({ kind, message }) => `${kind.toUpperCase()}: ${message}`),
      '',
      `Cluster ${report.cluster} now (${report.at}, ${report.depth} check), worst first:`,
      ...(lines.length === 0 ? ['all well'] : lines),
      ...rest,
      '',
      `Report: ${reportKey(report)}`,
      'What to do by hand: docs/runbook.md#cluster-health',
    ].join('\n'),
  };
}

const describe = ({ severity, message, sources, evidence }: Finding): string => {
  const held = evidence.heldByWindow === undefined ? '' : ` (held by window ${evidence.heldByWindow})`;
  return `- ${severity}: ${message} [${sources.map((source) => sourceNames[source]).join(', ')}]${held}`;
};
