import { describe, expect, test } from 'vitest';
import { nothingHeard } from '../../../../../functions/health/incident/core/advance.ts';
import type { PagerWord } from '../../../../../functions/health/incident/core/ladder.ts';
import { runIncident } from '../../../../../functions/health/incident/incident.ts';
import { minuteMs, secondMs } from '../../../../../shared/core/units.ts';
import { brokerDown, finding, nightMs } from '../../../../support/incident/builders.ts';
import { usualRules } from '../../../../support/incident/rules.ts';
import { openIncidentWorld } from '../../../../support/incident/world.ts';

/** Three faults at once, of which the pager and the chat hear; what is sent when, in the order of the calls. */
const threeFaults = async (passes: boolean) => {
  const world = openIncidentWorld(() => usualRules, nightMs);
  const ports = world.ports();
  const log: string[] = [];
  await runIncident({ ...nothingHeard, words: [1, 2, 3].map((id) => brokerDown(id)) }, () => usualRules, {
    ...ports,
    pause: async (ms) => {
      log.push(`pause ${ms}`);
      if (passes) world.nowMs += 15_000;
    },
    send: (message, page, thread) => {
      log.push(`${message.destination.lane} ${message.key}`);
      return ports.send(message, page, thread);
    },
  });
  return { log, outbox: world.document?.outbox ?? [] };
};

test('pagers hear all at once; a chat takes one a second, in the order in which they were made', async () => {
  const { log, outbox } = await threeFaults(false);
  expect(log.slice(0, 4).toSorted()).toEqual(['chat 1', 'on-call 1', 'on-call 2', 'on-call 3']);
  expect(log.slice(4)).toEqual(['pause 1100', 'chat 2', 'pause 1100', 'chat 3']);
  expect(outbox.filter(({ outcome }) => outcome !== 'delivered')).toEqual([]);
});

test('what its time is too short for waits for the next run', async () => {
  const { log, outbox } = await threeFaults(true);
  expect(log.filter((one) => one.startsWith('chat'))).toEqual(['chat 1', 'chat 2']);
  expect(outbox.filter(({ outcome }) => outcome === undefined)).toMatchObject([
    { key: '3', destination: { lane: 'chat' }, why: 'the run had no time left', tries: 1 },
  ]);
});

test('one try that takes longer than its run may wait holds nobody up, and may have arrived', async () => {
  const world = openIncidentWorld(() => usualRules, nightMs);
  const ports = world.ports();
  const limits: number[] = [];
  const never = new Promise<never>(() => {});
  await runIncident({ ...nothingHeard, words: [brokerDown(2)] }, () => usualRules, {
    ...ports,
    inTime: async (work, ms) => {
      limits.push(ms);
      await Promise.resolve();
      return Promise.race([
        work.then((value) => ({ value })),
        new Promise<undefined>((done) => setImmediate(() => done(undefined))),
      ]);
    },
    send: (message, page, thread) =>
      message.destination.lane === 'on-call' ? never : ports.send(message, page, thread),
  });
  const { outbox = [] } = world.document ?? {};
  expect(limits).toEqual([20 * secondMs, 20 * secondMs]);
  expect(outbox.map(({ destination, outcome }) => [destination.lane, outcome])).toEqual([
    ['on-call', undefined],
    ['chat', 'delivered'],
  ]);
  expect(outbox[0]).toMatchObject({ mayHaveArrived: true, why: 'it took longer than the run could wait' });
});

describe('an update to who calls people, where nothing is open that it could join', () => {
  const offline = finding('offline-partitions', 'cluster', {
    reason: 'no-leader',
    severity: 'emergency',
    atMs: nightMs + minuteMs,
  });
  /** A page that is out; what becomes of the news that it got worse, or got its name, some seconds later. */
  const updated = async (word: PagerWord | undefined, afterMs: number, news: 'rise' | 'word' = 'rise') => {
    const world = openIncidentWorld(() => usualRules, nightMs);
    await world.run({ words: [brokerDown(2)] });
    world.pagerWord = word;
    world.nowMs += afterMs;
    await world.run(
      news === 'rise'
        ? { words: [offline] }
        : { commands: [{ command: 'ack', incidentId: '1', by: 'alice', forMinutes: 5 }] },
    );
    return world.document?.outbox.findLast(
      ({ action, destination }) => action === 'update' && destination.lane === 'on-call',
    );
  };
  test('waits where there may be none yet: an event is taken before an incident is made of it', async () => {
    const early = await updated(undefined, 30 * secondMs);
    expect(early).toMatchObject({ tries: 1, why: 'what it is to join may not be there yet' });
    expect(early).not.toHaveProperty('outcome');
    expect(await updated(undefined, 2 * minuteMs)).toMatchObject({ outcome: 'refused' });
  });
  test('calls nobody anew where a person ended it', async () => {
    expect(await updated({ status: 'resolved', by: 'bob' }, 5 * minuteMs)).toMatchObject({ outcome: 'refused' });
  });
  test('calls where it ended by itself, since nobody answered; news that need not wake anybody do not', async () => {
    const word = { status: 'resolved', isByNobody: true } as const;
    expect(await updated(word, 5 * minuteMs)).toMatchObject({ kind: 'raised', outcome: 'delivered' });
    expect(await updated(word, 5 * minuteMs, 'word')).toMatchObject({ kind: 'update', outcome: 'refused' });
  });
});
