import { expect, test } from 'vitest';
import { zoneNames } from '../../../../infra/schedules/zone-names.ts';
import { smallFile, warningsOf } from '../../../support/configuration.ts';

const nowMs = Date.UTC(2026, 10, 27, 12);

const warningsWith = (more: string): readonly string[] => warningsOf(smallFile({}, more), nowMs);

test('nothing is to be told of the schedules of a preset, in any zone', () => {
  for (const timeZone of [...zoneNames].filter((_, index) => index % 20 === 0))
    expect(warningsWith(`timeZone: ${timeZone}\n`), timeZone).toEqual([]);
});

test.each([
  [
    'a schedule that ends',
    'schedules: { cluster-health-light: cron(0/5 * * * ? 2026) }\n',
    '10 schedules.cluster-health-light: runs for the last time at 2026-12-31T23:55Z, and never again',
  ],
  [
    'a schedule that ends next year, in its own zone',
    'timeZone: Asia/Taipei\nschedules: { cluster-health-full: cron(0 7 * * ? 2026-2027) }\n',
    '11 schedules.cluster-health-full: runs for the last time at 2027-12-30T23:00Z, and never again',
  ],
  [
    'a time that spring skips',
    'timeZone: Europe/Berlin\nschedules: { cluster-health-full: cron(30 2 * * ? *) }\n',
    '11 schedules.cluster-health-full: does not run from 2027-03-27T01:30Z to 2027-03-29T00:30Z, 47 h, since the clock ' +
      'changes in Europe/Berlin: its heartbeat waits 50 h. Another time of day, UTC or a rate(…) is not touched by ' +
      'changes of the clock',
  ],
  [
    'a time at midnight that Cairo skips',
    'timeZone: Africa/Cairo\nschedules: { cluster-health-full: cron(30 0 * * ? *) }\n',
    expect.stringContaining('does not run from 2027-04-28T22:30Z to 2027-04-30T21:30Z, 47 h'),
  ],
  [
    'minutes of an hour that autumn repeats',
    'timeZone: Europe/Berlin\nschedules: { cluster-health-light: cron(0/5 * * * ? *) }\n',
    expect.stringContaining(
      'does not run from 2027-10-31T00:55Z to 2027-10-31T02:00Z, 65 min, since the clock changes in Europe/Berlin: its heartbeat waits 75 min',
    ),
  ],
  [
    'a weekly schedule',
    'schedules: { cluster-health-full: cron(0 9 ? * MON *) }\n',
    '10 schedules.cluster-health-full: does not run from 2026-11-30T09:00Z to 2026-12-07T09:00Z, 7 days, and has no ' +
      'heartbeat: CloudWatch looks back a week at most',
  ],
  [
    'a schedule that begins later',
    'schedules: { cluster-health-full: cron(0 9 * * ? 2027-2199) }\n',
    expect.stringContaining('does not run from 2026-11-27T12:00Z to 2027-01-01T09:00Z, 34 days, and has no heartbeat'),
  ],
  [
    'a rare rate',
    'schedules: { cluster-health-full: rate(30 days) }\n',
    '10 schedules.cluster-health-full: has no heartbeat: CloudWatch looks back a week at most',
  ],
])('%s is told with its date', (_name, more, warning) => {
  expect(warningsWith(more)).toEqual([warning]);
});

test.each([
  'timeZone: Europe/Berlin\nschedules: { cluster-health-full: cron(0 9 * * ? *) }\n',
  'timeZone: Europe/Berlin\nschedules: { cluster-health-light: cron(0 * * * ? *) }\n',
  'schedules: { cluster-health-light: cron(0/5 * * * ? *), cluster-health-full: cron(30 2 * * ? *) }\n',
  'schedules: { cluster-health-full: cron(0 9 ? * MON,THU *) }\n',
  'schedules: { cluster-health-full: cron(0 9 * * ? 2026-2199) }\n',
])('and nothing of a schedule whose heartbeat bears its longest silence: %j', (more) => {
  expect(warningsWith(more)).toEqual([]);
});
