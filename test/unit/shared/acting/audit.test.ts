import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fetchActRecord, openAudit } from '../../../../shared/acting/audit.ts';
import { openBudget } from '../../../../shared/acting/budget-store.ts';
import { asStored } from '../../../../shared/acting/case.ts';
import type { ActRecord, End } from '../../../../shared/acting/core/record.ts';
import { planActEvent } from '../../../../shared/acting/event.ts';
import { redactRecord } from '../../../../shared/text/redaction.ts';
import { openBucket } from '../../../support/acting/bucket.ts';
import { plannedAtMs } from '../../../support/acting/door.ts';
import { kafkaName } from '../../../support/names.ts';

const cause = 'orders-storage-scaling-3';
const claim = { procedure: 'storage-scaling', cause, plannedAtMs } as const;
const recordKey = `audit/orders/storage-scaling/2026/11/21/${cause}.json`;
const claimKey = `audit/orders/storage-scaling/causes/${cause}.json`;
const frame = { id: 'try-2', atMs: plannedAtMs + 2, execution: 'execution-1' };
const record: ActRecord = {
  version: 1,
  cluster: 'orders',
  procedure: 'storage-scaling',
  cause,
  mode: 'act',
  plan: {
    action: 'expand',
    reason: 'above-threshold',
    message: 'Volumes grow.',
    evidence: { toGiB: 600, covers: 'yes', isForced: false },
  },
  target: { toGiB: 600 },
  plannedAtMs,
  plannedState: { currentVersion: 'K1' },
  isDisruptive: false,
  isLocked: true,
  tries: [{ id: 'try-1', atMs: plannedAtMs, execution: 'execution-1', seenState: { currentVersion: 'K1' } }],
};
const acted: End = { ...frame, decision: 'acted', outcome: { operationArn: 'arn:op' }, requestId: 'r-1' };
const ends: readonly End[] = [
  acted,
  { ...frame, decision: 'adopted', outcome: null },
  { ...frame, decision: 'would-act' },
  { ...frame, decision: 'stopped', reason: 'api-refused', message: 'no', requestId: 'r-1' },
  { ...frame, decision: 'stopped', reason: 'state-moved', message: 'it moved' },
];
/** By hand, since records of years ago hold these words. */
const reasons = [
  'mode-off',
  'kill-switch',
  'kill-switch-unknown',
  'budget',
  'budget-unknown',
  'window',
  'state-moved',
  'state-unknown',
  'api-refused',
  'outcome-unknown',
  'audit-unknown',
] as const;
const open = () => {
  const { store, objects } = openBucket(['audit/orders/', 'budget/']);
  return { store, objects, audit: openAudit(store, 'orders'), budget: openBudget(store, 'orders') };
};

describe('a record', () => {
  test.each<[string, ActRecord]>([
    ['without an end', record],
    ['with an approval', { ...record, approval: { by: 'alice', atMs: plannedAtMs } }],
    [
      'with a try that was withdrawn',
      {
        ...record,
        tries: record.tries.map((one) => ({
          ...one,
          withdrawn: { atMs: plannedAtMs, reason: 'kill-switch', message: 'on' },
        })),
      },
    ],
    ['of mode plan without tries', { ...record, mode: 'plan', tries: [] }],
    ...ends.map((end): [string, ActRecord] => [`that ${end.decision}`, { ...record, end }]),
  ])('%s comes back as it was kept, under its day', async (_name, kept) => {
    const { audit, objects, store } = open();
    const { etag } = await audit.applyRecord(claim, kept, 'absent');
    expect([...objects.keys()]).toEqual([recordKey]);
    expect(await audit.fetchRecord(claim)).toEqual({ value: kept, etag });
    expect(await fetchActRecord(store, recordKey)).toEqual({ value: kept, etag });
  });

  test.each(reasons)('that was stopped by %s can be read, in its end and in a try', async (reason) => {
    const { audit } = open();
    const tries = record.tries.map((one) => ({ ...one, withdrawn: { atMs: plannedAtMs, reason, message: 'x' } }));
    const stopped: ActRecord = { ...record, tries, end: { ...frame, decision: 'stopped', reason, message: 'x' } };
    await audit.applyRecord(claim, stopped, 'absent');
    expect((await audit.fetchRecord(claim))?.value).toEqual(stopped);
  });

  test('is none where nothing was kept', async () => {
    expect(await open().audit.fetchRecord(claim)).toBeUndefined();
  });

  test('is written once where nothing is, and over the version that was read and no other', async () => {
    const { audit } = open();
    const { etag } = await audit.applyRecord(claim, record, 'absent');
    await expect(audit.applyRecord(claim, record, 'absent')).rejects.toMatchObject({ failure: 'conflict' });
    const ended = { ...record, end: acted };
    await expect(audit.applyRecord(claim, ended, { etag: '"other"' })).rejects.toMatchObject({ failure: 'conflict' });
    await audit.applyRecord(claim, ended, { etag });
    expect((await audit.fetchRecord(claim))?.value.end).toEqual(acted);
  });

  test.each<[string, object]>([
    ['another version', { version: 2 }],
    ['no cluster', { cluster: '' }],
    ['a procedure that does not exist', { procedure: 'storage' }],
    ['a cause that names no record', { cause: 'A/b' }],
    ['mode off', { mode: 'off' }],
    ['a plan without its reason', { plan: { ...record.plan, reason: undefined } }],
    ['evidence that is a list', { plan: { ...record.plan, evidence: { a: [] } } }],
    ['no target', { target: undefined }],
    ['a target that is a list', { target: { toGiB: [] } }],
    ['a time before 1970', { plannedAtMs: -1 }],
    ['a time that is no whole number', { plannedAtMs: 1.5 }],
    ['a word for yes', { isDisruptive: 'no' }],
    ['a number for yes', { isLocked: 1 }],
    ['an approval of nobody', { approval: { atMs: 1 } }],
    ['an approval with more in it', { approval: { by: 'alice', atMs: 1, callbackId: 'x' } }],
    ['no tries', { tries: undefined }],
    ['a try without an id', { tries: [{ ...record.tries[0], id: '' }] }],
    ['a try of nobody', { tries: [{ ...record.tries[0], execution: '' }] }],
    ['a try without the state it saw', { tries: [{ ...record.tries[0], seenState: undefined }] }],
    ['a try with more in it', { tries: [{ ...record.tries[0], called: true }] }],
    [
      'a withdrawal for no known reason',
      { tries: [{ ...record.tries[0], withdrawn: { atMs: 1, reason: 'mood', message: 'x' } }] },
    ],
    [
      'a withdrawal with more in it',
      { tries: [{ ...record.tries[0], withdrawn: { atMs: 1, reason: 'window', message: 'x', y: 1 } }] },
    ],
    ['an unknown end', { end: { ...acted, decision: 'done' } }],
    ['an act without its outcome', { end: { ...frame, decision: 'acted' } }],
    ['an act with more in it', { end: { ...acted, reason: 'x' } }],
    ['a plan that acted', { end: { ...frame, decision: 'would-act', outcome: null } }],
    ['a stop for no known reason', { end: { ...frame, decision: 'stopped', reason: 'mood', message: 'x' } }],
    ['a stop with more in it', { end: { ...frame, decision: 'stopped', reason: 'window', message: 'x', outcome: 1 } }],
    ['a word too much', { forced: true }],
  ])('with %s is damaged, and is never taken for one', async (_name, damage) => {
    const { audit, objects } = open();
    objects.set(recordKey, JSON.stringify({ ...record, ...damage }));
    await expect(audit.fetchRecord(claim)).rejects.toMatchObject({ failure: 'bad-answer' });
  });

  test('of no cluster is damaged for whoever lists records, too', async () => {
    const { store, objects } = open();
    objects.set(recordKey, JSON.stringify({ ...record, cluster: '' }));
    await expect(fetchActRecord(store, recordKey)).rejects.toMatchObject({ failure: 'bad-answer' });
  });

  test.each<[string, Partial<ActRecord>]>([
    ['cluster', { cluster: 'payments' }],
    ['procedure', { procedure: 'rolling-reboot' }],
    ['cause', { cause: 'orders-storage-scaling-4' }],
  ])('of another %s under this key is somebody’s mistake, and no answer', async (_name, other) => {
    const { audit, objects } = open();
    objects.set(recordKey, JSON.stringify({ ...record, ...other }));
    await expect(audit.fetchRecord(claim)).rejects.toMatchObject({
      failure: 'bad-answer',
      message: expect.stringContaining(`${recordKey} is about something else`),
    });
  });
});

describe('a claim', () => {
  test('comes back as it was kept, once, beside the days', async () => {
    const { audit, objects } = open();
    expect(await audit.fetchClaim('storage-scaling', cause)).toBeUndefined();
    await audit.applyClaim(claim);
    expect([...objects]).toEqual([[claimKey, JSON.stringify({ version: 1, ...claim })]]);
    expect(await audit.fetchClaim('storage-scaling', cause)).toEqual(claim);
    await expect(audit.applyClaim({ ...claim, plannedAtMs: 1 })).rejects.toMatchObject({ failure: 'conflict' });
  });

  test.each<[string, object]>([
    ['another version', { version: 2 }],
    ['another cause', { cause: 'orders-storage-scaling-4' }],
    ['another procedure', { procedure: 'rolling-reboot' }],
    ['no time', { plannedAtMs: undefined }],
    ['more in it', { by: 'alice' }],
  ])('with %s is no answer', async (_name, damage) => {
    const { audit, objects } = open();
    objects.set(claimKey, JSON.stringify({ version: 1, ...claim, ...damage }));
    await expect(audit.fetchClaim('storage-scaling', cause)).rejects.toMatchObject({ failure: 'bad-answer' });
  });
});

describe('the budget', () => {
  const place = { procedure: 'storage-scaling', cause, atMs: plannedAtMs };

  test('comes back as it was kept, under the cluster’s name, over the version that was read', async () => {
    const { budget, objects } = open();
    expect(await budget.fetch()).toBeUndefined();
    await budget.apply({ version: 1, reservations: [] }, 'absent');
    const empty = await budget.fetch();
    expect(empty?.value).toEqual({ version: 1, reservations: [] });
    await budget.apply({ version: 1, reservations: [place] }, { etag: empty?.etag ?? '' });
    expect((await budget.fetch())?.value.reservations).toEqual([place]);
    expect([...objects.keys()]).toEqual(['budget/orders.json']);
    await expect(budget.apply({ version: 1, reservations: [] }, 'absent')).rejects.toMatchObject({
      failure: 'conflict',
    });
  });

  test('takes the shortest names that there are', async () => {
    const { budget } = open();
    const shortest = { version: 1, reservations: [{ procedure: 'p', cause: 'c', atMs: 0 }] } as const;
    await budget.apply(shortest, 'absent');
    expect((await budget.fetch())?.value).toEqual(shortest);
  });

  test.each<[string, unknown]>([
    ['another version', { version: 2, reservations: [] }],
    ['no places', { version: 1 }],
    ['more in it', { version: 1, reservations: [], extra: true }],
    ['a place of no procedure', { version: 1, reservations: [{ ...place, procedure: '' }] }],
    ['a place of no cause', { version: 1, reservations: [{ ...place, cause: '' }] }],
    ['a place before 1970', { version: 1, reservations: [{ ...place, atMs: -1 }] }],
    ['a place at a broken time', { version: 1, reservations: [{ ...place, atMs: 0.5 }] }],
    ['a place with more in it', { version: 1, reservations: [{ ...place, count: 2 }] }],
  ])('with %s is damaged, and is no budget that is free', async (_name, document) => {
    const { budget, objects } = open();
    objects.set('budget/orders.json', JSON.stringify(document));
    await expect(budget.fetch()).rejects.toMatchObject({ failure: 'bad-answer' });
  });
});

test('topics, groups and people are kept by the letter, in the record and in the event of its end, and no secret beside', async () => {
  const password = ['hunter', '2'].join('');
  await fc.assert(
    fc.asyncProperty(kafkaName, kafkaName, kafkaName, async (topic, group, session) => {
      const { audit } = open();
      const by = `arn:aws:sts::111122223333:assumed-role/approver/${session.slice(0, 64)}`;
      const said = (why: string) => `topic ${topic}: cut for ${group}, partition ${topic}-0, approved by ${by}${why}`;
      // The request is brought into the form of the store before its record is; a look at AWS may quote a secret.
      const named = (why: string): ActRecord => ({
        ...record,
        target: { what: topic, forWhom: group, toMs: 5 },
        plan: { ...record.plan, message: said(''), evidence: { topic, ...record.plan.evidence } },
        approval: { by, atMs: plannedAtMs },
        end: { ...frame, decision: 'stopped', reason: 'api-refused', message: said(why) },
      });
      const kept = asStored(named(''));
      expect(kept).toEqual(named(''));
      await audit.applyRecord(claim, named(`: password=${password}`), 'absent');
      const expected = named(': password=[redacted]');
      const stored = await audit.fetchRecord(claim);
      expect(stored?.value).toEqual(expected);
      const { detail } = planActEvent(claim, expected);
      expect(redactRecord(detail)).toEqual(detail);
    }),
    { numRuns: 60 },
  );
});
