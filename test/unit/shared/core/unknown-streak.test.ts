import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Finding, Severity } from '../../../../shared/core/finding.ts';
import { evaluateUnknownStreaks, type UnknownStreaks } from '../../../../shared/core/unknown-streak.ts';

const finding = (severity: Severity, check = 'disk-used', subject = 'broker 2'): Finding => ({
  check,
  subject,
  severity,
  reason: severity === 'unknown' ? 'no-data' : 'within-policy',
  message: 'CloudWatch has no data.',
  sources: ['cloudwatch'],
  evidence: {},
});

const severitiesOver = (runs: readonly Severity[]): readonly (string | undefined)[] => {
  let streaks: UnknownStreaks = {};
  return runs.map((severity) => {
    const judgement = evaluateUnknownStreaks([finding(severity)], streaks);
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
  const judgement = evaluateUnknownStreaks([finding('unknown')], { 'disk-used|broker 2': 4 });
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
  const previous = { 'heap|broker 1': 2, 'disk-used|broker 9': 2 };
  expect(evaluateUnknownStreaks([finding('ok')], previous).streaks).toEqual({ 'heap|broker 1': 2 });
});

test('a subject that a run left out keeps its count, also where others of its check were judged', () => {
  const previous = { 'disk-used|broker 1': 2, 'disk-used|broker 2': 2, 'heap|broker 9': 1 };
  const leftOut = [{ check: 'disk-used' }];
  expect(evaluateUnknownStreaks([finding('ok')], previous, leftOut).streaks).toEqual({
    'disk-used|broker 1': 2,
    'heap|broker 9': 1,
  });
  expect(evaluateUnknownStreaks([finding('unknown')], previous, leftOut).streaks).toEqual({
    ...previous,
    'disk-used|broker 2': 3,
  });
});

test('two findings of one subject count as one run', () => {
  expect(evaluateUnknownStreaks([finding('unknown'), finding('unknown')], {}).streaks).toEqual({
    'disk-used|broker 2': 1,
  });
});

test.each([Number.NaN, -4, 2.5, Number.POSITIVE_INFINITY])('a kept count of %s counts as none', (count) => {
  expect(evaluateUnknownStreaks([finding('unknown')], { 'disk-used|broker 2': count }).streaks).toEqual({
    'disk-used|broker 2': 1,
  });
});

test('nothing but an unknown finding is ever changed, and none becomes milder', () => {
  const severity = fc.constantFrom<Severity>('ok', 'unknown', 'notice', 'warning', 'critical', 'emergency');
  fc.assert(
    fc.property(fc.array(severity), fc.nat(9), (severities, count) => {
      const findings = severities.map((each, index) => finding(each, 'disk-used', `broker ${index}`));
      const previous = Object.fromEntries(findings.map(({ subject }) => [`disk-used|${subject}`, count]));
      const judged = evaluateUnknownStreaks(findings, previous).findings;
      expect(judged.map((each) => (each.reason === 'unknown-for-long' ? 'unknown' : each.severity))).toEqual(
        severities,
      );
      expect(
        judged.filter((each) => each.reason === 'unknown-for-long').every((each) => each.severity === 'warning'),
      ).toBe(true);
    }),
  );
});
