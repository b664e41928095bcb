import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Finding, Severity } from '../../../../shared/core/finding.ts';
import {
  evaluateUnknownStreaks,
  type StreakJudgement,
  type UnknownStreak,
  type UnknownStreaks,
} from '../../../../shared/core/unknown-streak.ts';

const finding = (severity: Severity, check = 'disk-used', subject = 'broker 2'): Finding => ({
  check,
  subject,
  severity,
  reason: severity === 'unknown' ? 'no-data' : 'within-policy',
  message: 'CloudWatch has no data.',
  sources: ['cloudwatch'],
  evidence: {},
});

const runsOf = (runs: number): UnknownStreak => ({ runs, lastRunIds: ['earlier'] });
/** How many runs each has counted. */
const countsOf = ({ streaks }: StreakJudgement) =>
  Object.fromEntries(Object.entries(streaks).map(([key, { runs }]) => [key, runs]));
const evaluate = (
  findings: readonly Finding[],
  previous: UnknownStreaks,
  leftOut: readonly Pick<Finding, 'check'>[] = [],
) => evaluateUnknownStreaks(findings, previous, 'now', leftOut);

const severitiesOver = (runs: readonly Severity[]): readonly (string | undefined)[] => {
  let streaks: UnknownStreaks = {};
  return runs.map((severity, index) => {
    const judgement = evaluateUnknownStreaks([finding(severity)], streaks, `run-${index}`);
    streaks = judgement.streaks;
    return judgement.findings[0]?.severity;
  });
};

test('unknown stays unknown twice and is a warning at the third run in a row and after', () => {
  expect(severitiesOver(['unknown', 'unknown', 'unknown', 'unknown'])).toEqual([
    'unknown',
    'unknown',
    'warning',
    'warning',
  ]);
});

test('an answer in between starts the count again', () => {
  expect(severitiesOver(['unknown', 'unknown', 'ok', 'unknown', 'unknown'])).not.toContain('warning');
});

test('the warning keeps why it is unknown and says for how long', () => {
  const judgement = evaluate([finding('unknown')], { 'disk-used|broker 2': runsOf(4) });
  expect(judgement.findings).toEqual([
    {
      ...finding('unknown'),
      severity: 'warning',
      reason: 'unknown-for-long',
      message: 'CloudWatch has no data. It has been unknown for 5 runs.',
      evidence: { unknownRuns: 5, unknownReason: 'no-data' },
    },
  ]);
});

test('a check that a light run does not make keeps its count; a subject that is gone loses it', () => {
  const previous = { 'heap|broker 1': runsOf(2), 'disk-used|broker 9': runsOf(2) };
  expect(evaluate([finding('ok')], previous).streaks).toEqual({ 'heap|broker 1': runsOf(2) });
});

test('a subject that a run left out keeps its count, also where others of its check were judged', () => {
  const previous = { 'disk-used|broker 1': runsOf(2), 'disk-used|broker 2': runsOf(2), 'heap|broker 9': runsOf(1) };
  const leftOut = [{ check: 'disk-used' }];
  expect(countsOf(evaluate([finding('ok')], previous, leftOut))).toEqual({
    'disk-used|broker 1': 2,
    'heap|broker 9': 1,
  });
  expect(countsOf(evaluate([finding('unknown')], previous, leftOut))).toEqual({
    'disk-used|broker 1': 2,
    'disk-used|broker 2': 3,
    'heap|broker 9': 1,
  });
});

test('two findings of one subject count as one run', () => {
  expect(countsOf(evaluate([finding('unknown'), finding('unknown')], {}))).toEqual({ 'disk-used|broker 2': 1 });
});

test('a run counts once, in whatever order its looks and those of others come', () => {
  const runIds = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(runIds, (looks) => {
      let streaks: UnknownStreaks = {};
      for (const runId of looks) streaks = evaluateUnknownStreaks([finding('unknown')], streaks, runId).streaks;
      expect(streaks['disk-used|broker 2']?.runs).toBe(new Set(looks).size);
    }),
  );
});

test('of a long streak only the last runs are remembered by name', () => {
  let streaks: UnknownStreaks = {};
  for (let run = 1; run <= 50; run += 1) {
    streaks = evaluateUnknownStreaks([finding('unknown')], streaks, `run-${run}`).streaks;
  }
  expect(streaks['disk-used|broker 2']).toEqual({
    runs: 50,
    lastRunIds: ['run-46', 'run-47', 'run-48', 'run-49', 'run-50'],
  });
});

test.each([Number.NaN, -4, 2.5, Number.POSITIVE_INFINITY])('a kept count of %s counts as none', (count) => {
  expect(countsOf(evaluate([finding('unknown')], { 'disk-used|broker 2': runsOf(count) }))).toEqual({
    'disk-used|broker 2': 1,
  });
});

test('nothing but an unknown finding is ever changed, and none becomes milder', () => {
  const severity = fc.constantFrom<Severity>('ok', 'unknown', 'notice', 'warning', 'critical', 'emergency');
  fc.assert(
    fc.property(fc.array(severity), fc.nat(9), (severities, count) => {
      const findings = severities.map((each, index) => finding(each, 'disk-used', `broker ${index}`));
      const previous = Object.fromEntries(findings.map(({ subject }) => [`disk-used|${subject}`, runsOf(count)]));
      const judged = evaluate(findings, previous).findings;
      expect(judged.map((each) => (each.reason === 'unknown-for-long' ? 'unknown' : each.severity))).toEqual(
        severities,
      );
      expect(
        judged.filter((each) => each.reason === 'unknown-for-long').every((each) => each.severity === 'warning'),
      ).toBe(true);
    }),
  );
});
