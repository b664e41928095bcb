import { type Finding, type Severity, type Source, severities, worstSeverity } from '../../shared/finding.ts';
import type { ClusterHealth } from './cluster-health.ts';
import type { Change } from './cluster-health-change.ts';
import { findingKey } from './cluster-health-history.ts';
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
  /** What could not be told or kept, and why. */
  readonly undelivered: readonly string[];
  readonly awsCallCountByOperation: Readonly<Record<string, number>>;
  readonly kafkaRequestCountByApi: Readonly<Record<string, number>>;
};

export type RunFacts = {
  readonly cluster: string;
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

/** One notification a severity. Texts are escaped where they are sent, not here. */
export type Announcement = {
  readonly severity: Severity;
  readonly headline: string;
  readonly findings: readonly Pick<Finding, 'check' | 'subject' | 'severity' | 'message'>[];
  /** Keys of the findings that it tells of. */
  readonly keys: readonly string[];
};

/** What changed, by the topic that hears it, and beneath it how the cluster stands, worst first (I2). */
export function planAnnouncements(report: HealthReport): readonly Announcement[] {
  return [...severities].reverse().flatMap((severity) => {
    const changes = report.changes.filter((change) => change.severity === severity);
    const [first] = [...changes.filter(isWorsening), ...changes];
    if (first === undefined) return [];
    const more = changes.length > 1 ? ` and ${changes.length - 1} more` : '';
    const keys = changes.map(({ key }) => key);
    const others = report.findings.filter((one) => one.severity !== 'ok' && !keys.includes(findingKey(one)));
    return [
      {
        severity,
        headline: `${first.kind === 'closed' ? 'over: ' : ''}${first.message}${more}`,
        findings: [...changes.map(changed), ...others.slice(0, mostListed).map(still)],
        keys,
      },
    ];
  });
}

const isWorsening = ({ kind }: Change): boolean => kind === 'opened' || kind === 'worse';

function changed({ kind, key, severity, message }: Change): Announcement['findings'][number] {
  const check = key.slice(0, key.indexOf('|'));
  return { check, subject: key.slice(check.length + 1), severity, message: `${kind}: ${message}` };
}

const still = (one: Finding): Announcement['findings'][number] => {
  const { check, subject, severity } = one;
  return { check, subject, severity, message: describe(one) };
};

/** Which source said it, and what a window holds. */
const describe = ({ message, sources, evidence }: Finding): string => {
  const held = evidence.heldByWindow === undefined ? '' : ` (held by window ${evidence.heldByWindow})`;
  return `${message} [${sources.map((source) => sourceNames[source]).join(', ')}]${held}`;
};
