import { describe, expect, test } from 'vitest';
import type { Happening, Incident } from '../../../../../../functions/health/incident/core/document.ts';
import { pageOf, saysOf } from '../../../../../../functions/health/incident/core/pages.ts';
import type { Word } from '../../../../../../functions/health/incident/core/words.ts';
import {
  alarm,
  at,
  brokerDown,
  finding,
  incidentOf,
  memberOf,
  workOf,
} from '../../../../../support/incident/builders.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';

const { frame } = usualRules;
const cause = { kind: 'broker-down', of: '2' } as const;
const incident = incidentOf(cause, [memberOf(brokerDown(2))], { startedAtMs: at(-2) });
const opened = { kind: 'opened', says: 'P1: broker 2 is down.' } as const;
const page = (
  one: Incident = incident,
  minute = 1,
  more: { works?: Parameters<typeof pageOf>[3]; ended?: Parameters<typeof pageOf>[4] } = {},
) => pageOf(one, opened, frame, more.works ?? [], more.ended ?? [], at(minute));
const withWords = (...words: readonly Word[]): Incident => ({
  ...incident,
  members: words.map((one) => memberOf(one)),
});

describe('a page answers', () => {
  test('what, how bad, since when, until when, whom, what next, by which page', () => {
    expect(page()).toMatchObject({
      cluster: 'orders',
      region: 'eu-west-1',
      accountId: '111122223333',
      incidentId: '1',
      title: 'broker 2 is down',
      severity: 'critical',
      kind: 'opened',
      says: 'P1: broker 2 is down.',
      startedAtMs: at(-2),
      openedAtMs: at(0),
      atMs: at(1),
      answerByMs: at(15),
      contacts: ['on-call engineer'],
      runbook: 'docs/runbook/cluster-health.md',
    });
    expect(page().nextCommand).toContain(`reboot-broker --cluster-arn ${frame.clusterArn} --broker-ids 2`);
  });
  test.each(['closed', 'joined'] as const)('that nobody has to answer or do anything where it is %s', (kind) => {
    const over = pageOf(incident, { kind, says: 'It is over.' }, frame, [], [], at(20));
    expect(over).toMatchObject({ openedAtMs: at(0), nextCommand: '' });
    expect(over).not.toHaveProperty('answerByMs');
  });
  test.each([
    ['emergency', 5],
    ['critical', 15],
    ['warning', 60],
  ] as const)('%s must be answered within %d min', (severity, minutes) => {
    expect(page({ ...incident, severity }).answerByMs).toBe(at(minutes));
  });
  test('what got worse must be answered anew from then', () => {
    expect(page({ ...incident, severity: 'emergency', severitySinceMs: at(30) }, 31).answerByMs).toBe(at(35));
    const { severitySinceMs: _never, ...old } = incident;
    expect(page(old).answerByMs).toBe(at(15));
  });
  test('nothing of when, where people were not paged yet', () => {
    const { openedAtMs: _never, ...waiting } = incident;
    expect(page(waiting)).not.toHaveProperty('answerByMs');
    expect(page(waiting)).not.toHaveProperty('openedAtMs');
  });
  test('what was tried, and for how long', () => {
    expect(
      page(incident, 7, { works: [workOf('one-broker', { what: 'MSK replaces an unhealthy broker' })] }).tried,
    ).toEqual(['MSK replaces an unhealthy broker, for 7 min']);
  });
  test('by which step, where it is one', () => {
    const rung = { afterMinutes: 60, whom: 'management' };
    expect(pageOf(incident, { kind: 'rung', says: 'x', rung }, frame, [], [], at(1)).rung).toEqual(rung);
    expect(page()).not.toHaveProperty('rung');
  });
});

describe('facts', () => {
  test('worst first, what a look found before alarms, then the oldest; each with its source', () => {
    const words = [
      finding('lag-messages', 'group billing', { severity: 'warning' }),
      alarm('brokers-unreachable'),
      brokerDown(2, { atMs: at(1) }),
      finding('under-replicated', 'cluster'),
      finding('offline-partitions', 'cluster', { severity: 'emergency', source: 'CloudWatch' }),
    ];
    expect(page(withWords(...words)).facts).toEqual([
      { text: 'offline-partitions of cluster', source: 'CloudWatch' },
      { text: 'under-replicated of cluster', source: 'brokers' },
      { text: 'broker-answers of broker 2', source: 'brokers' },
      { text: 'brokers-unreachable of cluster', source: 'CloudWatch alarm' },
      { text: 'lag-messages of group billing', source: 'brokers' },
    ]);
  });
  test('what is over is none, and what nobody knows any more says so', () => {
    const members = [
      memberOf(brokerDown(2), { isUnproven: true }),
      memberOf(finding('under-replicated', 'cluster'), { goneAtMs: at(1) }),
    ];
    expect(page({ ...incident, members }).facts).toEqual([
      { text: 'broker-answers of broker 2 (not confirmed any more, and not over)', source: 'brokers' },
    ]);
  });
  const lags = (count: number) =>
    Array.from({ length: count }, (_, index) => finding('lag-messages', `group g${index}`));
  test.each([
    [12, 0, 0, 12, 0],
    [13, 0, 0, 12, 1],
    [13, 5, 0, 12, 6],
    [13, 0, 4, 12, 5],
    [3, 0, 6, 9, 0],
  ])(
    '%d symptoms, %d that did not fit, %d of a diagnosis: %d are listed and %d counted',
    (count, leftOutCount, affectedCount, listed, more) => {
      const affected = Array.from({ length: affectedCount }, (_, index) => `topic t${index}`);
      const of = 'broker 2 is down';
      const told = page({ ...withWords(...lags(count)), leftOutCount, diagnosis: { atMs: at(0), affected, of } });
      expect(told.facts).toHaveLength(listed);
      expect(told.moreFactCount).toBe(more);
    },
  );
  const diagnosis = {
    atMs: at(0),
    affected: ['topic orders'],
    next: 'reboot broker 2',
    of: 'broker 2 is down',
  };
  test('I5 what the look that named it adds: what is affected, and what to do', () => {
    const told = page({ ...incident, diagnosis });
    expect(told.facts.at(-1)).toEqual({ text: 'topic orders', source: 'diagnosis' });
    expect(told.nextCommand).toBe('reboot broker 2');
  });
  test.each([
    ['another fault of the same look', { ...diagnosis, of: 'broker 3 is down' }],
    ['nothing that it names', { atMs: at(0), affected: ['topic orders'], next: 'Nothing: what was found is over.' }],
  ])('I5 what the look says of %s is no instruction about this one', (_name, other) => {
    const told = page({ ...incident, diagnosis: other });
    expect(told.nextCommand).toBe(page().nextCommand);
    expect(told.facts).toEqual(page().facts);
  });
});

describe('again', () => {
  const end = (minute: number, more = {}) => ({
    id: '0',
    cause,
    quietSinceMs: at(minute - 10),
    endedAtMs: at(minute),
    ...more,
  });
  test('the same fault within a day says when it ended last', () => {
    expect(page(incident, 1, { ended: [end(-90), end(-30)] }).again).toEqual({ endedAtMs: at(-30) });
  });
  test('another broker’s, and another fault, are not the same', () => {
    const others = [end(-30, { cause: { ...cause, of: '3' } }), end(-30, { cause: { kind: 'disk', of: '2' } })];
    expect(page(incident, 1, { ended: others })).not.toHaveProperty('again');
  });
});

describe('what a message adds', () => {
  const says = (
    happening: Happening,
    one = incident,
    whom = '',
    works: Parameters<typeof saysOf>[3] = [],
    minute = 30,
  ) => saysOf(happening, one, whom, works, at(minute));
  test('that it is new, and by how much of it that still is', () => {
    const happening: Happening = { kind: 'opened', incidentId: '1' };
    expect(says(happening)).toBe('New, with 1 symptom.');
    const gone = { ...memberOf(finding('controller', 'cluster')), goneAtMs: at(1) };
    const two = [...incident.members, memberOf(finding('under-replicated', 'cluster')), gone];
    expect(says(happening, { ...incident, members: two })).toBe('New, with 2 symptoms.');
  });
  test('I3 that work deals with it, and until when nothing climbs', () => {
    const text = says({ kind: 'opened', incidentId: '1' }, incident, '', [
      workOf('one-broker', { what: 'MSK replaces an unhealthy broker', untilMs: at(60) }),
    ]);
    expect(text).toBe(
      'New, with 1 symptom. MSK replaces an unhealthy broker: nobody else is paged while that may end it, until 2026-11-28T04:00:00.000Z.',
    );
  });
  test('that it got worse', () => {
    expect(says({ kind: 'raised', incidentId: '1', from: 'critical' }, { ...incident, severity: 'emergency' })).toBe(
      'It got worse: now P0.',
    );
  });
  test('for how long it goes on, whom a rung calls, and how bad it is now', () => {
    const rung: Happening = { kind: 'rung', incidentId: '1', rung: 1, afterMinutes: 60 };
    expect(says(rung, { ...incident, severity: 'emergency' }, 'management', [], 70)).toBe(
      'It goes on for 70 min and nobody is known to deal with it: management is called. It is P0 now.',
    );
    expect(says(rung, incident, '', [], 30)).toBe(
      'It goes on for 30 min and nobody is known to deal with it. It is P1 now.',
    );
  });
  test('that the cause is known, or that it is another by now', () => {
    expect(says({ kind: 'rerooted', incidentId: '1', from: { kind: 'replication', of: '' } })).toBe(
      'The cause is known: broker 2 is down.',
    );
    expect(says({ kind: 'rerooted', incidentId: '1', from: { kind: 'cluster-down', of: '' } })).toBe(
      'No look finds any more that the cluster is down. What goes on: broker 2 is down.',
    );
  });
  test('what a person said, and which incident it is now', () => {
    expect(says({ kind: 'update', incidentId: '1', says: 'alice deals with it.' })).toBe('alice deals with it.');
    expect(says({ kind: 'joined', incidentId: '1', intoId: '4' })).toBe(
      'It is the same fault as incident 4, and goes on there.',
    );
  });
  test('what ended it, how long it was so, and what is left', () => {
    const members = [
      memberOf(brokerDown(2), { goneAtMs: at(5) }),
      memberOf(finding('under-replicated', 'cluster'), { goneAtMs: at(8) }),
    ];
    const over = { ...incident, members, quietSinceMs: at(8) };
    const happening: Happening = { kind: 'closed', incidentId: '1' };
    expect(says(happening, over)).toBe(
      'It is over, after 10 min: for 10 min no look found any of its 2 symptoms. Last to end: cluster, under-replicated.',
    );
    expect(
      says(happening, {
        ...over,
        members: [...members, memberOf(finding('cpu-used', 'broker 2', { severity: 'notice' }))],
      }),
    ).toContain('No more than a notice is left: broker 2, cpu-used.');
  });
  test.each([
    ['an alarm that no look judges', { goneBy: 'alarm' }, 'low-traffic, by CloudWatch’s own OK: no look judges it.'],
    ['an alarm that is no more', { goneBy: 'no-alarm' }, 'low-traffic, since CloudWatch has its alarm no more.'],
    ['a word', { goneBy: 'person' }, 'low-traffic, by the word of alice: nothing could prove it.'],
  ] as const)('that no look found it only where looks did: %s', (_name, how, last) => {
    const members = [
      memberOf(finding('topic-flow', 'topic orders'), { goneAtMs: at(7) }),
      memberOf(alarm('low-traffic'), { goneAtMs: at(8), ...how }),
    ];
    const resolution = { by: 'alice', atMs: at(8), severity: 'critical' } as const;
    expect(says({ kind: 'closed', incidentId: '1' }, { ...incident, members, resolution, quietSinceMs: at(8) })).toBe(
      `It is over, after 10 min: for 10 min nothing told of any of its 2 symptoms. Last to end: cluster, ${last}`,
    );
  });
  test('that an endpoint takes what it is sent, which no look finds', () => {
    const member = finding('endpoint-fails', 'endpoint chat', { procedure: 'incident' });
    const over = { ...incident, members: [memberOf(member, { goneAtMs: at(8) })], quietSinceMs: at(8) };
    expect(says({ kind: 'closed', incidentId: '1' }, over)).toContain('for 10 min nothing told of its symptom. ');
  });
});
