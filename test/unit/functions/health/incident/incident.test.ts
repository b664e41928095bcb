import { describe, expect, test } from 'vitest';
import type { Rules } from '../../../../../functions/health/incident/core/advance.ts';
import { nothingHeard } from '../../../../../functions/health/incident/core/advance.ts';
import type { IncidentDocument } from '../../../../../functions/health/incident/core/document.ts';
import type { NoticeSaid } from '../../../../../functions/health/incident/core/notices.ts';
import { runIncident } from '../../../../../functions/health/incident/incident.ts';
import { fetchPagerWordOf } from '../../../../../functions/health/incident/pagers.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { minuteMs } from '../../../../../shared/core/units.ts';
import { at, brokerDown, finding, messageOf, nightMs } from '../../../../support/incident/builders.ts';
import { usualRules } from '../../../../support/incident/rules.ts';
import { type IncidentWorld, openIncidentWorld } from '../../../../support/incident/world.ts';

const open = (rules: Rules = usualRules) => openIncidentWorld(() => rules, nightMs);
/** A cluster of which incident never wrote anything. */
const openUnwritten = (): IncidentWorld => Object.assign(open(), { document: undefined });
const offline = finding('offline-partitions', 'cluster', { reason: 'no-leader', severity: 'emergency', atMs: at(1) });

const notice: NoticeSaid = {
  key: 'act/1',
  procedure: 'storage-scaling',
  atMs: at(0),
  topic: 'operations',
  severity: 'notice',
  headline: 'The volume is about to grow.',
  findings: [],
  names: [],
  isIntent: false,
};

describe('an update to who calls people', () => {
  const raised = async (word: 'triggered' | 'acknowledged' | 'resolved' | undefined) => {
    const world = open();
    await world.run({ words: [brokerDown(2)] });
    world.pagerWord = word && { status: word };
    world.nowMs += minuteMs;
    await world.run({ words: [offline] });
    return world.received.filter(({ endpoint, action }) => endpoint === 'on-call' && action === 'update');
  };
  test.each([
    ['triggered', 1],
    ['acknowledged', 1],
    // What is open no more would be opened anew.
    ['resolved', 0],
    [undefined, 0],
  ] as const)('joins what is %s there: %d', async (word, count) => {
    expect(await raised(word)).toHaveLength(count);
  });
  test('is tried again where nobody could be asked', async () => {
    const world = open();
    await world.run({ words: [brokerDown(2)] });
    world.nowMs += minuteMs;
    const deaf = async (): Promise<undefined> => {
      throw new DependencyError('pagerduty:GET incidents', 'timed-out', 'no answer');
    };
    await runIncident({ ...nothingHeard, words: [offline] }, () => usualRules, {
      ...world.ports(),
      fetchPagerWord: deaf,
    });
    expect(
      world.document?.outbox.findLast(
        ({ action, destination }) => action === 'update' && destination.lane === 'on-call',
      ),
    ).toMatchObject({ why: expect.stringContaining('no answer'), tries: 1 });
  });
});

test('what ends an incident stands in the thread that its beginning began, though it is over by then', async () => {
  const world = open();
  await world.run({ words: [brokerDown(2)] });
  world.nowMs += minuteMs;
  await world.run({ words: [brokerDown(2, { says: 'gone', severity: 'ok', atMs: world.nowMs })] });
  world.nowMs += 11 * minuteMs;
  const threads = new Map<string, string | undefined>();
  const ports = world.ports();
  await runIncident(nothingHeard, () => usualRules, {
    ...ports,
    send: (message, page, thread) => {
      threads.set(`${message.action} ${message.destination.lane}`, thread.reference);
      return ports.send(message, page, thread);
    },
  });
  expect(world.document?.incidents).toEqual([]);
  expect(threads.get('resolve chat')).toBe('thread-1');
});

describe('a step of the ladder whose endpoint fails', () => {
  /** The rung of 30 minutes raises to P0, and the telephone does not take it; the minute after it is due again. */
  const climbed = async () => {
    const world = open();
    await world.run({ words: [brokerDown(2)] });
    world.nowMs = at(30);
    world.fates = ['failed', 'failed'];
    await world.run();
    const fails = (world.document?.outbox ?? []).filter(({ why, action }) => why === '503' && action === 'trigger');
    expect(fails.map(({ destination, key }) => [destination.lane, key])).toEqual([
      ['phone', '1/emergency/30'],
      ['topic emergency', '1/emergency/30'],
    ]);
    world.nowMs = at(31);
    return world;
  };
  const rung = (world: Awaited<ReturnType<typeof climbed>>) =>
    world.received.filter(({ key, endpoint }) => key === '1/emergency/30' && endpoint === 'phone').length;
  test('goes out a minute later, while nobody answers', async () => {
    const world = await climbed();
    await world.run();
    expect(rung(world)).toBe(1);
  });
  test('does not once somebody answered in a pager, who is asked before each try; and does when that lapses', async () => {
    const world = await climbed();
    world.pagerWord = { status: 'acknowledged', atMs: at(30.5) };
    await world.run();
    world.nowMs = at(40);
    await world.run();
    expect(rung(world)).toBe(0);
    world.pagerWord = { status: 'triggered' };
    world.nowMs = at(41);
    await world.run();
    expect(rung(world)).toBe(1);
  });
  test('does not while somebody who gave a command deals with it', async () => {
    const world = await climbed();
    await world.run({ commands: [{ command: 'ack', incidentId: '1', by: 'alice', forMinutes: 10 }] });
    world.nowMs = at(40);
    await world.run();
    expect(rung(world)).toBe(0);
    world.nowMs = at(41);
    await world.run();
    expect(rung(world)).toBe(1);
  });
  test('says what is so when it goes out', async () => {
    const world = await climbed();
    await world.run({ commands: [{ command: 'ack', incidentId: '1', by: 'alice', forMinutes: 10 }] });
    world.nowMs = at(41);
    const says: string[] = [];
    const ports = world.ports();
    await runIncident(nothingHeard, () => usualRules, {
      ...ports,
      send: (message, page, thread) => {
        if (message.destination.lane === 'phone') says.push(page.says);
        return ports.send(message, page, thread);
      },
    });
    expect(says).toEqual([expect.stringContaining('It goes on for 41 min')]);
  });
  test('a minute in which it is held writes nothing', async () => {
    const world = await climbed();
    world.pagerWord = { status: 'acknowledged', atMs: at(30.5) };
    await world.run();
    world.nowMs = at(32);
    const before = world.document;
    await world.run();
    expect(world.document).toBe(before);
  });
});

describe('what several pagers say of one incident', () => {
  const outbox = [
    messageOf({ outcome: 'delivered' }),
    messageOf({
      id: '1/2',
      key: '1/emergency',
      madeAtMs: at(30),
      destination: { by: 'endpoint', lane: 'phone', endpoints: ['phone'] },
      outcome: 'delivered',
    }),
    messageOf({ id: '1/3', key: '1/never', outcome: 'refused' }),
  ];
  const said = (
    byKey: Readonly<Record<string, { status: 'triggered' | 'acknowledged' | 'resolved'; atMs?: number }>>,
  ) => fetchPagerWordOf('1', outbox, { ...open().ports(), fetchPagerWord: async (_endpoint, key) => byKey[key] });
  test.each([
    [
      'one that is answered speaks for all',
      { '1': { status: 'acknowledged', atMs: at(9) }, '1/emergency': { status: 'triggered' } },
      { status: 'acknowledged', atMs: at(9) },
    ],
    [
      'of two the newer',
      { '1': { status: 'acknowledged', atMs: at(9) }, '1/emergency': { status: 'resolved', atMs: at(40) } },
      { status: 'resolved', atMs: at(40) },
    ],
    [
      'without a time it was after its page',
      { '1/emergency': { status: 'acknowledged' } },
      { status: 'acknowledged', atMs: at(30) },
    ],
    ['nobody answered', { '1': { status: 'triggered' } }, { status: 'triggered', atMs: at(0) }],
    ['nobody knows of it', {}, undefined],
    ['who refused its page is not asked', { '1/never': { status: 'acknowledged' } }, undefined],
  ] as const)('%s', async (_name, byKey, word) => {
    expect(await said(byKey)).toEqual(word);
  });
});

test('that a fault is still so, each half hour for two days, pages nobody, makes no message and leaves nothing behind', async () => {
  const full = (minutes: number) =>
    finding('storage-capacity', 'broker 2', {
      ...{ procedure: 'storage-scaling', reason: 'full-before-help', severity: 'critical', atMs: at(minutes) },
    });
  const lived = async (isSaid: boolean) => {
    const world = open();
    await world.run({ words: [full(0)] });
    for (let minutes = 30; minutes <= 48 * 60; minutes += 30) {
      world.nowMs = at(minutes);
      await world.run(isSaid ? { words: [full(minutes)] } : {});
    }
    const { document, received } = world;
    return { received, outbox: document?.outbox, bytes: JSON.stringify(document).length };
  };
  const [said, silent] = [await lived(true), await lived(false)];
  expect(silent.received.length).toBeGreaterThan(0);
  expect(said).toEqual(silent);
});

describe('a receipt that people were told', () => {
  const intent: NoticeSaid = { ...notice, isIntent: true };
  test('is kept once an endpoint took it', async () => {
    const world = open();
    await world.run({ notices: [intent] });
    expect(world.receipts).toEqual(['act/1']);
  });
  test.each([1, 2, 3, 4, 5, 6].flatMap((call) => [false, true].map((isAfter) => ({ call, isAfter }))))(
    'is kept in the end wherever a run dies: %j',
    async (killAt) => {
      const world = open();
      world.killAt = killAt;
      await world.run({ notices: [intent] });
      // A message that nobody could deal with comes from the queue again.
      for (let minute = 0; minute < 5; minute += 1) {
        world.nowMs += minuteMs;
        await world.run({ notices: [intent] });
      }
      expect(world.document?.outbox).toMatchObject([{ outcome: 'delivered' }]);
      expect(world.receipts).toContain('act/1');
    },
  );
  test('not for what nobody waits for, and not for what did not arrive', async () => {
    const world = open();
    await world.run({ notices: [{ ...intent, isIntent: false }] });
    world.fates = ['failed'];
    await world.run({ notices: [{ ...intent, key: 'act/2' }] });
    expect(world.receipts).toEqual([]);
  });
  test('not for what Amazon Q was sent, which tells nobody whether it arrived', async () => {
    const kindOf = (name: string) => (name === 'chat' ? 'amazon-q' : usualRules.reach.kindOf(name));
    const world = open({ ...usualRules, reach: { ...usualRules.reach, kindOf } });
    await world.run({ notices: [intent] });
    expect(world.document?.outbox).toMatchObject([{ outcome: 'delivered' }]);
    expect(world.receipts).toEqual([]);
  });
  test('that could not be kept is kept by the next run, as long as somebody waits for it, and never twice', async () => {
    for (const [minutes, kept] of [
      [1, ['act/1']],
      [3, []],
    ] as const) {
      const world = open();
      const keepReceipt = async (): Promise<void> => {
        throw new DependencyError('s3:PutObject', 'throttled', 'no answer');
      };
      await runIncident({ ...nothingHeard, notices: [intent] }, () => usualRules, { ...world.ports(), keepReceipt });
      expect(world.problems).toEqual([expect.stringContaining('an act may wait in vain')]);
      world.nowMs += minutes * minuteMs;
      await world.run();
      await world.run();
      expect(world.receipts).toEqual(kept);
      expect(world.received.filter(({ key }) => key === 'act/1')).toHaveLength(1);
    }
  });
  test('is kept by the next run where this one was killed at any of its calls, and somebody heard', async () => {
    const calls = ['read', 'claim', 'send', 'read', 'settle', 'receipt'];
    for (const call of calls.map((_, index) => index + 1)) {
      for (const isAfter of [false, true]) {
        const world = openUnwritten();
        world.killAt = { call, isAfter };
        await world.run({ notices: [intent] });
        // What was not written comes again from the queue.
        if (world.document === undefined) await world.run({ notices: [intent] });
        for (let minute = 1; minute <= 4; minute += 1) {
          world.nowMs += minuteMs;
          await world.run();
        }
        expect([call, isAfter, world.receipts]).toEqual([call, isAfter, ['act/1']]);
      }
    }
  });
});

test('where what it knew is lost, numbers go on far above those that endpoints may know, and people are told', async () => {
  const world = openUnwritten();
  const lost = async (): Promise<undefined> => {
    if (world.document !== undefined) return undefined;
    throw new DependencyError('s3:GetObject', 'bad-answer', 'it is no document');
  };
  await runIncident({ ...nothingHeard, words: [brokerDown(2)] }, () => usualRules, {
    ...world.ports(),
    fetchDocument: lost,
    applyDocument: async (document) => {
      world.document ??= document;
      return { etag: '1' };
    },
  }).catch(() => undefined);
  const [incident] = world.document?.incidents ?? [];
  expect(Number(incident?.id)).toBe(Math.floor(nightMs / minuteMs));
  expect(world.problems[0]).toContain('set aside');
});

test('where nothing was ever written, a stack may have been deleted whose pages are open: numbers begin far above its own', async () => {
  const world = openUnwritten();
  await world.run({ words: [brokerDown(2)] });
  const first = Math.floor(nightMs / minuteMs);
  expect(world.document).toMatchObject({ nextNumber: first + 1, incidents: [{ id: String(first) }] });
  expect(world.received[0]?.key).toBe(String(first));
});

test('times that lie ahead are put right once, in writing, and the next quiet minute writes nothing', async () => {
  const world = open();
  await world.run({ words: [brokerDown(2)] });
  const sound = world.document;
  if (sound === undefined) throw new Error('nothing was written');
  const yearMs = nightMs + 365 * 24 * 60 * minuteMs;
  const [incident] = sound.incidents;
  world.document = { ...sound, incidents: incident ? [{ ...incident, openedAtMs: yearMs, climbedToMs: yearMs }] : [] };
  const writes: IncidentDocument[] = [];
  const minute = async (): Promise<void> => {
    world.nowMs += minuteMs;
    const ports = world.ports();
    await runIncident(nothingHeard, () => usualRules, {
      ...ports,
      applyDocument: (document, condition) => {
        writes.push(document);
        return ports.applyDocument(document, condition);
      },
    });
  };
  await minute();
  expect(writes).toHaveLength(1);
  expect(world.document).toEqual({ ...sound, incidents: [{ ...incident, climbedToMs: nightMs - 1 }] });
  expect(world.problems).toEqual(['times of what incident knew lie ahead: they count as of now, and it is written so']);
  await minute();
  expect(writes).toHaveLength(1);
});
