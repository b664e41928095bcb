import { expect, test } from 'vitest';
import { diskChecks } from '../../../../../../functions/capacity/storage-scaling/core/faults.ts';
import { judgeStanding, type Standing } from '../../../../../../functions/capacity/storage-scaling/core/standing.ts';
import { known, notKnown } from '../../../../../../shared/core/known.ts';
import { noonMs } from '../../../../../support/storage-scaling/storage-scaling.ts';

const sound: Standing = {
  alarms: known([{ state: 'OK' }, { state: 'OK' }]),
  last: known({ episode: 4, isRunning: false, endedAtMs: noonMs, outcome: 'expanded' }),
  episode: known({ episode: 4, openedAtMs: noonMs }),
  switchSays: known('off'),
};
const all = [...diskChecks, 'durable-run', 'episode', 'kill-switch'];
const without = (...checks: readonly string[]) => all.filter((check) => !checks.includes(check));
const silent = notKnown('it does not answer');
const ended = { episode: 4, isRunning: false, endedAtMs: noonMs };

test.each<[string, Partial<Standing>, readonly string[]]>([
  ['all is well', {}, all],
  [
    'there is no alarm, no run and no episode at all',
    { alarms: known([]), last: known(undefined), episode: known(undefined) },
    without('episode'),
  ],
  ['an alarm fires', { alarms: known([{ state: 'OK' }, { state: 'ALARM' }]) }, without(...diskChecks)],
  ['an alarm has no data', { alarms: known([{ state: 'INSUFFICIENT_DATA' }]) }, without(...diskChecks)],
  ['nobody says how the alarms stand', { alarms: silent }, without(...diskChecks)],
  [
    'a run is at work: it says itself how the disks stand',
    { last: known({ episode: 4, isRunning: true }) },
    without(...diskChecks),
  ],
  ['the last run ended badly, and no alarm fires', { last: known(ended) }, all],
  [
    'the last run ended badly, and an alarm fires',
    { last: known(ended), alarms: known([{ state: 'ALARM' }]) },
    without(...diskChecks, 'durable-run'),
  ],
  ['nobody knows of the last run', { last: silent }, ['kill-switch']],
  [
    'the document is of another episode than the newest run',
    { episode: known({ episode: 999, openedAtMs: noonMs }) },
    without('episode'),
  ],
  [
    'the document is of a time that is still to come',
    { episode: known({ episode: 4, openedAtMs: noonMs + 600_000 }) },
    without('episode'),
  ],
  ['the document cannot be read', { episode: silent }, without('episode')],
  ['the kill switch is on', { switchSays: known('on') }, all],
  ['the kill switch says neither', { switchSays: known('neither on nor off') }, without('kill-switch')],
  ['the kill switch is gone', { switchSays: known(undefined) }, without('kill-switch')],
  ['the kill switch cannot be read', { switchSays: silent }, without('kill-switch')],
])('where %s', (_what, more, expected) => {
  expect(judgeStanding({ ...sound, ...more }, noonMs)).toEqual(expected);
});
