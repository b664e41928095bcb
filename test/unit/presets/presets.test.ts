import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Preset, presetNames } from '../../../infra/configuration/file-schema.ts';
import { parsePreset } from '../../../infra/configuration/parse-configuration.ts';
import { rowsByPreset } from './runbook-rows.ts';

const readPreset = (name: string): Preset =>
  parsePreset(name, readFileSync(new URL(`../../../presets/${name}.yml`, import.meta.url), 'utf8'));

const valueAt = (preset: Preset, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.getOwnPropertyDescriptor(value, key)?.value;
  }, preset);

for (const name of presetNames) {
  const preset = readPreset(name);
  test.each(rowsByPreset[name])(`${name}: %s`, (_demand, path, value) => {
    expect(valueAt(preset, path)).toEqual(value);
  });
}

const listLimitPaths = (preset: Preset): string[] =>
  (['limits', 'floors', 'scaling'] as const).flatMap((group) =>
    Object.entries(preset[group]).flatMap(([quantity, limit]) =>
      Object.keys(limit).map((level) => `${group}.${quantity}.${level}`),
    ),
  );

/**
 * Minutes that no system names, where the limit itself is a system's: AWS's advice for MSK, for memory as for CPU, and for
 * seconds of lag I9's five for messages (AWS: 15).
 */
const adviceMinutes: Readonly<Record<string, number>> = {
  'limits.cpuUsedPercent': 5,
  'limits.memoryUsedPercent': 5,
  'limits.networkUsedPercent': 5,
  'limits.heapAfterGcPercent': 15,
  'limits.lagSeconds': 5,
  'floors.requestHandlerIdlePercent': 5,
};

test.each(presetNames)('%s lets no single busy minute of a machine wake anybody', (name) => {
  const preset = readPreset(name);
  for (const [path, minutes] of Object.entries(adviceMinutes)) {
    const limit = valueAt(preset, path);
    if (typeof limit !== 'object' || limit === null) continue;
    const levels = Object.keys(limit).filter((key) => !key.endsWith('ForMinutes'));
    for (const level of levels) expect(valueAt(preset, `${path}.${level}ForMinutes`)).toBe(minutes);
  }
});

/** Named for every system alike, and stated once above, at the default preset. */
const common = ['limits.offlinePartitions.emergency', 'limits.brokersUnreachable.critical'];

test.each(presetNames)('%s names no limit that its runbook does not', (name) => {
  const known = new Set([...rowsByPreset[name].map(([, path]) => path), ...common]);
  const strays = listLimitPaths(readPreset(name)).filter((path) => !known.has(path));
  const isAdvice = (path: string) =>
    path.endsWith('ForMinutes') && path.slice(0, path.lastIndexOf('.')) in adviceMinutes;
  expect(strays.filter((path) => path !== 'limits.underMinIsrPartitions.critical' && !isAdvice(path))).toEqual([]);
});

test.each(presetNames)('%s: what starts as P0 or P1 reaches management in 1 hour and executives in 2', (name) => {
  const { emergency, critical, warning } = readPreset(name).escalation;
  expect(critical).toEqual([
    { afterMinutes: 30, raisesTo: 'emergency' },
    { afterMinutes: 60, level: 'management' },
    { afterMinutes: 120, level: 'executives' },
  ]);
  if (name !== 'daily-procedures') {
    expect(emergency).toEqual([
      { afterMinutes: 60, level: 'management' },
      { afterMinutes: 120, level: 'executives' },
    ]);
  }
  expect(warning).toEqual([
    { afterMinutes: 15, raisesTo: 'critical' },
    { afterMinutes: 30, raisesTo: 'emergency' },
  ]);
});
