import { describe, expect, test } from 'vitest';
import type { Happening } from '../../../../../../functions/health/incident/core/document.ts';
import type { Severity } from '../../../../../../shared/core/finding.ts';
import {
  alarm,
  at,
  brokerDown,
  clusterState,
  finding,
  look,
  workOf,
} from '../../../../../support/incident/builders.ts';
import { openPlay, type Play } from '../../../../../support/incident/play.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';

const kindsOf = (happenings: readonly Happening[]): readonly string[] => happenings.map(({ kind }) => kind);
const down = (minute: number, more = {}) => brokerDown(2, { atMs: at(minute), ...more });
const answers = (minute: number) => down(minute, { says: 'gone', severity: 'ok', reason: 'answers' });
const copies = (minute: number, severity: Severity = 'critical') =>
  finding('under-replicated', 'cluster', { atMs: at(minute), severity });
const opened = (minute = 0): Play => {
  const play = openPlay();
  play.say(minute, down(minute));
  return play;
};

describe('opening', () => {
  test.each([
    ['P0 at once, by an alarm alone', alarm('offline-partitions', { severity: 'emergency' }), 0],
    ['P1 at once, by a finding that names it', down(0), 0],
    ['P1 by an alarm after 60 s', alarm('brokers-unreachable'), 1],
    ['P2 after 5 min, whoever says it', finding('cpu-used', 'broker 2', { severity: 'warning' }), 5],
    ['P3 never', finding('cpu-used', 'broker 2', { severity: 'notice' }), undefined],
    [
      'what the configuration does not say never',
      finding('alarm-coverage', 'muted alarms', { severity: 'warning' }),
      undefined,
    ],
  ] as const)('%s', (_name, word, minute) => {
    const play = openPlay();
    const openedAt = [play.say(0, word), ...Array.from({ length: 60 }, (_, index) => play.hear(index + 1))].findIndex(
      (happenings) => kindsOf(happenings).includes('opened'),
    );
    expect(openedAt).toBe(minute ?? -1);
  });
  test('P1 at the finding that names what an alarm began', () => {
    const play = openPlay();
    expect(play.say(0, alarm('brokers-unreachable'))).toEqual([]);
    expect(kindsOf(play.say(0.5, down(0.5)))).toEqual(['rerooted', 'opened']);
    expect(play.document.incidents).toMatchObject([{ id: '1', openedAtMs: at(0.5), severitySinceMs: at(0.5) }]);
  });
  test('a dead broker is named by the finding that proves it, however mild that is', () => {
    expect(kindsOf(openPlay().say(0, down(0, { severity: 'warning' })))).toEqual(['opened']);
  });
  test('another finding names no P1', () => {
    const play = openPlay();
    expect(play.say(0, alarm('brokers-unreachable'), copies(0, 'warning'))).toEqual([]);
  });
  test('what is over before it is told is told to nobody', () => {
    const play = openPlay();
    play.say(0, finding('cpu-used', 'broker 2', { severity: 'warning' }));
    play.say(2, finding('cpu-used', 'broker 2', { atMs: at(2), says: 'gone' }));
    expect(play.pass(3, 60)).toEqual([]);
    expect(play.document.incidents).toEqual([]);
    expect(play.document.ended).toEqual([]);
  });
  test('what gets worse before it is told is told as what it is', () => {
    const play = openPlay();
    play.say(0, copies(0, 'warning'));
    expect(kindsOf(play.say(1, copies(1)))).toEqual(['opened']);
    expect(play.document.incidents).toMatchObject([{ severity: 'critical' }]);
  });
});

describe('getting worse', () => {
  test('is told once, from then on', () => {
    const play = opened();
    expect(
      play.say(
        3,
        finding('offline-partitions', 'cluster', { reason: 'no-leader', atMs: at(3), severity: 'emergency' }),
      ),
    ).toEqual([{ kind: 'raised', incidentId: '1', from: 'critical' }]);
    expect(play.document.incidents).toMatchObject([{ severity: 'emergency', severitySinceMs: at(3) }]);
    expect(play.pass(4, 20)).toEqual([]);
    expect(play.paged()).toEqual(['on-call 1', 'chat 1', 'phone 1/emergency', 'text 1/emergency']);
  });
  test('is on the worse ladder as if it always had been', () => {
    const play = openPlay();
    play.say(0, copies(0, 'warning'));
    play.document = {
      ...play.document,
      incidents: play.document.incidents.map((one) => ({
        ...one,
        openedAtMs: at(0),
        acknowledgement: { by: 'alice', atMs: at(0), untilMs: at(600), severity: 'warning' },
      })),
    };
    play.pass(1, 69);
    expect(
      kindsOf(
        play.say(
          70,
          finding('offline-partitions', 'cluster', { reason: 'no-leader', atMs: at(70), severity: 'emergency' }),
        ),
      ),
    ).toEqual(['rerooted', 'raised', 'rung']);
    expect(play.paged()).toContain('boss 1/emergency/60');
  });
});

describe('closing', () => {
  const judged = (minute: number) => ({ looks: [look(minute, 'broker-answers', 'under-replicated')] });
  test('once every member is gone by proof for 10 min', () => {
    const play = opened();
    play.say(1, copies(1));
    play.say(5, answers(5));
    expect(play.pass(6, 14)).toEqual([]);
    play.say(15, finding('under-replicated', 'cluster', { atMs: at(15), says: 'gone' }));
    expect(play.pass(16, 24)).toEqual([]);
    expect(play.hear(25)).toEqual([{ kind: 'closed', incidentId: '1' }]);
    expect(play.document.ended).toEqual([
      { id: '1', cause: { kind: 'broker-down', of: '2' }, quietSinceMs: at(15), endedAtMs: at(25) },
    ]);
    expect(play.document.outbox.filter(({ action }) => action === 'resolve').map(({ page }) => page?.says)).toEqual([
      expect.stringContaining('Last to end: cluster, under-replicated.'),
      expect.stringContaining('Last to end: cluster, under-replicated.'),
    ]);
  });
  test.each([
    ['a finding that is unknown', () => down(5, { says: 'unproven', severity: 'unknown' })],
    ['INSUFFICIENT_DATA and an alarm’s OK', () => alarm('brokers-unreachable', { atMs: at(5), says: 'unproven' })],
  ] as const)('never by %s alone', (_name, word) => {
    const play = openPlay();
    play.say(0, down(0), alarm('brokers-unreachable'));
    if (word().by === 'alarm') play.say(4, answers(4));
    play.say(5, word());
    expect(kindsOf(play.pass(6, 600)).filter((kind) => kind === 'closed')).toEqual([]);
  });
  test('an alarm that is over ends by the look that judges it', () => {
    const play = openPlay();
    play.say(0, alarm('brokers-unreachable'));
    play.hear(1);
    play.say(5, alarm('brokers-unreachable', { atMs: at(5), says: 'unproven' }));
    play.hear(7, judged(6));
    expect(kindsOf(play.pass(8, 16))).toEqual(['closed']);
  });
  test('what eased to a notice is over, however often that is said; bad again later, it is told anew', () => {
    const disk = (minute: number, severity: Severity) =>
      finding('disk-used', 'broker 2', { atMs: at(minute), severity });
    const play = openPlay();
    play.say(0, disk(0, 'critical'));
    expect(kindsOf(play.pass(1, 11, (minute) => ({ words: [disk(minute, 'notice')] })))).toEqual(['closed']);
    play.pass(12, 300, (minute) => ({ words: [disk(minute, 'notice')] }));
    expect(kindsOf(play.say(301, disk(301, 'critical')))).toEqual(['opened']);
  });
  test('a look that is late proves nothing of what was heard since', () => {
    const play = opened();
    play.say(5, down(5));
    play.hear(6, judged(4));
    expect(kindsOf(play.pass(7, 29))).toEqual([]);
  });
});

describe('a flap is the same incident, a day later it is a new one', () => {
  test('twenty flaps page once, and end once', () => {
    const play = opened();
    const happenings: Happening[] = [];
    for (let flap = 1; flap <= 20; flap += 1) {
      happenings.push(...play.say(flap, flap % 2 === 1 ? answers(flap) : down(flap)));
    }
    happenings.push(...play.say(21, answers(21)), ...play.pass(22, 60));
    expect(kindsOf(happenings)).toEqual(['closed']);
    expect(play.paged()).toEqual(['on-call 1', 'chat 1']);
  });
  test('the same fault within a day says “again”, a day later no more', () => {
    const play = opened();
    play.say(1, answers(1));
    play.pass(2, 11);
    expect(kindsOf(play.say(60, down(60)))).toEqual(['opened']);
    expect(play.document.incidents).toMatchObject([{ id: '2' }]);
    expect(play.document.ended).toHaveLength(1);
    const later = 11 + 24 * 60;
    play.hear(later - 1);
    expect(play.document.ended).toHaveLength(1);
    play.hear(later);
    expect(play.document.ended).toEqual([]);
  });
});

describe('M3 in a night', () => {
  const patch = (minute: number) => ({
    words: [clusterState('maintenance', { atMs: at(minute) })],
    looks: [look(minute, 'cluster-state')],
  });
  test('MSK patches three brokers, one after the other: nobody is paged', () => {
    const play = openPlay();
    play.hear(0, patch(0));
    for (const [id, from] of [
      [1, 5],
      [2, 30],
      [3, 55],
    ] as const) {
      play.say(
        from,
        brokerDown(id, { atMs: at(from) }),
        alarm('brokers-unreachable', { atMs: at(from) }),
        copies(from),
      );
      play.pass(from + 1, from + 19, (minute) => (minute % 5 === 0 ? patch(minute) : {}));
      play.say(from + 20, brokerDown(id, { atMs: at(from + 20), says: 'gone' }));
    }
    play.say(80, finding('under-replicated', 'cluster', { atMs: at(80), says: 'gone' }));
    play.say(81, alarm('brokers-unreachable', { atMs: at(81), says: 'unproven' }));
    play.hear(83, { looks: [look(82, 'broker-answers', 'under-replicated', 'cluster-state')] });
    play.pass(84, 100);
    expect(play.paged()).toEqual([]);
    expect(play.document.incidents).toEqual([]);
  });
  test('a broker that stays away is paged after half an hour, and by its own name', () => {
    const play = openPlay();
    play.hear(0, patch(0));
    play.say(5, down(5), copies(5));
    expect(play.pass(6, 34, (minute) => (minute % 5 === 0 ? patch(minute) : {}))).toEqual([]);
    expect(kindsOf(play.hear(35))).toEqual(['opened']);
    expect(play.titles()).toEqual(['broker-down 2']);
    // It climbs: the patching deals with it no more.
    expect(kindsOf(play.pass(36, 65))).toContain('rung');
  });
  test('whether MSK’s work or its broker is heard of first plays no part', () => {
    for (const order of [
      [patch(1).words, [down(1)]],
      [[down(1)], patch(1).words],
    ] as const) {
      const play = openPlay({ ...usualRules, windows: [] });
      for (const words of order) play.hear(1, { words });
      expect(play.titles()).toEqual(['broker-down 2']);
    }
  });
  test('partitions that go offline while MSK patches are paged at once', () => {
    const play = openPlay();
    play.hear(0, patch(0));
    expect(
      kindsOf(
        play.say(
          5,
          finding('offline-partitions', 'cluster', { reason: 'no-leader', atMs: at(5), severity: 'emergency' }),
        ),
      ),
    ).toEqual(['opened']);
  });
  test('a broker that dies in a nightly recurring window pages at once: such a window is no work', () => {
    expect(kindsOf(openPlay().say(0, down(0)))).toEqual(['opened']);
  });
  test('who asks for help for what a work holds back opens it, and pages whom its opening pages', () => {
    const play = openPlay();
    play.hear(0, { works: [workOf(['2'])], words: [down(0)] });
    expect(play.paged()).toEqual([]);
    const happenings = play.hear(5, { commands: [{ command: 'escalate', incidentId: '1', by: 'alice' }] });
    expect(kindsOf(happenings)).toEqual(['update', 'opened']);
    expect(play.paged()).toEqual(['on-call 1', 'chat 1']);
    expect(kindsOf(play.pass(6, 60))).toEqual([]);
  });
  test('a one-off window that names broker 2 holds broker 2, and not broker 3', () => {
    const play = openPlay({ ...usualRules, windows: [workOf(['2'], { untilMs: at(60) })] });
    expect(play.say(1, down(1))).toEqual([]);
    expect(kindsOf(play.say(2, brokerDown(3, { atMs: at(2) })))).toEqual(['opened']);
    expect(play.pass(3, 31)).toEqual([]);
    expect(
      play.document.incidents.filter(({ openedAtMs }) => openedAtMs !== undefined).map(({ cause }) => cause.of),
    ).toEqual(['3']);
  });
});

describe('I3 what deals with it', () => {
  const healing = (minute: number) => clusterState('healing', { atMs: at(minute), severity: 'warning' });
  test('MSK heals: the page says until when nobody else is paged, nobody is for that long, and then the rung that is past', () => {
    const play = openPlay();
    play.say(0, down(0), healing(0));
    expect(play.document.outbox[0]?.says).toContain(
      'MSK replaces an unhealthy broker: nobody else is paged while that may end it, until 2026-11-28T04:00:00.000Z',
    );
    expect(play.pass(1, 59)).toEqual([]);
    expect(kindsOf(play.hear(60))).toEqual(['rung']);
    expect(play.paged()).toContain('boss 1/critical/60');
  });
  test('an acknowledgement in the pager is asked for at each rung, and never remembered', () => {
    const play = opened();
    play.pager = { status: 'acknowledged', by: 'bob' };
    expect(play.pass(1, 40)).toEqual([]);
    play.pager = { status: 'triggered' };
    expect(kindsOf(play.pass(41, 45))).toEqual(['rung']);
  });
  test('an acknowledgement of P1 does not hold a P0', () => {
    const play = opened();
    play.hear(1, { commands: [{ command: 'ack', incidentId: '1', by: 'alice', forMinutes: 500 }] });
    expect(play.pass(2, 39)).toEqual([]);
    expect(
      kindsOf(
        play.say(
          40,
          finding('offline-partitions', 'cluster', { reason: 'no-leader', atMs: at(40), severity: 'emergency' }),
        ),
      ),
    ).toEqual(['raised']);
    expect(kindsOf(play.pass(41, 60))).toEqual(['rung']);
  });
  test('who is called is named by his role, where the configuration has one', () => {
    const contacts = [{ role: 'head of platform', level: 'management' as const, channel: 'boss' }];
    const play = openPlay({ ...usualRules, frame: { ...usualRules.frame, contacts } });
    play.say(0, down(0));
    play.pass(1, 60);
    expect(play.document.outbox.findLast(({ kind }) => kind === 'rung')).toMatchObject({
      rung: { afterMinutes: 60, whom: 'head of platform' },
    });
  });
});

describe('what else is heard', () => {
  const notice = {
    key: 'act/1',
    procedure: 'storage-scaling',
    atMs: at(0),
    topic: 'operations',
    severity: 'notice',
    headline: 'The volume grows.',
    findings: [],
    names: [],
    isIntent: false,
  } as const;
  test('a notice once a day, however often it comes', () => {
    const play = openPlay();
    play.hear(0, { notices: [notice, notice] });
    play.hear(1, { notices: [notice] });
    expect(play.document.outbox.map(({ id }) => id)).toEqual(['notice/act/1/1']);
    play.hear(24 * 60);
    expect(play.document.notices).toEqual([]);
  });
  test('the newest diagnosis of a look that named one of its symptoms', () => {
    const play = opened();
    const of = (minute: number, next: string) => new Map([[down(0).key, { atMs: at(minute), affected: [], next }]]);
    play.hear(1, { diagnoses: of(1, 'first') });
    play.hear(2, { diagnoses: of(0.5, 'late') });
    expect(play.document.incidents[0]?.diagnosis?.next).toBe('first');
    play.hear(3, { diagnoses: of(3, 'newer') });
    expect(play.document.incidents[0]?.diagnosis?.next).toBe('newer');
    play.hear(4, { diagnoses: new Map([['finding|other', { atMs: at(4), affected: [], next: 'another’s' }]]) });
    expect(play.document.incidents[0]?.diagnosis?.next).toBe('newer');
  });
  test('a quiet minute changes nothing', () => {
    const play = openPlay();
    play.say(0, down(0), copies(0));
    play.pass(1, 31);
    const before = play.document;
    play.hear(32);
    expect(play.document).toEqual(before);
  });
  test('a command about an incident that is not there does nothing', () => {
    const play = opened();
    expect(play.hear(1, { commands: [{ command: 'ack', incidentId: '9', by: 'alice' }] })).toEqual([]);
  });
});
