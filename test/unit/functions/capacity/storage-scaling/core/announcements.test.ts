import { expect, test } from 'vitest';
import {
  announceIncident,
  announcePlan,
  announceReport,
  announceTrouble,
  announceWouldAct,
} from '../../../../../../functions/capacity/storage-scaling/core/announcements.ts';
import { announceWaiting } from '../../../../../../functions/capacity/storage-scaling/core/announcements-of-approval.ts';
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
    kind: 'notice',
    severity: 'notice',
    headline: 'over: There is room.',
    findings: [
      { check: 'storage-scaling', severity: 'notice', reason: 'under-threshold', message: 'There is room.', ...frame },
    ],
    plan: { action: 'none', reason: 'under-threshold', ...evidence },
  });
});

test('a hold and a refusal are warnings in their own words', () => {
  const plan = { reason: 'storage-locked', message: 'It is locked.', evidence };
  const hold = announcePlan(lookWith({ ...plan, action: 'hold', lookAgainAtMs: noonMs }));
  expect(hold).toEqual({
    kind: 'notice',
    severity: 'warning',
    headline: 'It is locked.',
    findings: [{ check: 'storage-scaling', severity: 'warning', ...plan, ...frame }],
    plan: { action: 'hold', reason: 'storage-locked', ...evidence },
  });
  const dealing = { fault: 'disk', what: 'it waits', untilMs: noonMs } as const;
  const locked = { ...lookWith({ ...plan, action: 'hold', lookAgainAtMs: noonMs }), dealing };
  expect(announcePlan(locked)).toEqual({ ...hold, dealing });
  // Of what nobody knows somebody has to mend the cause.
  expect(announcePlan(lookWith({ ...plan, reason: 'unknown', action: 'hold', lookAgainAtMs: noonMs })).kind).toBe(
    'fault',
  );
  expect(announcePlan(lookWith({ ...plan, action: 'refuse' }))).toMatchObject({ severity: 'warning' });
});

test('mode plan: a warning that tells how to let it', () => {
  const told = announceWouldAct(expand);
  expect(told).toMatchObject({ kind: 'notice', severity: 'warning' });
  // Subscribers hear of it by the door's record.
  expect(told).not.toHaveProperty('plan');
  expect(told.findings).toEqual([
    { check: 'storage-scaling', severity: 'warning', reason: 'above-threshold', message: told.headline, ...frame },
  ]);
});

test('a person who must decide is asked as loudly as by a page, though nothing is critical yet', () => {
  const asked = { id: 'orders-1', cluster: 'orders', approvers: [], yesesNeeded: 1, timeoutMs: 1_800_000 };
  const told = announceWaiting(expand, asked);
  expect(told).toMatchObject({
    kind: 'notice',
    severity: 'critical',
    headline: expect.stringMatching(
      /^Waits for approval, 30 min at most: Volumes grow\. .*approve orders orders-1 and/,
    ),
    plan: { action: 'awaiting-approval', reason: 'above-threshold', ...evidence },
  });
  expect(told.findings).toEqual([
    { check: 'storage-scaling', severity: 'warning', reason: 'above-threshold', message: told.headline, ...frame },
  ]);
});

test('whoever decides is told that one more has to, and why the last answer counted for nothing', () => {
  const asked = { id: 'orders-1', cluster: 'orders', approvers: [], yesesNeeded: 2, timeoutMs: 1_800_000 };
  expect(announceWaiting(expand, asked).headline).toContain('Volumes grow. 2 different people have to approve it. To');
  const bob = 'arn:aws:iam::111122223333:user/bob';
  const { headline, findings } = announceWaiting(
    expand,
    { ...asked, approvers: [bob] },
    { voidAnswer: { since: 'it was forged' } },
  );
  expect(headline).toContain(
    'The last answer counted for nothing, since it was forged. Asked anew. Waits for approval',
  );
  expect(headline).toContain(`${bob} approved it; one more person has to. To approve`);
  expect(findings[0]?.evidence).toEqual({ ...evidence, approver: bob });
  expect(announceWaiting(expand, asked, { doubt: 'it was invoked by hand' }).headline).toContain(
    'Volumes grow. Nobody knows who set it going, since it was invoked by hand. 2 different people have to',
  );
});

test.each(['warning', 'critical'] as const)(
  'trouble that is %s is a fault of that severity, and as a report a notice',
  (severity) => {
    const told = { reason: 'x', message: 'It failed.', evidence };
    const fault = announceTrouble(severity, told);
    expect(announceReport(severity, told)).toEqual({ ...fault, kind: 'notice' });
    expect(fault).toEqual({
      kind: 'fault',
      severity,
      headline: 'It failed.',
      findings: [{ check: 'storage-scaling', severity, reason: 'x', message: 'It failed.', ...frame }],
    });
  },
);

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
    kind: 'fault',
    severity: 'critical',
    headline: 'It fills.',
    findings: [finding, { ...finding, check: 'retention-cut', reason: 'proposed', message: 'Cut one topic; Cut logs' }],
    names: ['logs'],
  });
});
