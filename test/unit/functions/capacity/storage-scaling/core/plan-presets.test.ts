import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planStorageScaling } from '../../../../../../functions/capacity/storage-scaling/core/plan.ts';
import type { presetNames } from '../../../../../../infra/configuration/file-schema.ts';
import { parsePreset } from '../../../../../../infra/configuration/parse-configuration.ts';
import { known } from '../../../../../../shared/core/known.ts';
import {
  brokerDisk,
  clusterStorage,
  noonMs,
  samples,
  storageObservation,
} from '../../../../../support/storage-scaling/storage-scaling.ts';

type PresetName = (typeof presetNames)[number];
const policyOf = (name: PresetName) =>
  parsePreset(name, readFileSync(new URL(`../../../../../../presets/${name}.yml`, import.meta.url), 'utf8'));

/** All disks at `percent`, for `minutes` and from 50 % before. */
const planBy = (name: PresetName, percent: number, minutes: number, volumeGiB = 200) => {
  const lastHour = samples(percent, 0, 1, 1).map((one) =>
    noonMs - one.atMs > minutes * 60_000 ? { ...one, value: 50 } : one,
  );
  const disks = known([1, 2, 3].map((id) => ({ ...brokerDisk(id, percent), lastHour })));
  const seen = storageObservation({ cluster: known(clusterStorage({ volumeGiB })), disks });
  return planStorageScaling(seen, policyOf(name), noonMs);
};

/** RUNBOOK section 7 and C5, system by system. Only A names a step and a maximum: the others get the same two. */
test.each<[string, PresetName, number, number, object]>([
  ['A: 80 % is within', 'msk-operations', 80, 60, { action: 'none' }],
  ['A: over 80 % at once, +100 GB', 'msk-operations', 80.1, 0, { action: 'expand', fromGiB: 200, toGiB: 300 }],
  ['B names no share at which storage grows', 'daily-procedures', 99, 60, { action: 'refuse', reason: 'no-threshold' }],
  ['C: over 75 % for 29 min is not yet', 'message-broker', 75.1, 29, { action: 'hold', reason: 'not-long-enough' }],
  ['C: over 75 % for 30 min', 'message-broker', 75.1, 30, { action: 'expand', toGiB: 300 }],
  ['D: 70 % is within', 'performance-tuning', 70, 60, { action: 'none' }],
  ['D: over 70 % at once', 'performance-tuning', 70.1, 0, { action: 'expand', toGiB: 300 }],
])('%s', (_name, preset, percent, minutes, expected) => {
  expect(planBy(preset, percent, minutes)).toMatchObject(expected);
});

test.each<PresetName>(['msk-operations', 'message-broker', 'performance-tuning'])(
  '%s stops at 1 TB a broker',
  (name) => {
    expect(planBy(name, 90, 60, 950)).toMatchObject({ action: 'expand', toGiB: 1000 });
    expect(planBy(name, 90, 60, 1000)).toMatchObject({ action: 'hold', reason: 'at-maximum' });
  },
);
