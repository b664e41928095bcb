import { claimDocument } from '../../../functions/health/cluster-health/claim-document.ts';
import { claimLook, type LookClaim } from '../../../functions/health/cluster-health/core/claim.ts';
import { evaluateClusterHealth } from '../../../functions/health/cluster-health/core/evaluate.ts';
import { planHalfHour } from '../../../functions/health/cluster-health/core/half-hour.ts';
import { confirmOffer, type HealthState } from '../../../functions/health/cluster-health/core/memory.ts';
import { planMetrics } from '../../../functions/health/cluster-health/core/metrics.ts';
import { decodeState, encodeState, stateDocument } from '../../../functions/health/cluster-health/memory-document.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../../shared/core/units.ts';
import {
  clusterView,
  countsOf,
  healthExpectation,
  healthObservation,
  healthState,
  known,
  partitionView,
  series,
  topicView,
} from '../health/builders.ts';
import { type Kind, nowMs, type Reading } from './forgeries.ts';

const never = Number.POSITIVE_INFINITY;
const late = 'under-replicated|cluster';
const filling = 'dead-letter|topic orders-dlq';
const since = { sinceMs: nowMs - 5 * minuteMs };
const before: HealthState = healthState({
  atMs: nowMs - 5 * minuteMs,
  openByKey: {
    [late]: { severity: 'notice', reason: 'late', ...since },
    [filling]: { severity: 'warning', reason: 'filling', ...since, announced: 'warning' },
  },
  // A run that died began to tell it.
  untoldByKey: {
    [filling]: {
      ...{ kind: 'opened', severity: 'warning', ...since, atMs: nowMs - 30 * secondMs },
      finding: {
        ...{ check: 'dead-letter', subject: 'topic orders-dlq', severity: 'warning', reason: 'filling' },
        ...{ message: 'It fills.', sources: ['brokers'], evidence: {} },
      },
      offer: { runId: 'dead', atMs: nowMs - 30 * secondMs },
    },
  },
  judgedAtMsByCheck: { 'under-replicated': nowMs - 5 * minuteMs },
  judgedWholeAtMsByCheck: { 'under-replicated': nowMs - 5 * minuteMs },
  offsetsByTopic: { 'orders-dlq': { atMs: nowMs - 10 * minuteMs, latestByPartition: { 0: '5' } } },
  openAlarms: { 'disk-used-1': { rule: 'disk-used', wokenAtMs: nowMs - hourMs } },
  halfHourJudgedToMs: nowMs - 10 * minuteMs,
});

/** A run of the release before died as it told topics of it. */
const ofReleaseBefore = {
  ...encodeState({ ...before, untoldByKey: {} }),
  announcing: {
    atMs: nowMs - 30 * secondMs,
    openBefore: [[filling, { severity: 'notice', reason: 'filling', ...since }]],
  },
};

const expected = healthExpectation({
  isDeadLetterTopic: (topic) => topic === 'orders-dlq',
  hasDeadLetterPatterns: true,
});
const limits = {
  diskUsedPercent: { warning: 80 },
  underReplicatedPartitions: { critical: 0, criticalForMinutes: 10 },
  deadLetterMessages: { critical: 0 },
};

/** A light run, of a partition whose copy is late for longer than it may, a dead-letter topic that fills, and a quiet alarm. */
function runAt(timeMs: number, state: HealthState) {
  const lateCopy = partitionView(0, { inSyncReplicaIds: [1, 2] });
  const letters = BigInt(10 + Math.floor((timeMs - nowMs) / minuteMs));
  const view = clusterView({
    topics: [topicView('orders', [lateCopy]), topicView('orders-dlq', [partitionView(0, { latestOffset: letters })])],
  });
  const halfHour = planHalfHour('light', state, timeMs);
  const questions = { depth: 'light' as const, rules: ['disk-used'], ...(halfHour && { halfHour }) };
  const counts: Readonly<Record<string, number>> = { ...countsOf(view), UnderReplicatedPartitions: 1 };
  const asked = planMetrics(questions, expected, [1, 2, 3]).map((request) =>
    series(request, counts[request.metric] ?? 20),
  );
  const shifted = asked.map((one) => ({
    ...one,
    points: one.points.map(({ atMs, value }) => ({ atMs: atMs + timeMs - nowMs, value })),
  }));
  const seen = healthObservation({
    ...questions,
    runId: `run-${timeMs}`,
    nowMs: timeMs,
    view: known(view),
    metrics: known(shifted),
    previous: known(state),
  });
  return {
    isHalfHour: halfHour !== undefined,
    health: evaluateClusterHealth(seen, expected, { limits, floors: {} }),
  };
}

/** Every five minutes for two hours, then every hour for a day: what people heard, what was asked, what was let go. */
async function readMemory(document: unknown): Promise<Reading> {
  let state = decodeState(stateDocument.parse(document));
  const waitsMs = { lateness: never, letters: never, alarm: never, 'half hour': never };
  const note = (name: keyof typeof waitsMs, isThere: boolean, laterMs: number) => {
    if (isThere) waitsMs[name] = Math.min(waitsMs[name], laterMs);
  };
  for (let laterMs = 0; laterMs <= dayMs + 2 * hourMs; laterMs += laterMs < 2 * hourMs ? 5 * minuteMs : hourMs) {
    const timeMs = nowMs + laterMs;
    const { isHalfHour, health } = runAt(timeMs, state);
    const { changes, openByKey, openAlarms } = health;
    const isTold = (wanted: string) =>
      changes.some(({ kind, key }) => key === wanted && (kind === 'opened' || kind === 'worse'));
    note('lateness', isTold(late), laterMs);
    note('letters', isTold(filling), laterMs);
    note('alarm', Object.keys(openAlarms).length === 0, laterMs);
    note('half hour', isHalfHour, laterMs);
    const { judgedAtMsByCheck, judgedWholeAtMsByCheck, unknownStreaks, offsetsByTopic, halfHourJudgedToMs } = health;
    const { untoldByKey } = health;
    const left: HealthState = {
      ...{ version: 1, runId: `run-${timeMs}`, atMs: timeMs, mayWakesWait: false },
      ...{
        openByKey,
        untoldByKey,
        openAlarms,
        judgedAtMsByCheck,
        judgedWholeAtMsByCheck,
        unknownStreaks,
        offsetsByTopic,
      },
      ...(halfHourJudgedToMs !== undefined && { halfHourJudgedToMs }),
    };
    state = confirmOffer(left, { runId: `run-${timeMs}`, atMs: timeMs }, new Set(changes.map(({ key }) => key)));
  }
  return { hasActed: false, waitsMs };
}

const wake = { alarmName: 'disk-used-1', rule: 'disk-used', changedAtMs: nowMs, eventId: 'new' };
const { rule: _unknown, ...left } = { ...wake, changedAtMs: nowMs - minuteMs, eventId: 'left' };
const noMore = { beyondCount: 0, beyondRules: [] };

/** A run that an alarm wakes asks every ten seconds; whoever held the look has died. */
async function readClaim(document: unknown): Promise<Reading> {
  let claim: LookClaim = claimDocument.parse(document);
  for (let laterMs = 0; laterMs <= hourMs; laterMs += 10 * secondMs) {
    const step = claimLook(claim, 'run-new', wake, nowMs + laterMs);
    claim = step.claim ?? claim;
    if (step.kind !== 'look') continue;
    const isServed = step.serving.wakes.some(
      ({ alarmName, rule }) => alarmName === wake.alarmName && rule === wake.rule,
    );
    return { hasActed: false, waitsMs: { 'the look': isServed ? step.notBeforeMs - nowMs : never } };
  }
  return { hasActed: false, waitsMs: { 'the look': never } };
}

export const healthKinds: readonly Kind[] = [
  {
    what: 'the memory of cluster-health',
    schemaName: 'stateDocument',
    sounds: [JSON.parse(JSON.stringify(encodeState(before))), JSON.parse(JSON.stringify(ofReleaseBefore))],
    read: readMemory,
    longestMs: { lateness: 20 * minuteMs, letters: 15 * minuteMs, alarm: 10 * minuteMs, 'half hour': 35 * minuteMs },
  },
  {
    what: 'the claim of a look',
    schemaName: 'claimDocument',
    sounds: [
      {
        version: 1,
        holder: { runId: 'run-dead', sinceMs: nowMs - minuteMs },
        round: 3,
        beganAtMs: nowMs - minuteMs,
        serving: { wakes: [left], ...noMore },
        waiting: { wakes: [{ ...left, eventId: 'waits' }], ...noMore },
      },
    ],
    read: readClaim,
    // The dead run's time by a clock two minutes ahead, and the pause between two looks.
    longestMs: { 'the look': 4 * minuteMs + 30 * secondMs + 10 * secondMs },
  },
];
