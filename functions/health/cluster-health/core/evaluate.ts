import { compareSeverities, type Finding, plainFinding } from '../../../../shared/core/finding.ts';
import { evaluateUnknownStreaks, type UnknownStreaks } from '../../../../shared/core/unknown-streak.ts';
import { evaluateAlarms } from './alarm-coverage.ts';
import { evaluateBrokers } from './brokers.ts';
import { type Comparison, compareWithHistory } from './changes.ts';
import { evaluateClusterState } from './cluster-state.ts';
import { evaluateController } from './controller.ts';
import { evaluateDeadLetters, evaluateFlow } from './dead-letters-and-flow.ts';
import { evaluateEndpoints } from './endpoints.ts';
import { compileFacts } from './facts.ts';
import { planHalfHourMark } from './half-hour.ts';
import { combine, finding, type Judgement, judged, type NotJudged } from './judgement.ts';
import { evaluateLeaders } from './leaders.ts';
import { evaluateLogDirectories } from './log-directories.ts';
import type { HealthState } from './memory.ts';
import type { HealthExpectation, HealthObservation } from './observation.ts';
import { evaluateOffline } from './offline-partitions.ts';
import { planOffsetMarks } from './offset-marks.ts';
import { findOvertaken, planJudgedTimes, planWholeTimes } from './overtaken.ts';
import { evaluateReplication } from './replication.ts';
import { evaluateResources, type ResourcePolicy } from './resources.ts';
import { compareSources } from './source-agreement.ts';
import { findSuffering, type Suffering } from './suffering.ts';
import { evaluateThroughput } from './throughput.ts';
import { throughputSlugs } from './throughput-rules.ts';
import { evaluateTopics } from './topics.ts';
import { openAlarmsWith, planOpenAlarms } from './wakes.ts';

/**
 * One run's verdict.
 *
 * @property findings worst first, in an order that does not depend on the order of the answers
 * @property brokersUnreachable the value for the metric; absent where the look could not be done
 * @property openByKey,untoldByKey,judgedAtMsByCheck,judgedWholeAtMsByCheck,unknownStreaks,offsetsByTopic,openAlarms,halfHourJudgedToMs
 * what the next run starts from
 * @property changes,unchanged,judgedChecks what the bus is told: nothing of a check that a later look has judged already
 * @property names of what the next run starts from: names that could be taken for secrets, which the shell works out
 * @property suffering the partitions that a page names; absent where nobody knows which
 * @property isBlind no source about the cluster answered, so the run must fail after it has reported
 */
export type ClusterHealth = Comparison & {
  readonly findings: readonly Finding[];
  readonly notJudged: readonly NotJudged[];
  readonly brokersUnreachable?: number;
  readonly judgedAtMsByCheck: HealthState['judgedAtMsByCheck'];
  readonly judgedWholeAtMsByCheck: HealthState['judgedWholeAtMsByCheck'];
  readonly unknownStreaks: UnknownStreaks;
  readonly offsetsByTopic: HealthState['offsetsByTopic'];
  readonly openAlarms: HealthState['openAlarms'];
  readonly halfHourJudgedToMs?: number;
  readonly suffering?: Suffering;
  readonly names?: readonly string[];
  readonly isBlind: boolean;
};

/** Judges everything that was gathered (RUNBOOK H1, H2, H3, H10, H15); see docs/runbook/cluster-health.md. */
export function evaluateClusterHealth(
  seen: HealthObservation,
  expected: HealthExpectation,
  policy: ResourcePolicy,
): ClusterHealth {
  const facts = compileFacts(seen, expected);
  const { previous, unreachableCount: brokersUnreachable } = facts;
  const { findings, notJudged } = combine(
    evaluateClusterState(facts),
    evaluateBrokers(facts),
    evaluateController(facts),
    evaluateOffline(facts),
    evaluateReplication(facts, policy.limits),
    evaluateLogDirectories(facts),
    evaluateLeaders(facts),
    evaluateResources(facts, policy),
    ...throughputSlugs.map((slug) => evaluateThroughput(slug, facts, policy)),
    evaluateTopics(facts),
    evaluateDeadLetters(facts),
    evaluateFlow(facts),
    evaluateEndpoints(facts),
    evaluateAlarms(facts, policy),
    compareSources(facts),
    evaluateMemory(seen),
    evaluateClaim(seen),
  );
  const overtaken = findOvertaken(previous, seen.nowMs);
  const isNewest = ({ check }: Finding): boolean => !overtaken.has(check);
  const newest = findings.filter(isNewest);
  const persistent = evaluateUnknownStreaks(newest, previous?.unknownStreaks ?? {}, seen.runId, notJudged);
  const all = [...persistent.findings, ...findings.filter((one) => !isNewest(one))];
  const sorted = all.map(plainFinding).toSorted(compareFindings);
  const look = { runId: seen.runId, atMs: seen.nowMs };
  const compared = compareWithHistory(sorted.filter(isNewest), notJudged, previous, look);
  const suffering = findSuffering(facts);
  const halfHourJudgedToMs = planHalfHourMark(seen, previous);
  return {
    findings: sorted,
    notJudged,
    ...(brokersUnreachable !== undefined && { brokersUnreachable }),
    ...compared,
    judgedAtMsByCheck: planJudgedTimes(persistent.findings, previous, seen.nowMs),
    judgedWholeAtMsByCheck: planWholeTimes(compared.judgedChecks, previous, seen.nowMs),
    ...(suffering !== undefined && { suffering }),
    unknownStreaks: persistent.streaks,
    offsetsByTopic: planOffsetMarks(facts),
    openAlarms: planOpenAlarms(
      openAlarmsWith(previous?.openAlarms ?? {}, seen.wakes, seen.nowMs),
      seen.alarms,
      seen.rules,
      sorted,
      seen.nowMs,
    ),
    ...(halfHourJudgedToMs !== undefined && { halfHourJudgedToMs }),
    isBlind: [seen.msk, seen.nodes, seen.view, seen.metrics].every(({ isKnown }) => !isKnown),
  };
}

const compareFindings = (left: Finding, right: Finding): number =>
  compareSeverities(right.severity, left.severity) ||
  left.check.localeCompare(right.check) ||
  left.subject.localeCompare(right.subject, 'en', { numeric: true });

/**
 * The runs before, without which nothing can be called new, growing or lasting. A warning at once: how long it lasts
 * could only be counted in the very state that is missing.
 */
function evaluateMemory({ previous }: HealthObservation): Judgement {
  const check = 'run-history';
  if (previous.isKnown) {
    const reason = previous.value === undefined ? 'first-run' : 'read';
    return judged(finding(check, 'mskeeper', ['ok', reason], 'The run before is known.', ['mskeeper']));
  }
  const why = previous.isAsked ? `${previous.call} failed (${previous.failure}): ${previous.why}` : previous.why;
  const message = `The runs before cannot be read, because ${why}. Everything is told as if it were new.`;
  return judged(finding(check, 'mskeeper', ['warning', 'unreadable'], message, ['mskeeper']));
}

/**
 * Who looks just now, where nobody could say. No look is lost by it, and nothing of the cluster is unknown: sixty alarms look
 * sixty times. So the report and the bus say it, and nobody is woken.
 */
function evaluateClaim({ unclaimed, previous }: HealthObservation): Judgement {
  const check = 'look-claim';
  if (unclaimed === undefined) {
    // Who could not ask leaves word that the next run must, so this one did.
    const isOpen = previous.isKnown && previous.value?.openByKey[`${check}|mskeeper`] !== undefined;
    if (!isOpen) return judged();
    return judged(finding(check, 'mskeeper', ['ok', 'claimed'], 'Which run looks is known again.', ['mskeeper']));
  }
  const message = `Which run looks just now is not known, so this one looked all the same: ${unclaimed.why}`;
  return judged(finding(check, 'mskeeper', ['notice', 'unreadable'], message, ['mskeeper']));
}
