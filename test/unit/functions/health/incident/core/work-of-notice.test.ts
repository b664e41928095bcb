import { expect, test } from 'vitest';
import { repairingWork } from '../../../../../../functions/health/incident/core/holding.ts';
import type { Member } from '../../../../../../functions/health/incident/core/member.ts';
import { workOfNotice } from '../../../../../../functions/health/incident/core/work-of-notice.ts';
import type { Dealing, NoticeDetail } from '../../../../../../shared/core/bus-event.ts';

const full: Member = {
  ...{
    key: 'k',
    by: 'alarm',
    procedure: 'storage-scaling',
    check: 'disk-used',
    subject: 'cluster',
    reason: 'threshold',
  },
  ...{ severity: 'critical', worst: 'critical', message: 'full', source: 'CloudWatch alarm', brokers: [] },
  ...{ sinceMs: 0, heardAtMs: 0, isUnproven: false },
};

const detailWith = (dealing?: Dealing): NoticeDetail => ({
  ...{ version: 1, cluster: 'orders', procedure: 'storage-scaling', runId: 'r-1', atMs: 1_000 },
  notice: {
    ...{ key: 'k', topic: 'operations', severity: 'warning', headline: 'MSK accepted.', findings: [] },
    ...(dealing !== undefined && { dealing }),
  },
});

test('an act that deals with the disk is a work that repairs it, from the notice until its own limit', () => {
  const dealing = { fault: 'disk', what: 'MSK enlarges the volumes to 600 GiB', untilMs: 9_000 } as const;
  const work = workOfNotice(detailWith(dealing));
  expect(work).toEqual({
    ...{ key: 'act|storage-scaling', what: 'MSK enlarges the volumes to 600 GiB', does: 'repairs', of: 'disk' },
    ...{ sinceMs: 1_000, untilMs: 9_000 },
  });
  const works = work === undefined ? [] : [work];
  expect(repairingWork('disk', [full], works, 1_000)).toEqual(work);
  expect(repairingWork('lag', [full], works, 1_000)).toBeUndefined();
  expect(repairingWork('disk', [full], works, 9_000)).toBeUndefined();
});

test('one that is taken back is that very work, with no time left from the notice on', () => {
  const over = workOfNotice(detailWith({ fault: 'disk', isOver: true }));
  expect(over).toMatchObject({ key: 'act|storage-scaling', of: 'disk', sinceMs: 1_000, untilMs: 1_000 });
  expect(repairingWork('disk', [full], over === undefined ? [] : [over], 1_000)).toBeUndefined();
});

test('a notice of nothing of the kind is no work, and ends none', () => {
  expect(workOfNotice(detailWith())).toBeUndefined();
});
