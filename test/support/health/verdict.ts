import type { Room } from '../../../functions/health/cluster-health/core/diagnosis.ts';
import type { HealthVerdict } from '../../../functions/health/cluster-health/core/report.ts';
import type { Finding } from '../../../shared/core/finding.ts';
import { noonMs } from './builders.ts';
import { clusterConfiguration } from './health-ports.ts';

export const found = (subject: string, more: Partial<Finding> = {}): Finding => ({
  check: 'disk-used',
  subject,
  severity: 'warning',
  reason: 'above-warning',
  message: `The disk of ${subject} fills.`,
  sources: ['cloudwatch'],
  evidence: {},
  ...more,
});

export const healthVerdict = (more: Partial<HealthVerdict> = {}): HealthVerdict => ({
  version: 1,
  procedure: 'cluster-health',
  cluster: 'orders',
  clusterArn: clusterConfiguration().arn,
  runId: 'run-1',
  depth: 'light',
  at: new Date(noonMs).toISOString(),
  lookedAtMs: noonMs,
  alarmsServed: [],
  worst: 'warning',
  countBySeverity: { ok: 0, unknown: 0, notice: 0, warning: 0, critical: 0, emergency: 0 },
  sources: { msk: 'answered', brokers: 'lambda:Invoke kafka-read: timed-out' },
  findings: [],
  notJudged: [],
  judgedChecks: [],
  changes: [],
  kafkaRequestCountByApi: {},
  ...more,
});

/** More than any test needs. */
export const generousRoom: Room = { findings: 100, names: 100, evidence: 100, text: 1_000 };
