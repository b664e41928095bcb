import { expect, test } from 'vitest';
import type { DiskFacts } from '../../../../../../functions/capacity/storage-scaling/core/facts.ts';
import { planStep } from '../../../../../../functions/capacity/storage-scaling/core/step.ts';

const disk = (usedPercent: number, percentPerHour?: number): DiskFacts => ({
  brokerId: 1,
  usedPercent,
  lastHour: [],
  ...(percentPerHour !== undefined && { growth: { percentPerHour, seenHours: 24 } }),
});

test.each([
  ['C5: the policy’s +100 GB', 200, disk(81, 0), { stepGiB: 100, maxVolumeGiB: 1000 }, 300, 'yes'],
  ['10 % where that is more', 2000, disk(81, 0), { stepGiB: 100, maxVolumeGiB: 5000 }, 2200, 'yes'],
  ['30 h of growth where that is more', 500, disk(85, 1), { stepGiB: 100, maxVolumeGiB: 1000 }, 719, 'yes'],
  [
    'the policy’s maximum, and that it does not last',
    500,
    disk(85, 5),
    { stepGiB: 100, maxVolumeGiB: 1000 },
    1000,
    'no',
  ],
  [
    'MSK’s maximum, whatever the policy says',
    16_000,
    disk(85, 0),
    { stepGiB: 1000, maxVolumeGiB: 20_000 },
    16_384,
    'no',
  ],
  ['unknown growth: the policy’s step', 200, disk(81), { stepGiB: 100, maxVolumeGiB: 1000 }, 300, 'unknown'],
  ['unknown growth: 20 % where that is more', 2000, disk(81), { stepGiB: 100, maxVolumeGiB: 5000 }, 2400, 'unknown'],
  ['no step of the policy’s own: C5’s', 200, disk(81, 0), undefined, 300, 'yes'],
  ['MSK takes no target of 100 GiB or less', 20, disk(81, 0), { stepGiB: 10, maxVolumeGiB: 1000 }, 101, 'yes'],
  ['MSK takes no step of less than 10 GiB', 200, disk(80.1, 0), { stepGiB: 1, maxVolumeGiB: 1000 }, 220, 'yes'],
])('%s', (_name, volumeGiB, one, storage, toGiB, covers) => {
  const policy = storage === undefined ? {} : { storage };
  expect(planStep({ volumeGiB, disks: [one] }, policy, 80)).toMatchObject({ toGiB, covers });
});

test('the broker that needs most decides, even where another is fuller now', () => {
  const disks = [disk(85, 0), disk(75, 2)];
  expect(planStep({ volumeGiB: 500, disks }, {}, 80)).toMatchObject({ neededGiB: 844, toGiB: 844 });
});

test('one broker without history makes growth unknown', () => {
  expect(planStep({ volumeGiB: 500, disks: [disk(85, 0), disk(75)] }, {}, 80)).toMatchObject({ covers: 'unknown' });
});

test.each([
  ['at the policy’s maximum', 1000, { stepGiB: 100, maxVolumeGiB: 1000 }],
  ['beyond the policy’s maximum', 1200, { stepGiB: 100, maxVolumeGiB: 1000 }],
  ['less than 10 GiB below it', 995, { stepGiB: 100, maxVolumeGiB: 1000 }],
  ['at MSK’s maximum', 16_384, { stepGiB: 100, maxVolumeGiB: 16_384 }],
  ['a maximum that MSK would not take', 50, { stepGiB: 10, maxVolumeGiB: 90 }],
])('no step %s', (_name, volumeGiB, storage) => {
  expect(planStep({ volumeGiB, disks: [disk(85, 0)] }, { storage }, 80)).toBeUndefined();
});
