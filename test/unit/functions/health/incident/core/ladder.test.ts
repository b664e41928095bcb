import { describe, expect, test } from 'vitest';
import { climb, command, raised, type Story } from '../../../../../../functions/health/incident/core/climb.ts';
import type { Command } from '../../../../../../functions/health/incident/core/commands.ts';
import type { Incident } from '../../../../../../functions/health/incident/core/document.ts';
import {
  dueRungs,
  isAnswered,
  nextRungAtMs,
  type PagerWord,
} from '../../../../../../functions/health/incident/core/ladder.ts';
import type { Ladders } from '../../../../../../functions/health/incident/core/rungs.ts';
import type { PagingSeverity } from '../../../../../../functions/health/incident/core/words.ts';
import { at, brokerDown, incidentOf, memberOf, workOf } from '../../../../../support/incident/builders.ts';
import { usualRules } from '../../../../../support/incident/rules.ts';

const { ladders } = usualRules;
const incident = incidentOf({ kind: 'broker-down', of: '2' }, [memberOf(brokerDown(2))]);
const of = (severity: PagingSeverity, climbedTo = -1, more: Partial<Incident> = {}): Incident => ({
  ...incident,
  severity,
  climbedToMs: at(climbedTo),
  ...more,
});

describe('I3 rungs by the default ladder, at absolute times from the opening', () => {
  test.each([
    ['warning', -1, 14, []],
    ['warning', -1, 15, [15]],
    ['warning', 15, 29, []],
    ['warning', -1, 30, [30]],
    ['critical', -1, 29, []],
    ['critical', -1, 30, [30]],
    ['critical', 30, 59, []],
    ['critical', 30, 60, [60]],
    ['critical', 60, 120, [120]],
    ['critical', 120, 6_000, []],
    // Of those that are past only the highest, once.
    ['critical', -1, 90, [60]],
    ['critical', -1, 500, [120]],
    ['emergency', -1, 59, []],
    ['emergency', -1, 60, [60]],
    ['emergency', -1, 130, [120]],
  ] as const)('%s, climbed to %d min, at %d min: %j', (severity, climbedTo, minute, minutes) => {
    expect(dueRungs(of(severity, climbedTo), ladders, at(minute)).map(({ afterMinutes }) => afterMinutes)).toEqual(
      minutes,
    );
  });
  test('several of one time go out together', () => {
    const both: Ladders = {
      ...ladders,
      emergency: [
        { afterMinutes: 0, level: 'management' },
        { afterMinutes: 0, level: 'executives' },
      ],
    };
    expect(dueRungs(of('emergency'), both, at(0)).map(({ level }) => level)).toEqual(['management', 'executives']);
  });
  test('none before people were paged, and none while it is quiet', () => {
    const { openedAtMs: _never, ...waiting } = of('critical');
    expect(dueRungs(waiting, ladders, at(300))).toEqual([]);
    expect(nextRungAtMs(waiting, ladders)).toBeUndefined();
    expect(dueRungs(of('critical', -1, { quietSinceMs: at(29) }), ladders, at(30))).toEqual([]);
  });
  test.each([
    [-1, at(30)],
    [30, at(60)],
    [60, at(120)],
    [120, undefined],
  ])('after what was climbed to %d min the next is at %s', (climbedTo, nextAtMs) => {
    expect(nextRungAtMs(of('critical', climbedTo), { ...ladders, critical: ladders.critical.toReversed() })).toBe(
      nextAtMs,
    );
  });
});

describe('whether somebody deals with it', () => {
  const ack = (severity: PagingSeverity, until = 30) => ({
    acknowledgement: { by: 'alice', atMs: at(0), untilMs: at(until), severity },
  });
  const resolution = (severity: PagingSeverity) => ({ resolution: { by: 'alice', atMs: at(0), severity } });
  test.each<[string, Incident, PagerWord | undefined, number, boolean]>([
    ['nobody', of('critical'), undefined, 1, false],
    ['who acknowledged it', of('critical', -1, ack('critical')), undefined, 29, true],
    ['no longer than he said', of('critical', -1, ack('critical')), undefined, 30, false],
    ['who acknowledged worse', of('critical', -1, ack('emergency')), undefined, 1, true],
    ['not who acknowledged P1 of what is P0', of('emergency', -1, ack('critical')), undefined, 1, false],
    ['who called it over', of('critical', -1, resolution('critical')), undefined, 600, true],
    ['not who called less over', of('emergency', -1, resolution('critical')), undefined, 1, false],
    ['whom the pager names', of('critical'), { status: 'acknowledged' }, 1, true],
    ['who resolved it in the pager', of('critical'), { status: 'resolved' }, 1, true],
    [
      'nobody, where it ended in the pager by itself',
      of('critical'),
      { status: 'resolved', isByNobody: true },
      1,
      false,
    ],
    ['nobody whom the pager names', of('critical'), { status: 'triggered', atMs: at(9) }, 1, false],
    [
      'who acknowledged in the pager since it is P0',
      of('emergency', -1, { severitySinceMs: at(20) }),
      { status: 'acknowledged', atMs: at(20) },
      21,
      true,
    ],
    [
      'not who acknowledged in the pager while it was P1',
      of('emergency', -1, { severitySinceMs: at(20) }),
      { status: 'acknowledged', atMs: at(19) },
      21,
      false,
    ],
    [
      'not who resolved it in the pager while it was P1',
      of('emergency', -1, { severitySinceMs: at(20) }),
      { status: 'resolved', atMs: at(19) },
      21,
      false,
    ],
  ])('%s', (_name, one, pager, minute, answered) => {
    expect(isAnswered(one, pager, at(minute))).toBe(answered);
  });
});

describe('climbing', () => {
  const climbed = (
    one: Incident,
    minute: number,
    more: { pager?: PagerWord; works?: Parameters<typeof climb>[2]; by?: Ladders } = {},
  ) => {
    const story: Story = { happenings: [], firedBy: new Map() };
    const now = climb(one, more.by ?? ladders, more.works ?? [], more.pager, story, at(minute));
    const fired = [...story.firedBy.values()].map(({ rungs, severity }) => [
      rungs.map(({ afterMinutes }) => afterMinutes),
      severity,
    ]);
    return { now, fired, happenings: story.happenings };
  };
  test('fires a rung once', () => {
    const { now, fired, happenings } = climbed(of('critical', 30), 61);
    expect(fired).toEqual([[[60], 'critical']]);
    expect(happenings).toEqual([{ kind: 'rung', incidentId: '1', rung: 1, afterMinutes: 60 }]);
    expect(now).toMatchObject({ climbedToMs: at(61), severity: 'critical' });
    expect(climbed(now, 62).fired).toEqual([]);
  });
  test.each<[string, Incident, number, readonly unknown[]]>([
    ['P2 is P1 after 15 min', of('warning'), 15, [[[15], 'critical']]],
    ['P1 is P0 after 30 min', of('critical'), 30, [[[30], 'emergency']]],
    [
      'the higher ladder replaces the lower, counted from the opening',
      of('warning'),
      65,
      [
        [[30], 'emergency'],
        [[60], 'emergency'],
      ],
    ],
    [
      'of its rungs that are past only the highest',
      of('warning'),
      130,
      [
        [[30], 'emergency'],
        [[120], 'emergency'],
      ],
    ],
  ])('%s', (_name, one, minute, fired) => {
    const result = climbed(one, minute);
    expect(result.fired).toEqual(fired);
    expect(climbed(result.now, minute + 1).fired).toEqual([]);
  });
  test('what is worse now is as bad since now, and on the worse ladder as if it always had been', () => {
    expect(raised(of('critical', 60), 'emergency', at(65))).toMatchObject({
      severity: 'emergency',
      severitySinceMs: at(65),
    });
    expect(climbed(raised(of('critical', 60), 'emergency', at(65)), 65).fired).toEqual([[[60], 'emergency']]);
    expect(climbed(of('critical'), 30).now.severitySinceMs).toBe(at(30));
  });
  test('RUNBOOK B pages management and executives as it becomes a P0, whenever that is', () => {
    const by: Ladders = {
      ...ladders,
      emergency: [
        { afterMinutes: 0, level: 'management' },
        { afterMinutes: 0, level: 'executives' },
      ],
    };
    expect(climbed(of('critical'), 30, { by }).fired).toEqual([
      [[30], 'emergency'],
      [[0, 0], 'emergency'],
    ]);
  });
  test.each([
    [
      'an acknowledgement',
      { acknowledgement: { by: 'alice', atMs: at(0), untilMs: at(100), severity: 'critical' } },
      {},
    ],
    ['an acknowledgement in the pager', {}, { pager: { status: 'acknowledged', by: 'bob' } }],
    ['that it was resolved in the pager while it fails', {}, { pager: { status: 'resolved' } }],
    ['work that deals with it', {}, { works: [workOf(['2'], { does: 'repairs' })] }],
  ] as const)('%s stops the paging, not the clock', (_name, change, more) => {
    const held = climbed(of('critical', -1, change), 70, more);
    expect(held.fired).toEqual([]);
    // Once it is gone: the rung whose time has passed, once.
    const { acknowledgement: _lapsed, ...then } = held.now;
    expect(climbed(then, 100).fired).toEqual([[[60], 'critical']]);
  });
  test('what pages at the opening pages with it, whatever deals with it', () => {
    const by: Ladders = { ...ladders, critical: [{ afterMinutes: 0, level: 'management' }] };
    const works = [workOf(['2'], { does: 'repairs' })];
    expect(climbed(of('critical'), 0, { by, works }).fired).toEqual([[[0], 'critical']]);
    expect(climbed(of('critical'), 1, { by, works }).fired).toEqual([]);
  });
});

describe('commands of people', () => {
  const obeyed = (one: Incident, minute: number, ...asked: readonly Command[]) => {
    const story: Story = { happenings: [], firedBy: new Map() };
    const now = command(one, asked, ladders, story, at(minute));
    return {
      now,
      happenings: story.happenings,
      fired: [...story.firedBy.values()].map(({ rungs }) => rungs[0]?.afterMinutes),
    };
  };
  const saysOf = ({ happenings }: ReturnType<typeof obeyed>): readonly string[] =>
    happenings.flatMap((one) => (one.kind === 'update' ? one.says : []));
  const by = 'alice';
  test('an acknowledgement holds half an hour where nobody said how long, 12 h at most and a minute at least', () => {
    const until = (forMinutes?: number) =>
      obeyed(of('critical'), 5, {
        command: 'ack',
        incidentId: '1',
        by,
        ...(forMinutes !== undefined && { forMinutes }),
      }).now.acknowledgement;
    expect(until()).toEqual({ by, atMs: at(5), untilMs: at(35), severity: 'critical' });
    expect(until(10)?.untilMs).toBe(at(15));
    expect(until(0)?.untilMs).toBe(at(6));
    expect(until(99_999)?.untilMs).toBe(at(5 + 12 * 60));
  });
  test('it says who, until when, and unless what', () => {
    const told = saysOf(obeyed(of('critical'), 5, { command: 'ack', incidentId: '1', by }));
    expect(told).toEqual([
      'alice deals with it until 2026-11-28T03:35:00.000Z; nobody else is paged until then, unless it gets worse.',
    ]);
  });
  test('a silence is one that is marked', () => {
    const result = obeyed(of('critical'), 5, { command: 'silence', incidentId: '1', by });
    expect(result.now.acknowledgement).toMatchObject({ isSilence: true });
    expect(saysOf(result)[0]).toContain('silenced it until');
  });
  test('who escalates gets the next step now, once, and lifts what held it', () => {
    const held = of('critical', -1, {
      acknowledgement: { by, atMs: at(0), untilMs: at(30), severity: 'critical' },
      resolution: { by, atMs: at(0), severity: 'critical' },
    });
    const result = obeyed(held, 10, { command: 'escalate', incidentId: '1', by });
    expect(result.fired).toEqual([30]);
    expect(result.now).toMatchObject({ severity: 'emergency' });
    expect(result.now).not.toHaveProperty('acknowledgement');
    expect(result.now).not.toHaveProperty('resolution');
    expect(saysOf(result)).toEqual(['alice asked for more help: the next step of the ladder goes out now.']);
    expect(dueRungs(result.now, ladders, at(59))).toEqual([]);
  });
  test('the step that went out early does not go out again', () => {
    const result = obeyed(of('critical', 30), 40, { command: 'escalate', incidentId: '1', by });
    expect(result.fired).toEqual([60]);
    expect(dueRungs(result.now, ladders, at(119))).toEqual([]);
    expect(obeyed(result.now, 41, { command: 'escalate', incidentId: '1', by }).fired).toEqual([120]);
  });
  test('and hears it where nobody is left to call', () => {
    const result = obeyed(of('critical', 120), 125, { command: 'escalate', incidentId: '1', by });
    expect(result.fired).toEqual([]);
    expect(saysOf(result)[0]).toContain('was called already');
  });
  test('who calls it over while it goes on is told so', () => {
    const result = obeyed(of('critical'), 5, { command: 'resolve', incidentId: '1', by });
    expect(result.now.resolution).toEqual({ by, atMs: at(5), severity: 'critical' });
    expect(saysOf(result)[0]).toContain('while 1 of its symptoms go on');
    const over = of('critical', -1, { members: [memberOf(brokerDown(2), { goneAtMs: at(1) })] });
    expect(saysOf(obeyed(over, 5, { command: 'resolve', incidentId: '1', by }))).toEqual(['alice called it over.']);
  });
  test('and where nothing is left of it hears that nobody is called', () => {
    const result = obeyed(of('critical', 30, { quietSinceMs: at(40) }), 45, {
      command: 'escalate',
      incidentId: '1',
      by,
    });
    expect(result.fired).toEqual([]);
    expect(saysOf(result)).toEqual([
      'alice asked for more help: none of its symptoms is left, and nobody is called unless one comes back.',
    ]);
  });
  describe('on what nobody was paged of yet', () => {
    const { openedAtMs: _never, severitySinceMs: _nor, ...untold } = of('critical');
    const opens = 'Nobody was paged of it yet: its opening still pages people, and after it nobody else.';
    test('who escalates opens it, and its ladder counts from then', () => {
      const result = obeyed(untold, 10, { command: 'escalate', incidentId: '1', by });
      expect(saysOf(result)).toEqual(['alice asked for more help: nobody was paged of it yet, and people are now.']);
      expect(result.happenings.map(({ kind }) => kind)).toEqual(['update', 'opened']);
      expect(result.now).toMatchObject({ openedAtMs: at(10), severitySinceMs: at(10), severity: 'critical' });
      expect(nextRungAtMs(result.now, ladders)).toBe(at(40));
      expect(obeyed(result.now, 11, { command: 'escalate', incidentId: '1', by }).fired).toEqual([30]);
    });
    test.each([
      ['ack', `alice deals with it until 2026-11-28T03:40:00.000Z. ${opens}`],
      ['silence', `alice silenced it until 2026-11-28T03:40:00.000Z, unless it gets worse. ${opens}`],
      ['resolve', `alice called it over while 1 of its symptoms go on. ${opens}`],
    ] as const)('%s says so', (asked, says) => {
      const result = obeyed(untold, 10, { command: asked, incidentId: '1', by });
      expect(saysOf(result)).toEqual([says]);
      expect(result.now).not.toHaveProperty('openedAtMs');
    });
  });
  test('several are obeyed in their order', () => {
    const result = obeyed(
      of('critical'),
      5,
      { command: 'ack', incidentId: '1', by },
      { command: 'escalate', incidentId: '1', by: 'bob' },
    );
    expect(result.now).not.toHaveProperty('acknowledgement');
    expect(result.happenings.map(({ kind }) => kind)).toEqual(['update', 'update', 'rung']);
  });
});
