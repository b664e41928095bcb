import { DependencyError } from '../../../shared/core/errors.ts';
import { ask, known } from '../../../shared/core/known.ts';
import { isPattern, isWatched, matchesAnyPattern } from '../../../shared/core/name-pattern.ts';
import { describeRefused } from '../../../shared/telling/events-bus.ts';
import { namesToSay } from '../../../shared/text/redaction.ts';
import type { Errand } from './claim-look.ts';
import { wakesOf } from './core/claim.ts';
import { type ClusterHealth, evaluateClusterHealth } from './core/evaluate.ts';
import { planChangeEvents, planOtherEvents } from './core/events.ts';
import { namesSeen } from './core/names.ts';
import type { Depth, HealthExpectation, Wake } from './core/observation.ts';
import { type HealthReport, type HealthVerdict, planVerdict } from './core/report.ts';
import { openAlarmsWith } from './core/wakes.ts';
import { diagnose } from './diagnose.ts';
import { fetchObservation } from './gather.ts';
import type { Ports } from './ports.ts';
import { mostAttempts, type StoredState, type Told, tellOnce } from './tell-once.ts';

/**
 * One look: asks every source, judges, remembers, tells. An alarm wakes a light one; it proves nothing by itself.
 *
 * @param storedBefore the run before, where it was read already
 * @throws DependencyError after the report, where no source about the cluster answered or something could not be told
 */
export async function checkClusterHealth(
  depth: Depth,
  { serving, mayWakesWait, unclaimed }: Errand,
  ports: Ports,
  storedBefore?: StoredState,
): Promise<HealthReport> {
  const { configuration, cluster, clusterKey } = ports.configuration;
  const expected = expectationOf(ports);
  const identity = { cluster: clusterKey, clusterArn: cluster.arn, runId: ports.run.runId };
  const wakes = wakesOf(serving, ports.nowMs());
  const stored = await rememberWakes(wakes, storedBefore ?? (await ask(ports.fetchState)), ports);
  const asked = { depth, wakes, mayWakesWait, stored, ...(unclaimed && { unclaimed }) };
  const gathered = await fetchObservation(asked, expected, ports);
  const { health, told, undelivered } = await tellOnce(
    gathered,
    stored,
    (seen) => withNames(evaluateClusterHealth(seen, expected, configuration.policy), namesSeen(seen, expected)),
    ({ seen, health }) => {
      const verdict = planVerdict(seen, health, identity);
      const names = namesToSay(verdict, namesSeen(seen, expected));
      return tellBus(names.length === 0 ? verdict : { ...verdict, names }, health, ports);
    },
    ports,
  );
  const report = await keepReport(told.verdict, undelivered, ports);
  requireSight(report, health.isBlind);
  return report;
}

/**
 * Keeps the alarms that this look is for before it looks, so that their metrics are asked by the next run, too, should this
 * one die. A state that cannot be read or written is left to `tellOnce`, which says so.
 */
async function rememberWakes(wakes: readonly Wake[], stored: StoredState, ports: Ports): Promise<StoredState> {
  let latest = stored;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    if (wakes.length === 0 || !latest.isKnown || latest.value === undefined) return latest;
    const { value: state, etag } = latest.value;
    const openAlarms = openAlarmsWith(state.openAlarms, wakes, ports.nowMs());
    const remembered = { ...state, openAlarms, mayWakesWait: true };
    const written = await ask(() => ports.applyState(remembered, { etag }));
    if (written.isKnown) return known({ value: remembered, etag: written.value.etag });
    if (!written.isAsked || written.failure !== 'conflict') return latest;
    latest = await ask(ports.fetchState);
  }
  return latest;
}

/** What is remembered says of itself which of its words are names, since a later run may tell it. */
function withNames(health: ClusterHealth, candidates: readonly string[]): ClusterHealth {
  const { openByKey, untoldByKey } = health;
  const names = namesToSay([...Object.values(openByKey), ...Object.values(untoldByKey)], candidates);
  return names.length === 0 ? health : { ...health, names };
}

/** Tells CloudWatch how many brokers are silent, and the bus what changed, the worst first, and then the rest. */
async function tellBus(
  verdict: HealthVerdict,
  health: ClusterHealth,
  ports: Ports,
): Promise<Told & { readonly verdict: HealthVerdict }> {
  if (verdict.brokersUnreachable !== undefined) {
    ports.run.addMetric({
      name: 'BrokersUnreachable',
      unit: 'Count',
      value: verdict.brokersUnreachable,
      by: 'cluster',
    });
  }
  const changes = verdict.changes.length === 0 ? [] : planChangeEvents(verdict, diagnose(verdict, health.suffering));
  const events = [...changes, ...planOtherEvents(verdict, health.unchanged)];
  const refused = await ask(() => ports.reportToBus(events));
  if (!refused.isKnown) return { verdict, undelivered: [`not on the bus: ${refused.why}`], takenKeys: new Set() };
  const places = new Set(refused.value.map(({ place }) => place));
  const taken = verdict.changes.filter((_change, place) => !places.has(place));
  return {
    verdict,
    undelivered: places.size === 0 ? [] : [`not on the bus: ${describeRefused(refused.value, events.length)}`],
    takenKeys: new Set(taken.map(({ key }) => key)),
  };
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

/** A run that saw nothing, or did not tell all of it, has not done its work: Lambda's Errors metric must count it. */
function requireSight({ sources, undelivered }: HealthReport, isBlind: boolean): void {
  const blind = isBlind ? [`no source about the cluster answered: ${Object.values(sources).join('; ')}`] : [];
  const problems = [...blind, ...undelivered];
  if (problems.length > 0) throw new DependencyError('cluster-health', 'failed', problems.join('; '));
}

const expectationOf = ({ configuration: { cluster, configuration } }: Ports): HealthExpectation => ({
  brokerCount: cluster.brokerCount,
  brokerIds: cluster.brokerIds,
  brokerKind: cluster.brokerKind,
  metadataMode: cluster.metadataMode,
  monitoringLevel: cluster.monitoringLevel,
  brokerAnswerTimeoutMs: configuration.policy.brokerAnswerTimeoutMs,
  criticalTopics: cluster.topics.critical,
  flowingTopics: cluster.topics.flowing,
  isDeadLetterTopic: (topic) => matchesAnyPattern(topic, cluster.topics.deadLetter) && isWatched(topic, cluster.topics),
  isWatchedGroup: (groupId) => isWatched(groupId, cluster.groups),
  hasDeadLetterPatterns: cluster.topics.deadLetter.length > 0,
  plainTopics: [...cluster.topics.deadLetter, ...cluster.topics.watch].filter(
    (name) => !isPattern(name) && isWatched(name, cluster.topics),
  ),
});
