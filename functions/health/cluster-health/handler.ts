import { DependencyError } from '../../../shared/core/errors.ts';
import { isWatched, matchesAnyPattern } from '../../../shared/core/name-pattern.ts';
import { alarmMatcher, type WakeEvent, wakeEventOf } from '../../../shared/events/wake.ts';
import { defineHandler } from '../../../shared/lambda/handler.ts';
import type { RunSummary } from '../../../shared/run/run-context.ts';
import { planAnnouncements } from './core/announcements.ts';
import { evaluateClusterHealth } from './core/evaluate.ts';
import type { HealthExpectation } from './core/observation.ts';
import { type HealthReport, planReport } from './core/report.ts';
import { ask, fetchObservation } from './gather.ts';
import { openPorts, type Ports } from './ports.ts';
import { applyConfirmation, applyMemory } from './remember.ts';

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
  const gathered = await fetchObservation(depth, expected, ports);
  const { limits } = configuration.policy;
  const remembered = await applyMemory(
    gathered,
    (seen) => evaluateClusterHealth(seen, expected, limits, configuration.maintenanceWindows),
    ports,
  );
  const { seen, health } = remembered;
  const unreachable = health.brokersUnreachable;
  if (unreachable !== undefined) {
    ports.run.addMetric({ name: 'BrokersUnreachable', unit: 'Count', value: unreachable, by: 'cluster' });
  }
  const reportOf = (undelivered: readonly string[]) =>
    planReport(seen, health, {
      cluster: clusterKey,
      clusterArn: cluster.arn,
      runId: ports.run.runId,
      finishedAtMs: ports.nowMs(),
      callCountByOperation: ports.run.requestCountByCall(),
      undelivered,
    });
  const report = await reportAll(reportOf, remembered, ports);
  requireSight(report, health.isBlind);
  if (depth === 'full') ports.run.addMetric({ name: 'FullRunCompleted', unit: 'Count', value: 1, by: 'procedure' });
  return report;
}

/** Tells the worst first, then the bus, then keeps the report, which says what could not be told. */
async function reportAll(
  reportOf: (undelivered: readonly string[]) => HealthReport,
  remembered: Awaited<ReturnType<typeof applyMemory>>,
  ports: Ports,
): Promise<HealthReport> {
  const undelivered = remembered.problem === undefined ? [] : [remembered.problem];
  const early = reportOf(undelivered);
  const untoldKeys = new Set<string>();
  for (const announcement of planAnnouncements(early)) {
    const told = await ask(() => ports.reportToTopic(announcement, early));
    if (told.isAnswered || !told.isAsked) continue;
    undelivered.push(`${announcement.severity} not told: ${told.message}`);
    for (const key of announcement.keys) untoldKeys.add(key);
  }
  const onBus = await ask(() => ports.reportToBus(early));
  if (!onBus.isAnswered && onBus.isAsked) undelivered.push(`not on the bus: ${onBus.message}`);
  const unconfirmed = await applyConfirmation(remembered, untoldKeys, ports);
  if (unconfirmed !== undefined) undelivered.push(unconfirmed);
  const report = reportOf(undelivered);
  const kept = await ask(() => ports.reportToBucket(report));
  if (kept.isAnswered || !kept.isAsked) return report;
  return reportOf([...undelivered, `report not kept: ${kept.message}`]);
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
  schema: wakeEventOf(slug, alarmMatcher(process.env.MSKEEPER_CLUSTER ?? '', [slug])),
  ports: openPorts,
  run: checkClusterHealth,
  summary: summaryOf,
});
