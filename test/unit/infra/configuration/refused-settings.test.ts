import { expect, test } from 'vitest';
import { mistakesOf, smallFile } from '../../../support/configuration.ts';

test.each<[name: string, text: string, mistake: string]>([
  ['an unknown time zone', smallFile({}, 'timeZone: Asia/Taipeh\n'), '10 timeZone: is not a time zone'],
  ['an offset for a time zone', smallFile({}, 'timeZone: "+08:00"\n'), '10 timeZone: is not a time zone'],
  ['a time zone in another case', smallFile({}, 'timeZone: europe/berlin\n'), '10 timeZone: is spelled Europe/Berlin'],
  ['UTC in small letters', smallFile({}, 'timeZone: utc\n'), '10 timeZone: is spelled UTC'],
  [
    'a zone that only browsers know',
    smallFile({}, 'timeZone: PST\n'),
    '10 timeZone: is not a time zone: a name of the IANA data base',
  ],
  [
    'a parameter of no name',
    smallFile({}, 'killSwitch: { parameter: // }\n'),
    '10 killSwitch.parameter: must be the name of a parameter, /like/this',
  ],
  [
    'a parameter with an empty part',
    smallFile({}, 'killSwitch: { parameter: /mskeeper//kill-switch }\n'),
    '10 killSwitch.parameter: must be the name of a parameter, /like/this',
  ],
  [
    'a parameter of sixteen parts',
    smallFile({}, `killSwitch: { parameter: ${'/a'.repeat(16)} }\n`),
    '10 killSwitch.parameter: must be the name of a parameter, /like/this',
  ],
  [
    'an unknown procedure',
    smallFile({}, 'modes: { storage-scalling: act }\n'),
    '10 modes.storage-scalling: is not a setting; did you mean "storage-scaling"?',
  ],
  [
    'a schedule of another tool',
    smallFile({}, 'schedules: { cluster-health-light: "*/5 * * * *" }\n'),
    '10 schedules.cluster-health-light: must be rate(…) or cron(…) of AWS',
  ],
  [
    'a rate that AWS refuses',
    smallFile({}, 'schedules: { cluster-health-light: rate(1 minutes) }\n'),
    '10 schedules.cluster-health-light: must read rate(1 minute), rate(2 minutes)',
  ],
  [
    'a longer silence of whoever tells people than CloudWatch bears',
    smallFile({}, 'schedules: { incident-minute: rate(2 minutes) }\n'),
    '10 schedules.incident-minute: must be rate(1 minute), or be left out: after three minutes without its word',
  ],
  [
    'times of day for whoever tells people',
    smallFile({}, 'schedules: { incident-minute: cron(* * * * ? *) }\n'),
    '10 schedules.incident-minute: must be rate(1 minute)',
  ],
  [
    'an hour that no day has',
    smallFile({}, 'schedules: { cluster-health-full: cron(0 25 * * ? *) }\n'),
    '10 schedules.cluster-health-full: 25 is not between 0 and 23',
  ],
  [
    'a cron that AWS refuses',
    smallFile({}, 'schedules: { cluster-health-full: cron(0 9 * * * *) }\n'),
    '10 schedules.cluster-health-full: must have ? as day of the month or as day of the week',
  ],
  [
    'a day that no month has',
    smallFile({}, 'schedules: { cluster-health-full: cron(0 9 30 FEB ? *) }\n'),
    '10 schedules.cluster-health-full: never runs: no moment from today on is one that it names, in UTC',
  ],
  [
    'a year that is over',
    smallFile({}, 'schedules: { cluster-health-light: cron(0/5 * * * ? 2025) }\n'),
    '10 schedules.cluster-health-light: never runs',
  ],
  [
    'a time that the clock leaves out on each day that is named',
    smallFile({}, 'timeZone: Europe/Berlin\nschedules: { cluster-health-full: cron(30 2 ? MAR 1L *) }\n'),
    '11 schedules.cluster-health-full: never runs: no moment from today on is one that it names, in Europe/Berlin',
  ],
  [
    'a rate of a life',
    smallFile({}, 'schedules: { cluster-health-full: rate(99999999999999999999 days) }\n'),
    '10 schedules.cluster-health-full: must run once a year at least',
  ],
  [
    'a contact without its channel',
    smallFile({}, 'contacts: [{ role: lead, level: management, channel: mail }]\n'),
    '10 contacts[0].channel: names no endpoint of channels.endpoints',
  ],
  [
    'an endpoint without a reference',
    smallFile({}, 'channels: { endpoints: { mail: { kind: email } } }\n'),
    '10 channels.endpoints.mail: must say where it is kept: a parameter or a secret, by name, and one of them',
  ],
  [
    'a window that never ends',
    smallFile(
      {},
      'maintenanceWindows:\n  - { name: w, impact: low, every: once, from: 2027-01-01T00:00:00Z, to: 2028-01-01T00:00:00Z }\n',
    ),
    '11 maintenanceWindows[0]: is open for more than 7 days',
  ],
  [
    'a window of no kind',
    smallFile({}, 'maintenanceWindows:\n  - { name: w, impact: low, every: yera }\n'),
    '11 maintenanceWindows[0].every: must be one of: day, week, month, once',
  ],
  [
    'a window on 30 February',
    smallFile(
      {},
      'maintenanceWindows:\n  - { name: w, impact: low, every: once, from: 2027-02-30T00:00:00Z, to: 2027-03-01T00:00:00Z }\n',
    ),
    '11 maintenanceWindows[0].from: must be a moment in UTC',
  ],
  [
    'two windows of one name',
    smallFile(
      {},
      'maintenanceWindows:\n  - { name: w, impact: low, every: day, from: "01:00", to: "02:00" }\n  - { name: w, impact: low, every: day, from: "03:00", to: "04:00" }\n',
    ),
    '12 maintenanceWindows[1].name: is that of item 0 too',
  ],
  [
    'a letter swapped with its neighbour',
    smallFile({}, 'modes: { dirll: off }\n'),
    '10 modes.dirll: is not a setting; did you mean "drill"?',
  ],
  [
    'a rate of nothing',
    smallFile({}, 'schedules: { cluster-health-light: rate(0 minutes) }\n'),
    '10 schedules.cluster-health-light: must be at least every minute',
  ],
  [
    'an endpoint twice in one topic',
    smallFile(
      {},
      'channels:\n  endpoints: { mail: { kind: email, parameter: /mskeeper/mail } }\n  byTopic: { warning: [mail, mail] }\n',
    ),
    '12 channels.byTopic.warning[1]: stands in this list already',
  ],
  [
    'one role given to two contacts',
    smallFile(
      {},
      'channels: { endpoints: { mail: { kind: email, parameter: /mskeeper/mail } } }\ncontacts:\n  - { role: lead, level: management, channel: mail }\n  - { role: lead, level: executives, channel: mail }\n',
    ),
    '13 contacts[1].role: is that of item 0 too',
  ],
])('%s is refused with its line and path', (_name, text, mistake) => {
  const mistakes = mistakesOf(text);
  expect(mistakes).toEqual([expect.stringContaining(mistake)]);
});
