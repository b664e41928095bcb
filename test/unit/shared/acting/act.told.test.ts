import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyAct } from '../../../../shared/acting/act.ts';
import type { ActRecord } from '../../../../shared/acting/core/record.ts';
import type { ActDoor } from '../../../../shared/acting/door.ts';
import { intentOf, planIntentNotice } from '../../../../shared/acting/event.ts';
import { DependencyError } from '../../../../shared/core/errors.ts';
import type { Receipt } from '../../../../shared/core/receipt.ts';
import { histories, races } from '../../../support/acting/arbitrary.ts';
import { openQuietDoor, plannedAtMs, planRequest } from '../../../support/acting/door.ts';
import { type Breakage, playHistory } from '../../../support/acting/history.ts';
import { cases } from '../../../support/depth.ts';

type People = NonNullable<ActDoor['people']>;
const key = 'orders-storage-scaling-3/about-to-act';
const receipt: Receipt = { version: 1, cluster: 'orders', key, atMs: plannedAtMs + 500 };
const refused = new DependencyError('events:PutEvents', 'denied', 'denied: no');
const awaits = { cluster: 'orders', key, sinceMs: plannedAtMs };

/** People who are told as soon as they are asked, or who never are. */
const peopleWith = (more: Partial<People> = {}) => {
  const offered: ActRecord[] = [];
  const people: People = {
    fetchReceipt: async () => receipt,
    offerIntent: async (record) => void offered.push(record),
    ...more,
  };
  return { people, offered };
};

test('where a receipt says that people heard of it the act goes through, and nobody is asked to tell them', async () => {
  const { request, sent } = planRequest();
  const { people, offered } = peopleWith();
  const { door } = openQuietDoor({ people });
  expect(await applyAct(request, door)).toMatchObject({ decision: 'acted' });
  expect([sent.count, offered.length]).toEqual([1, 0]);
});

test.each<[string, People['fetchReceipt']]>([
  ['there is no receipt', async () => undefined],
  ['the receipt is of another act', async () => ({ ...receipt, key: 'orders-storage-scaling-2/about-to-act' })],
  ['the receipt is of another cluster', async () => ({ ...receipt, cluster: 'payments' })],
  ['the receipt is from before it was planned', async () => ({ ...receipt, atMs: plannedAtMs - 3 * 60_000 })],
  ['the receipt is of a time that is still to come', async () => ({ ...receipt, atMs: plannedAtMs + 600_000 })],
  ['the receipt cannot be read', () => Promise.reject(new DependencyError('s3:GetObject', 'denied', 'no'))],
])(
  'where %s people are asked to hear of the intent that is kept, and nothing is called yet',
  async (_what, fetchReceipt) => {
    const { request, sent } = planRequest();
    const { people, offered } = peopleWith({ fetchReceipt });
    const quiet = openQuietDoor({ people });
    expect(await applyAct(request, quiet.door)).toEqual({
      decision: 'stopped',
      reason: 'not-told',
      message: expect.stringMatching(/no receipt says.*policy\.mustTell.*nothing was called/),
      awaits,
    });
    expect(sent.count).toBe(0);
    expect(offered).toMatchObject([{ cause: request.cause, tries: [{ id: 'try-1' }] }]);
    expect(quiet.record.read()?.value.tries).toMatchObject([{ withdrawn: { reason: 'not-told' } }]);
    expect(quiet.record.read()?.value.end).toBeUndefined();
    expect(quiet.problems).toEqual([]);
    // Once they heard, the same request goes through.
    expect(await applyAct(request, { ...quiet.door, ...peopleWith() })).toMatchObject({ decision: 'acted' });
  },
);

test('where the bus does not take it nobody is waited for, the audit says so, and it is counted as a problem', async () => {
  const { request, sent } = planRequest();
  const { people } = peopleWith({ fetchReceipt: async () => undefined, offerIntent: () => Promise.reject(refused) });
  const quiet = openQuietDoor({ people });
  const stopped = await applyAct(request, quiet.door);
  expect(stopped).toEqual({
    decision: 'stopped',
    reason: 'not-told',
    message: expect.stringMatching(/could not be told .*events:PutEvents: denied.*nothing was called/),
  });
  expect(sent.count).toBe(0);
  expect(quiet.problems).toEqual([expect.stringContaining('people were not told that orders-storage-scaling-3')]);
});

test('the kill switch that is turned on while the receipt is read still stops the call', async () => {
  const { request, sent } = planRequest();
  let value: 'on' | 'off' = 'off';
  const { people } = peopleWith({
    fetchReceipt: async () => {
      value = 'on';
      return receipt;
    },
  });
  const { door } = openQuietDoor({ people, fetchKillSwitch: async () => ({ value }) });
  expect(await applyAct(request, door)).toMatchObject({ decision: 'stopped', reason: 'kill-switch' });
  expect(sent.count).toBe(0);
});

test('a record of before is told by nobody: its act is over', async () => {
  const { request } = planRequest();
  const quiet = openQuietDoor();
  await applyAct(request, quiet.door);
  const nothing = async () => Promise.reject(new Error('nothing is to be told'));
  const { people } = peopleWith({ fetchReceipt: nothing, offerIntent: nothing });
  expect(await applyAct(request, { ...quiet.door, people })).toMatchObject({ decision: 'acted' });
});

test('the word says what is about to be asked for, and has one key for all tries of a cause', async () => {
  const { request } = planRequest();
  const quiet = openQuietDoor();
  await applyAct(request, quiet.door);
  const record = quiet.record.read()?.value;
  if (record === undefined) throw new Error('the act is kept');
  expect(intentOf(record)).toEqual(awaits);
  expect(planIntentNotice(record)).toMatchObject({
    topic: 'operations',
    severity: 'warning',
    headline: 'About to ask for it, expand (sizeGiB 200): Expand to 200 GiB.',
    key,
    isIntent: true,
  });
});

test.each([
  ['several causes on one cluster', histories],
  ['runs of one cause', races],
])('%s, killed, late and sent twice: no call leaves a run without a receipt', async (_what, arbitrary) => {
  const untaken = fc.array(fc.boolean(), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(arbitrary, untaken, async (history, answers) => {
      const left = [...answers];
      const unheard: string[] = [];
      const receipts = new Map<string, Receipt>();
      const tellFirst: Breakage = (request, door) => ({
        request: {
          ...request,
          call: () => {
            if (!receipts.has(`${request.cause}/about-to-act`)) unheard.push(`called for ${request.cause}, unheard`);
            return request.call();
          },
        },
        door: {
          ...door,
          people: {
            fetchReceipt: async (word) => receipts.get(word),
            offerIntent: async (record) => {
              if (left.shift() === false) throw refused;
              const intent = intentOf(record);
              receipts.set(intent.key, { version: 1, cluster: intent.cluster, key: intent.key, atMs: door.nowMs() });
            },
          },
        },
      });
      const { violations } = await playHistory(history, tellFirst);
      const others = violations.filter((one) => !one.startsWith('never settled: not-told'));
      expect([...unheard, ...others]).toEqual([]);
    }),
    cases(200, 20_000),
  );
});
