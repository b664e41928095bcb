import { expect, test } from 'vitest';
import {
  announceIncident,
  announcePlan,
  announceTrouble,
  announceWaiting,
  announceWouldAct,
} from '../../../../../../functions/capacity/storage-scaling/core/announcements.ts';
import type { Look } from '../../../../../../functions/capacity/storage-scaling/core/model.ts';
import type { Finding } from '../../../../../../shared/core/finding.ts';
import { noonMs } from '../../../../../support/storage-scaling/storage-scaling.ts';

const evidence = { usedPercent: 85 };
const frame = { subject: 'cluster', sources: ['msk', 'cloudwatch'], evidence };
const lookWith = (plan: Look['plan']): Look => ({
  atMs: noonMs,
  newestEpisode: null,
  plan,
  state: null,
  incident: null,
});
const expand = lookWith({
  action: 'expand',
  reason: 'above-threshold',
  message: 'Volumes grow.',
  fromGiB: 500,
  toGiB: 600,
  currentVersion: 'K1',
  covers: 'yes',
  thresholdPercent: 80,
  evidence,
});

test('what is over is a notice, and says so first', () => {
  const look = lookWith({
    action: 'none',
    reason: 'under-threshold',
    message: 'There is room.',
    evidence,
    isAlarmOver: true,
  });
  expect(announcePlan(look)).toEqual({
    topic: 'warning',
    severity: 'notice',
    headline: 'over: There is room.',
    findings: [
      { check: 'storage-scaling', severity: 'notice', reason: 'under-threshold', message: 'There is room.', ...frame },
    ],
    event: { detailType: 'mskeeper plan', facts: { action: 'none', reason: 'under-threshold', ...evidence } },
  });
});

test('a hold and a refusal are warnings in their own words', () => {
  const plan = { reason: 'storage-locked', message: 'It is locked.', evidence };
  const hold = announcePlan(lookWith({ ...plan, action: 'hold', lookAgainAtMs: noonMs }));
  expect(hold).toEqual({
    topic: 'warning',
    severity: 'warning',
    headline: 'It is locked.',
    findings: [{ check: 'storage-scaling', severity: 'warning', ...plan, ...frame }],
    event: { detailType: 'mskeeper plan', facts: { action: 'hold', reason: 'storage-locked', ...evidence } },
  });
  expect(announcePlan(lookWith({ ...plan, action: 'refuse' }))).toMatchObject({ severity: 'warning' });
});

test('mode plan: a warning that tells how to let it', () => {
  const told = announceWouldAct(expand);
  expect(told).toMatchObject({ topic: 'warning', severity: 'warning' });
  // The bus hears of it by the door's record.
  expect(told).not.toHaveProperty('event');
  expect(told.findings).toEqual([
    { check: 'storage-scaling', severity: 'warning', reason: 'above-threshold', message: told.headline, ...frame },
  ]);
});

test('a person who must decide is paged, though nothing is critical yet', () => {
  const told = announceWaiting(expand, 'orders', 'orders-1', 30);
  expect(told).toMatchObject({
    topic: 'critical',
    severity: 'warning',
    headline: expect.stringMatching(
      /^Waits for approval, 30 min at most: Volumes grow\. .*approve orders orders-1 and/,
    ),
    event: {
      detailType: 'mskeeper plan',
      facts: { action: 'awaiting-approval', reason: 'above-threshold', ...evidence },
    },
  });
  expect(told.findings).toEqual([
    { check: 'storage-scaling', severity: 'warning', reason: 'above-threshold', message: told.headline, ...frame },
  ]);
});

test.each(['warning', 'critical'] as const)('trouble that is %s goes to its own topic', (severity) => {
  expect(announceTrouble(severity, { reason: 'x', message: 'It failed.', evidence })).toEqual({
    topic: severity,
    severity,
    headline: 'It failed.',
    findings: [{ check: 'storage-scaling', severity, reason: 'x', message: 'It failed.', ...frame }],
    event: { detailType: 'mskeeper finding', facts: {} },
  });
});

test('an incident is a page with the retention cut beneath it', () => {
  const finding: Finding = {
    check: 'storage-capacity',
    subject: 'broker 2',
    severity: 'critical',
    reason: 'at-maximum',
    message: 'It fills.',
    sources: ['cloudwatch', 'msk'],
    evidence,
  };
  const proposal = [{ message: 'Cut one topic.' }, { message: 'Cut logs.', topic: 'logs' }];
  expect(announceIncident(finding, proposal)).toEqual({
    topic: 'critical',
    severity: 'critical',
    headline: 'It fills.',
    findings: [
      finding,
      { ...finding, check: 'retention-cut', reason: 'proposed', message: 'Cut one topic.' },
      {
        ...finding,
        check: 'retention-cut',
        reason: 'proposed',
        message: 'Cut logs.',
        evidence: { ...evidence, topic: 'logs' },
      },
    ],
    event: { detailType: 'mskeeper finding', facts: {} },
  });
});
