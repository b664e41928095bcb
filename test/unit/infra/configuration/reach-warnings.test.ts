import { expect, test } from 'vitest';
import { formatPath } from '../../../../infra/configuration/mistake.ts';
import { judge, smallFile } from '../../../support/configuration.ts';

const nowMs = Date.UTC(2026, 10, 28);
const warningsWith = (more: string, mistakesToo = false) => {
  const { warnings, mistakes } = judge(smallFile({}, more), undefined, nowMs);
  expect(mistakesToo ? [] : mistakes).toEqual([]);
  return warnings.map(({ line, path, message }) => `${line} ${formatPath(path)}: ${message}`);
};

const endpoints = `channels:
  endpoints:
    pager: { kind: pagerduty, secret: mskeeper/pager }
    lead: { kind: pagerduty, secret: mskeeper/lead }
    chief: { kind: phone, secret: mskeeper/chief }
    sms: { kind: sms, parameter: /mskeeper/sms }
    mail: { kind: email, parameter: /mskeeper/mail }
    room: { kind: slack, secret: mskeeper/slack, channel: C0123456789 }
`;
const contacts = `contacts:
  - { role: lead, level: management, channel: lead }
  - { role: chief, level: executives, channel: chief }
`;
const sound = `${endpoints}  byTopic: { emergency: [pager, sms], critical: [mail, sms, room], warning: [mail] }\n${contacts}`;

test('a file by which everybody is reached is told nothing', () => {
  expect(warningsWith(sound)).toEqual([]);
});

test('a file that names nobody is told that nobody is paged, once', () => {
  const nobody = 'names nobody for emergency, critical or warning: nobody is paged';
  expect(warningsWith('')).toEqual([`1 channels: ${nobody}`]);
  const maintenance = `${endpoints}  byTopic: { maintenance: [pager, lead, chief, sms, mail, room] }\n`;
  expect(warningsWith(maintenance)).toEqual([`10 channels: ${nobody}`]);
});

const unheard = 'has no sms, email or https, which SNS reaches by itself: what CloudWatch says of mskeeper itself';

test.each<[what: string, topics: string, warnings: readonly string[]]>([
  [
    'nobody for what is worst',
    '{ critical: [mail, sms, room], warning: [pager] }',
    [
      '18 channels.byTopic.emergency: is empty: of a P0 is paged who stands in, mail, sms, room',
      `18 channels.byTopic.warning: ${unheard} goes to who stands in, mail, sms`,
    ],
  ],
  [
    'nobody but for what can wait',
    '{ warning: [room] }',
    [
      '18 channels.byTopic.emergency: is empty: of a P0 is paged who stands in, room',
      '18 channels.byTopic.emergency: wakes nobody of a P0: none of them is pagerduty, phone, sms, https',
      '18 channels.byTopic.critical: is empty: of a P1 is paged who stands in, room',
      '18 channels.byTopic.critical: wakes nobody of a P1: none of them is pagerduty, phone, sms, https',
      ...['emergency', 'critical', 'warning'].map((topic) => `18 channels.byTopic.${topic}: ${unheard} reaches nobody`),
    ],
  ],
  [
    'nobody for what is worst but one',
    '{ emergency: [pager, sms], warning: [mail] }',
    ['18 channels.byTopic.critical: is empty: of a P1 is paged who stands in, pager, sms'],
  ],
  [
    'what is read by who is awake',
    '{ emergency: [pager, sms], critical: [mail, room], warning: [mail] }',
    ['18 channels.byTopic.critical: wakes nobody of a P1: none of them is pagerduty, phone, sms, https'],
  ],
  [
    'nothing that SNS reaches',
    '{ emergency: [pager], critical: [mail, sms, room], warning: [mail] }',
    [`18 channels.byTopic.emergency: ${unheard} goes to who stands in, mail, sms`],
  ],
  [
    'nothing that SNS reaches for what can wait',
    '{ emergency: [pager, sms], critical: [pager, sms, mail], warning: [room] }',
    [`18 channels.byTopic.warning: ${unheard} goes to who stands in, sms, mail`],
  ],
  [
    'nobody for what can wait',
    '{ emergency: [pager, sms], critical: [pager, room] }',
    ['critical', 'warning'].map((topic) => `18 channels.byTopic.${topic}: ${unheard} goes to who stands in, sms`),
  ],
])('%s is told', (_what, topics, warnings) => {
  const told = warningsWith(`${endpoints}  byTopic: ${topics}\n${contacts}`);
  expect(told.filter((one) => one.includes('byTopic'))).toEqual(warnings);
});

const withLadders = (ladders: string, more = sound) => `${more}policy: { escalation: { ${ladders} } }\n`;

test('a rung that reaches nobody anew is told, also where it raises to those who were paged', () => {
  const same = `${endpoints}  byTopic: { emergency: [pager, sms], critical: [sms, pager, mail, room], warning: [mail] }\n${contacts}`;
  expect(warningsWith(same)).toEqual([
    '1 policy.escalation.critical[0]: after 30 min reaches nobody who was not reached before: pager, sms',
  ]);
  expect(
    warningsWith(
      withLadders(
        'emergency: [{ afterMinutes: 5, level: management }, { afterMinutes: 9, endpoints: [sms, lead] }], critical: []',
      ),
    ),
  ).toEqual(['22 policy.escalation.emergency[1]: after 9 min reaches nobody who was not reached before: sms, lead']);
});

test('what stands after a rung that raises is the other ladder’s, and is not judged', () => {
  const ladders = 'critical: [{ afterMinutes: 5, raisesTo: emergency }, { afterMinutes: 9, endpoints: [sms] }]';
  expect(warningsWith(withLadders(ladders))).toEqual([]);
});

test('a rung that never comes is told, where the ladder that goes on does not reach whom it calls', () => {
  const raising =
    'critical: [{ afterMinutes: 5, raisesTo: emergency }, { afterMinutes: 9, endpoints: [chief, room, lead] }]';
  expect(warningsWith(withLadders(raising))).toEqual([]);
  expect(warningsWith(withLadders(`emergency: [{ afterMinutes: 60, level: management }], ${raising}`))).toEqual([
    '22 policy.escalation.critical[1]: never comes: from 5 min on the ladder of emergency goes on, which does not reach chief',
  ]);
  const twice = 'warning: [{ afterMinutes: 5, raisesTo: critical }, { afterMinutes: 9, endpoints: [chief, pager] }]';
  expect(warningsWith(withLadders(twice))).toEqual([]);
  expect(warningsWith(withLadders(`critical: [{ afterMinutes: 9, endpoints: [lead] }], ${twice}`))).toEqual([
    '22 policy.escalation.warning[1]: never comes: from 5 min on the ladder of critical goes on, which does not reach chief, pager',
  ]);
});

test('rungs of the minute of one that raises go out with it', () => {
  const together =
    'critical: [{ afterMinutes: 5, raisesTo: emergency }, { afterMinutes: 5, endpoints: [chief] }, { afterMinutes: 9, endpoints: [chief] }]';
  expect(warningsWith(withLadders(`emergency: [{ afterMinutes: 60, level: management }], ${together}`))).toEqual([]);
  const twice =
    'warning: [{ afterMinutes: 5, raisesTo: critical }, { afterMinutes: 5, raisesTo: emergency }, { afterMinutes: 9, endpoints: [chief] }]';
  const ends =
    'emergency: [{ afterMinutes: 60, level: management }], critical: [{ afterMinutes: 60, endpoints: [chief] }]';
  expect(warningsWith(withLadders(`${ends}, ${twice}`))).toEqual([
    '22 policy.escalation.warning[2]: never comes: from 5 min on the ladder of emergency goes on, which does not reach chief',
  ]);
});

test('a level that nobody has is told once, with the rungs that call it', () => {
  const alone = `${endpoints}  byTopic: { emergency: [pager, sms, chief, lead], critical: [mail, sms, room], warning: [mail] }\n`;
  expect(warningsWith(`${alone}contacts: [{ role: chief, level: vendor, channel: chief }]\n`)).toEqual([
    '19 contacts: names nobody of the level management, whom policy.escalation calls (emergency after 60 min)',
    '19 contacts: names nobody of the level executives, whom policy.escalation calls (emergency after 120 min)',
  ]);
});

test('two names of one service of PagerDuty’s are told, also where one of them telephones; so are two of one channel', () => {
  const twins = `${endpoints}    also: { kind: phone, secret: mskeeper/pager }
    twice: { kind: slack, secret: mskeeper/slack, channel: C0123456789 }
    other: { kind: slack, secret: mskeeper/slack, channel: C9876543210 }
  byTopic: { emergency: [pager, sms, also], critical: [mail, sms, room, twice, other], warning: [mail] }
${contacts}`;
  expect(warningsWith(twins)).toEqual([
    '18 channels.endpoints.also: is the service of "pager" too: whom one has paged the other wakes not',
    '19 channels.endpoints.twice: is the channel of "room" too: both write each message',
  ]);
});

test('an endpoint that nothing names is told', () => {
  expect(warningsWith(sound.replace('critical: [mail, sms, room]', 'critical: [mail, sms]'))).toEqual([
    '17 channels.endpoints.room: is reached by nothing: no topic, rung or contact names it',
  ]);
  expect(
    warningsWith(
      withLadders(
        'critical: [{ afterMinutes: 5, endpoints: [room] }]',
        sound.replace('critical: [mail, sms, room]', 'critical: [mail, sms]'),
      ),
    ),
  ).toEqual([]);
});

test('a one-off that explains something in several clusters says in which', () => {
  const other = `  payments:
    arn: arn:aws:kafka:eu-west-1:111122223333:cluster/payments/1-1
    region: eu-west-1
    role: primary
    brokerCount: 6
    authentication: { kind: iam }
    network: { subnetIds: [subnet-0a1b2c3d4e5f60001], securityGroupIds: [sg-0a1b2c3d4e5f60001] }
`;
  const once = (more: string) =>
    `maintenanceWindows:\n  - { name: swap, impact: high, every: once, from: 2027-01-31T02:00:00Z, to: 2027-01-31T04:00:00Z${more} }\n`;
  const told = (more: string) => warningsWith(other + sound + once(more));
  const held = 'maintenanceWindows[0]: holds symptoms of each cluster that has what it names: orders, payments';
  expect(told(', brokers: [2]')).toEqual([`30 ${held}`]);
  expect(told(', cluster: true')).toEqual([`30 ${held}`]);
  expect(told(', brokers: [5]')).toEqual([]);
  expect(told('')).toEqual([]);
});
