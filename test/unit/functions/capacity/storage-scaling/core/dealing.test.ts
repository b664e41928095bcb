import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasTimeToEnlarge, lockDealing } from '../../../../../../functions/capacity/storage-scaling/core/dealing.ts';
import { evaluateIncident } from '../../../../../../functions/capacity/storage-scaling/core/incident.ts';
import { judgeStorage } from '../../../../../../functions/capacity/storage-scaling/core/plan.ts';
import { known } from '../../../../../../shared/core/known.ts';
import { hourMs } from '../../../../../../shared/core/units.ts';
import { cases } from '../../../../../support/depth.ts';
import {
  brokerDisk,
  noonMs,
  storageObservation,
  storageOperation,
  youngDisk,
} from '../../../../../support/storage-scaling/storage-scaling.ts';

const policy = { scaling: { diskUsedPercent: { warning: 80 } }, storage: { stepGiB: 100, maxVolumeGiB: 1_000 } };

/** What a look says of a disk that is 85 % full, so long after a storage change. */
const judged = (percentPerHour: number, endedHoursAgo: number | undefined, isYoung = false) => {
  const fullest = isYoung ? youngDisk(2, 85) : brokerDisk(2, 85, percentPerHour);
  const operations = endedHoursAgo === undefined ? [] : [storageOperation(endedHoursAgo)];
  const seen = storageObservation({
    disks: known([brokerDisk(1, 60), fullest, brokerDisk(3, 70)]),
    operations: known(operations),
  });
  const judgement = judgeStorage(seen, policy, noonMs);
  return { judgement, incident: evaluateIncident(judgement, noonMs) };
};
const dealing = (...args: Parameters<typeof judged>) => {
  const { judgement, incident } = judged(...args);
  return lockDealing(judgement, incident, noonMs);
};

describe('a lock that is waited for', () => {
  test('deals with a disk that does not fill, until its surest end', () => {
    expect(dealing(0, 1)).toEqual({
      fault: 'disk',
      what: "storage scaling waits for MSK's storage lock, until 2026-01-15 11:00 UTC at most",
      untilMs: noonMs + 23 * hourMs,
    });
  });

  test.each<[string, number, number | undefined, boolean, boolean]>([
    ['that is full after the lock', 0.5, 1, false, true],
    ['that is full before the lock ends', 1, 1, false, false],
    ['of which nobody knows how fast it fills', 0, 1, true, false],
    ['that no lock holds', 0, undefined, false, false],
    ['whose lock is over but for its surest end, and which is enlarged now', 0, 7, false, false],
  ])('a disk %s: %d %%/h', (_what, percentPerHour, endedHoursAgo, isYoung, isDealtWith) => {
    expect(dealing(percentPerHour, endedHoursAgo, isYoung) !== undefined).toBe(isDealtWith);
  });

  test('never deals with a disk that is full before its limit, or of which a page tells', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 20, noNaN: true }), fc.integer({ min: 0, max: 30 }), (pace, hoursAgo) => {
        const { judgement, incident } = judged(pace, hoursAgo);
        const work = lockDealing(judgement, incident, noonMs);
        if (work === undefined) return;
        expect(incident).toBeUndefined();
        expect(work.untilMs).toBeGreaterThan(noonMs);
        const { firstFull } = judgement.facts ?? {};
        const fullAtMs = noonMs + (firstFull?.filling?.hoursToFull ?? Number.POSITIVE_INFINITY) * hourMs;
        expect(work.untilMs).toBeLessThan(fullAtMs);
      }),
      cases(300, 10_000),
    );
  });
});

test.each<[string, number, boolean, boolean]>([
  ['a disk that does not fill', 0, false, true],
  ['one that is full in thirty hours', 0.5, false, true],
  ['one that is full in five hours', 3, false, false],
  ['one of which nobody knows how fast it fills', 0, true, false],
])('%s leaves time for MSK to enlarge it: %d %%/h', (_what, percentPerHour, isYoung, hasTime) => {
  const { judgement, incident } = judged(percentPerHour, undefined, isYoung);
  expect(hasTimeToEnlarge(judgement, incident)).toBe(hasTime);
});
