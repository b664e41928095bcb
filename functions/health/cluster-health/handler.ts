import { openOwnAlarms } from '../../../shared/configuration/own-alarms.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import { ask } from '../../../shared/core/known.ts';
import { isWatched, matchesAnyPattern } from '../../../shared/core/name-pattern.ts';
import { type WakeEvent, wakeEventOf } from '../../../shared/events/wake.ts';
import { defineHandler } from '../../../shared/lambda/handler.ts';
import type { RunSummary } from '../../../shared/run/run-context.ts';
import { planAnnouncements } from './core/announcements.ts';
import { evaluateClusterHealth } from './core/evaluate.ts';
import type { HealthExpectation } from './core/observation.ts';
import { type HealthReport, type HealthVerdict, planVerdict } from './core/report.ts';
import { fetchObservation } from './gather.ts';
import { openPorts, type Ports } from './ports.ts';
import { type Told, tellOnce } from './tell-once.ts';

const slug = 'cluster-health';

/**
 * One run: asks every source, judges, remembers, tells. An alarm wakes a light run; it proves nothing by itself.
 *
 * @throws DependencyError after the report, where no source about the cluster answered or something could not be told
 */
export async function checkClusterHealth(event: WakeEvent, ports: Ports): Promise<HealthReport> {
  const { configuration, cluster, clusterKey } = ports.configuration;
  const depth = event.kind === 'alarm' ? 'light' : event.scope;
  const expected = expectationOf(ports);
  const identity = { cluster: clusterKey, clusterArn: cluster.arn, runId: ports.run.runId };
  const gathered = await fetchObservation(depth, expected, ports);
  const { limits } = configuration.policy;
  const { health, told, undelivered } = await tellOnce(
    gathered,
    (seen) => evaluateClusterHealth(seen, expected, limits, configuration.maintenanceWindows),
    ({ seen, health }) => tellChanges(planVerdict(seen, health, identity), ports),
    ports,
  );
  const report = await keepReport(told.verdict, undelivered, ports);
  requireSight(report, health.isBlind);
  if (depth === 'full') ports.run.addMetric({ name: 'FullRunCompleted', unit: 'Count', value: 1, by: 'procedure' });
  return report;
}

/** Tells CloudWatch how many brokers are silent, people what changed, the worst first, and then the bus. */
async function tellChanges(verdict: HealthVerdict, ports: Ports): Promise<Told & { readonly verdict: HealthVerdict }> {
  if (verdict.brokersUnreachable !== undefined) {
    ports.run.addMetric({
      name: 'BrokersUnreachable',
      unit: 'Count',
      value: verdict.brokersUnreachable,
      by: 'cluster',
    });
  }
  const undelivered: string[] = [];
  const untoldKeys = new Set<string>();
  for (const announcement of planAnnouncements(verdict)) {
    const told = await ask(() => ports.reportToTopic(announcement, verdict));
    if (told.isKnown) continue;
    undelivered.push(`${announcement.severity} not told: ${told.why}`);
    for (const key of announcement.keys) untoldKeys.add(key);
  }
  const onBus = await ask(() => ports.reportToBus(verdict));
  if (!onBus.isKnown) undelivered.push(`not on the bus: ${onBus.why}`);
  return { verdict, undelivered, untoldKeys };
}

/** Keeps the report, which says what could not be told; what it says to the caller tells also where it was not kept. */
async function keepReport(
  verdict: HealthVerdict,
  undelivered: readonly string[],
  { nowMs, run, reportToBucket }: Ports,
): Promise<HealthReport> {
  const report = {
    ...verdict,
    durationMs: nowMs() - Date.parse(verdict.at),
    undelivered,
    awsCallCountByOperation: run.requestCountByCall(),
  };
  const kept = await ask(() => reportToBucket(report));
  return kept.isKnown ? report : { ...report, undelivered: [...undelivered, `report not kept: ${kept.why}`] };
}

/** A run that saw nothing, or told nobody, has not done its work: Lambda's Errors metric must count it. */
function requireSight({ sources, undelivered }: HealthReport, isBlind: boolean): void {
  const blind = isBlind ? [`no source about the cluster answered: ${Object.values(sources).join('; ')}`] : [];
  const problems = [...blind, ...undelivered];
  if (problems.length > 0) throw new DependencyError(slug, 'failed', problems.join('; '));
}

const expectationOf = ({ configuration: { cluster, configuration } }: Ports): HealthExpectation => ({
  brokerCount: cluster.brokerCount,
  brokerKind: cluster.brokerKind,
  metadataMode: cluster.metadataMode,
  monitoringLevel: cluster.monitoringLevel,
  brokerAnswerTimeoutMs: configuration.policy.brokerAnswerTimeoutMs,
  criticalTopics: cluster.topics.critical,
  flowingTopics: cluster.topics.flowing,
  isDeadLetterTopic: (topic) => matchesAnyPattern(topic, cluster.topics.deadLetter) && isWatched(topic, cluster.topics),
  isWatchedGroup: (groupId) => isWatched(groupId, cluster.groups),
  hasDeadLetterPatterns: cluster.topics.deadLetter.length > 0,
});

const summaryOf = ({
  depth,
  sources,
  worst,
  brokersUnreachable,
  countBySeverity,
  changes,
}: HealthReport): RunSummary => ({
  observation: { depth, sources, ...(brokersUnreachable !== undefined && { brokersUnreachable }) },
  decision: { worst, countBySeverity, changes: changes.map(({ kind, key, severity }) => `${kind} ${key} ${severity}`) },
  outcome: changes.length > 0 ? 'notified' : 'reported',
});

export const handler = defineHandler({
  procedure: slug,
  schema: wakeEventOf(slug, openOwnAlarms()),
  ports: openPorts,
  run: checkClusterHealth,
  summary: summaryOf,
});
