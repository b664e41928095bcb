import { expect, test } from 'vitest';
import { planWholeTimes } from '../../../../../functions/health/cluster-health/core/overtaken.ts';
import { encodeState } from '../../../../../functions/health/cluster-health/memory-document.ts';
import { openFindingsDocument } from '../../../../../shared/aws/open-findings-document.ts';
import { redactValue, verbatim } from '../../../../../shared/text/redaction.ts';
import { healthState, minuteMs, noonMs } from '../../../../support/health/builders.ts';
import { changesOf, findingsOf, wordsOf } from '../../../../support/health/bus.ts';
import { checkClusterHealth, healthPorts, outside } from '../../../../support/health/health-ports.ts';
import { found } from '../../../../support/health/verdict.ts';
import { brokerThreeDead, fails, full, light } from './handler-under-test.ts';

/** As the store writes it, and another procedure reads it. */
const readAs = (document: object) => openFindingsDocument.parse(JSON.parse(JSON.stringify(redactValue(document))));

test('another procedure reads of the memory what is open, since when, and when it was seen last', () => {
  const state = healthState({
    openByKey: {
      'critical-topic|topic a|b': {
        ...{ severity: 'critical', reason: 'not-listed', sinceMs: 5, announced: 'warning' },
        // It is unknown by now.
        finding: found('topic a|b', { check: 'critical-topic', severity: 'critical', reason: 'missing' }),
      },
      'disk-used|broker 1': { severity: 'unknown', reason: 'no-data', sinceMs: 7 },
    },
    judgedAtMsByCheck: { 'critical-topic': noonMs, 'disk-used': noonMs - minuteMs },
    judgedWholeAtMsByCheck: { 'disk-used': noonMs - minuteMs },
    names: ['token-1'],
  });
  expect(readAs(verbatim(encodeState(state)))).toEqual({
    runId: 'before',
    atMs: noonMs - 5 * minuteMs,
    open: [
      {
        ...{ key: 'critical-topic|topic a|b', sinceMs: 5, seenAtMs: noonMs },
        finding: found('topic a|b', { check: 'critical-topic', severity: 'critical', reason: 'missing' }),
      },
      {
        ...{ key: 'disk-used|broker 1', sinceMs: 7, seenAtMs: noonMs - minuteMs },
        finding: {
          ...{ check: 'disk-used', subject: 'broker 1', severity: 'unknown', reason: 'no-data' },
          ...{ message: 'broker 1: disk-used (no-data).', sources: [], evidence: {} },
        },
      },
    ],
    wholeAtMsByCheck: new Map([['disk-used', noonMs - minuteMs]]),
    names: ['token-1'],
  });
});

test('a memory of the release before proves nothing over', () => {
  const {
    judged: _judged,
    judgedWhole: _whole,
    ...before
  } = encodeState(healthState({ openByKey: { 'a|b': { severity: 'warning', reason: 'x', sinceMs: 1 } } }));
  expect(readAs(verbatim(before))).toMatchObject({
    open: [{ key: 'a|b', seenAtMs: noonMs - 5 * minuteMs }],
    wholeAtMsByCheck: new Map(),
  });
});

test('that a check was judged whole some day is forgotten: nothing is over by it', () => {
  const previous = healthState({
    judgedWholeAtMsByCheck: { kept: noonMs + minuteMs, ahead: noonMs + 60 * minuteMs, 'disk-used': noonMs - minuteMs },
  });
  expect(planWholeTimes(['disk-used'], previous, noonMs)).toEqual({ kept: noonMs + minuteMs, 'disk-used': noonMs });
});

test('what is not this memory is refused', () => {
  const { open, ...rest } = encodeState(healthState());
  for (const damage of [
    { version: 2 },
    { open: [['a|b', { severity: 'bad', reason: 'x', sinceMs: 1 }]] },
    { atMs: -1 },
  ])
    expect(openFindingsDocument.safeParse({ ...rest, open, ...damage }).success).toBe(false);
  expect(openFindingsDocument.safeParse(rest).success).toBe(false);
});

test('report, bus and memory of a run say the same of what it judged whole, and the memory keeps what light runs leave out', async () => {
  const kept = outside();
  await checkClusterHealth(full, healthPorts(kept));
  const silent = { fetchView: brokerThreeDead, fetchMsk: fails('kafka:DescribeClusterV2') };
  const report = await checkClusterHealth(light, healthPorts(kept, { ...silent, nowMs: () => noonMs + minuteMs }));
  const [, heard] = wordsOf(kept.onBus).flatMap((word) => (word.kind === 'report' ? [word.detail.report] : []));
  expect(heard).toMatchObject({ judgedChecks: report.judgedChecks, lookedAtMs: noonMs + minuteMs });
  expect(report.lookedAtMs).toBe(noonMs + minuteMs);
  expect(report.judgedChecks).toContain('broker-answers');
  // Nobody answered for MSK.
  expect(report.judgedChecks).not.toContain('cluster-state');
  const state = kept.stored?.value ?? healthState();
  const { open, wholeAtMsByCheck } = readAs(verbatim(encodeState(state)));
  for (const check of report.judgedChecks) expect(wholeAtMsByCheck.get(check)).toBe(noonMs + minuteMs);
  expect(wholeAtMsByCheck.get('cluster-state')).toBe(noonMs);
  expect(report.judgedChecks).not.toContain('group-count');
  expect(wholeAtMsByCheck.get('group-count')).toBe(noonMs);
  const told = findingsOf(kept.onBus).filter(({ atMs }) => atMs === noonMs + minuteMs);
  expect(
    open
      .filter(({ finding }) => finding.severity !== 'unknown')
      .map(({ key }) => key)
      .toSorted(),
  ).toEqual(told.map(({ key }) => key).toSorted());
  const [opened] = changesOf(kept.onBus);
  expect(open.find(({ key }) => key === opened?.key)?.finding).toEqual(opened?.finding);
});
