import { expect, test } from 'vitest';
import { zoneNames } from '../../../../infra/schedules/zone-names.ts';

test('every zone that Node lists by its name, and no name that Node does not know', () => {
  expect(Intl.supportedValuesOf('timeZone').filter((name) => !zoneNames.has(name))).toEqual([]);
  for (const timeZone of zoneNames) expect(() => new Intl.DateTimeFormat('en', { timeZone }), timeZone).not.toThrow();
});

test('names of today beside the oldest ones, each in one spelling', () => {
  for (const name of [
    'UTC',
    'Asia/Kolkata',
    'Asia/Calcutta',
    'Europe/Kyiv',
    'America/Argentina/Buenos_Aires',
    'Etc/GMT+5',
  ])
    expect(zoneNames, name).toContain(name);
  for (const name of ['utc', 'PST', 'AST', 'EST', '+01:00', 'SystemV/PST8', '', 'Europe', 'Europe/'])
    expect(zoneNames, name).not.toContain(name);
  expect(new Set([...zoneNames].map((name) => name.toLowerCase())).size).toBe(zoneNames.size);
});
