import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { claimDocument, encodeClaim } from '../../../functions/health/cluster-health/claim-document.ts';
import { freeClaim, type LookClaim } from '../../../functions/health/cluster-health/core/claim.ts';
import type { HealthState } from '../../../functions/health/cluster-health/core/memory.ts';
import { decodeState, encodeState, stateDocument } from '../../../functions/health/cluster-health/memory-document.ts';
import { openAudit } from '../../../shared/acting/audit.ts';
import { openBudget } from '../../../shared/acting/budget-store.ts';
import type { BudgetDocument } from '../../../shared/acting/core/budget.ts';
import { auditKey, budgetKey } from '../../../shared/acting/core/keys.ts';
import type { ActRecord } from '../../../shared/acting/core/record.ts';
import { readJson, replaceUnreadable, type Store, writeJson } from '../../../shared/aws/store.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import { findingKey } from '../../../shared/core/finding.ts';
import { claimKey, stateKey } from '../../../shared/core/store-keys.ts';
import { approvalDocument, approvalKey, encodeApproval } from '../../../shared/durable/approval.ts';
import { type EpisodeDocument, episodeDocument } from '../../../shared/durable/episode.ts';
import { redactValue, verbatim } from '../../../shared/text/redaction.ts';
import { openBucket } from '../../support/acting/bucket.ts';
import { cases } from '../../support/depth.ts';
import { healthState, noonMs } from '../../support/health/builders.ts';

/** So many sound values to an odd one of a type: of the document with the most values a quarter is kept. */
const soundWeight = 20;

/** What may get into a document by a mistake of ours or of a clock, where its type says no more than number or text. */
const number = fc.oneof(
  { weight: soundWeight, arbitrary: fc.integer({ min: 0, max: noonMs }) },
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, -1, 0.5, 2 ** 53, 8.64e15, 8.64e15 + 2, 1e300),
);
const text = fc.oneof(
  { weight: soundWeight, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }) },
  fc.constantFrom('', '\ud800', 'a\udfffb', '\u0000', '__proto__', 'constructor', 'toString', '2026-11-2600'),
);
const name = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'));
const facts = fc
  .array(fc.tuple(name, fc.oneof(number, text, fc.boolean())), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));
const plan = fc.record({ action: text, reason: text, message: text, evidence: facts });

/** What a finding says, without anything that could be taken for a secret. */
const said = fc.oneof(fc.stringMatching(/^[a-z]{1,9}( [a-z]{1,9}){0,3}$/), fc.constantFrom('', '\ud800', '__proto__'));
const finding = fc.record({
  check: said,
  subject: said,
  severity: fc.constantFrom('ok', 'warning', 'critical'),
  reason: said,
  message: said,
  sources: fc.subarray(['msk', 'brokers']),
  evidence: fc
    .array(fc.tuple(said, fc.oneof(number, said, fc.boolean())), { maxLength: 2 })
    .map((entries) => Object.fromEntries(entries)),
}) as fc.Arbitrary<HealthState['untoldByKey'][string]['finding']>;
const openFinding = fc.record(
  { severity: fc.constantFrom('warning', 'critical'), reason: text, sinceMs: number, finding },
  { requiredKeys: ['severity', 'reason', 'sinceMs'] },
) as fc.Arbitrary<HealthState['openByKey'][string]>;
const untoldChange = fc.record(
  {
    kind: fc.constantFrom('opened', 'closed'),
    severity: fc.constantFrom('warning', 'critical'),
    sinceMs: number,
    atMs: number,
    finding,
    offer: fc.record({ runId: text, atMs: number }),
  },
  { requiredKeys: ['kind', 'severity', 'sinceMs', 'atMs', 'finding'] },
) as fc.Arbitrary<HealthState['untoldByKey'][string]>;
const byName = <Value>(value: fc.Arbitrary<Value>) =>
  fc.array(fc.tuple(name, value), { maxLength: 3 }).map((entries) => Object.fromEntries(entries));

const memory: fc.Arbitrary<HealthState> = fc
  .record({
    runId: text,
    atMs: number,
    openByKey: byName(openFinding),
    untoldByKey: fc
      .array(untoldChange, { maxLength: 2 })
      .map((changes) => Object.fromEntries(changes.map((change) => [findingKey(change.finding), change]))),
    judgedAtMsByCheck: byName(number),
    judgedWholeAtMsByCheck: byName(number),
    unknownStreaks: byName(fc.record({ runs: number, lastRunIds: fc.array(text, { maxLength: 2 }) })),
    offsetsByTopic: byName(
      fc.record({ atMs: number, latestByPartition: byName(fc.oneof(fc.bigInt().map(String), text)) }),
    ),
    openAlarms: byName(fc.record({ rule: text, wokenAtMs: number })),
    mayWakesWait: fc.boolean(),
  })
  .map((state) => healthState(state));

const wakeList = fc.record({
  wakes: fc.array(fc.record({ alarmName: text, changedAtMs: number, eventId: text }), { maxLength: 2 }),
  beyondCount: number,
  beyondRules: fc.array(text, { maxLength: 2 }),
});
const claim: fc.Arbitrary<LookClaim> = fc
  .record({
    holder: fc.record({ runId: text, sinceMs: number }),
    round: number,
    beganAtMs: number,
    serving: wakeList,
    waiting: wakeList,
  })
  .map((one) => ({ ...freeClaim, ...one }));

const budget: fc.Arbitrary<BudgetDocument> = fc.record({
  version: fc.constant(1 as const),
  reservations: fc.array(fc.record({ procedure: text, cause: text, atMs: number }), { maxLength: 3 }),
});

const cause = 'orders-storage-scaling-1';
const record: fc.Arbitrary<ActRecord> = fc
  .record({
    plan,
    target: facts,
    plannedState: fc.jsonValue(),
    seenState: fc.oneof(fc.jsonValue(), number),
    atMs: number,
    id: text,
  })
  .map(({ seenState, atMs, id, ...one }) => ({
    version: 1,
    cluster: 'orders',
    procedure: 'storage-scaling',
    cause,
    mode: 'act',
    plannedAtMs: noonMs,
    isDisruptive: false,
    isLocked: true,
    tries: [{ id, execution: 'e', atMs, seenState }],
    ...one,
  }));

const episode: fc.Arbitrary<EpisodeDocument> = fc.record({
  version: fc.constant(1 as const),
  episode: number,
  openedAtMs: number,
  openedBy: fc.oneof(text, fc.string({ minLength: 250, maxLength: 350 })),
});

const approval = fc.record({
  version: fc.constant(2 as const),
  id: fc.constant('a-1'),
  cluster: text,
  procedure: text,
  executionName: text,
  initiator: text,
  isInitiatorProven: fc.boolean(),
  mayInitiatorApprove: fc.boolean(),
  approvers: fc.array(text, { maxLength: 2 }),
  yesesNeeded: fc.constantFrom(1, 2),
  configuration: fc.constant('c'.repeat(64)),
  digest: fc.constant('d'.repeat(64)),
  requestedAtMs: number,
  expiresAtMs: number,
  plan,
  callbackId: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 }).filter((id) => id.trim() !== ''),
});

type Kind = {
  readonly what: string;
  readonly key: string;
  readonly withoutSecrets?: (value: unknown) => unknown;
  readonly schema: z.ZodType;
  readonly values: fc.Arbitrary<unknown>;
  /** As the ports write and read it. */
  readonly write: (store: Store, value: never) => Promise<unknown>;
  readonly read: (store: Store) => Promise<unknown>;
};

const actClaim = { procedure: 'storage-scaling', cause, plannedAtMs: noonMs } as const;
const stateOf = (slug: string) => stateKey(slug, 'orders');
const kinds: readonly Kind[] = [
  {
    what: 'the memory of cluster-health',
    key: stateOf('cluster-health'),
    schema: stateDocument,
    values: memory,
    write: (store, value: HealthState) =>
      writeJson(store, stateOf('cluster-health'), verbatim(encodeState(value)), 'absent', stateDocument),
    read: async (store) => {
      const stored = await readJson(store, stateOf('cluster-health'), stateDocument);
      return stored && decodeState(stored.value);
    },
  },
  {
    what: 'the claim of a look',
    key: claimKey('cluster-health', 'orders'),
    schema: claimDocument,
    values: claim,
    write: (store, value: LookClaim) =>
      writeJson(store, claimKey('cluster-health', 'orders'), encodeClaim(value), 'absent', claimDocument),
    read: async (store) => (await readJson(store, claimKey('cluster-health', 'orders'), claimDocument))?.value,
  },
  {
    what: 'the budget of acts',
    key: budgetKey('orders'),
    schema: undefined as never,
    values: budget,
    write: (store, value: BudgetDocument) => openBudget(store, 'orders').apply(value, 'absent'),
    read: async (store) => (await openBudget(store, 'orders').fetch())?.value,
  },
  {
    what: 'the record of an act',
    // It quotes what AWS and brokers said, so that what looks like a secret is taken out of it.
    withoutSecrets: redactValue,
    key: auditKey('orders', 'storage-scaling', noonMs, cause),
    schema: undefined as never,
    values: record,
    write: (store, value: ActRecord) => openAudit(store, 'orders').applyRecord(actClaim, value, 'absent'),
    read: async (store) => (await openAudit(store, 'orders').fetchRecord(actClaim))?.value,
  },
  {
    what: 'the newest episode',
    key: stateOf('storage-scaling'),
    schema: episodeDocument,
    values: episode,
    write: (store, value: EpisodeDocument) =>
      writeJson(store, stateOf('storage-scaling'), verbatim(value), 'absent', episodeDocument),
    read: async (store) => (await readJson(store, stateOf('storage-scaling'), episodeDocument))?.value,
  },
  {
    what: 'a request for approval',
    key: approvalKey('orders', 'a-1'),
    schema: approvalDocument,
    values: approval,
    write: (store, value: Parameters<typeof encodeApproval>[0]) =>
      writeJson(store, approvalKey('orders', 'a-1'), verbatim(encodeApproval(value)), 'absent', approvalDocument),
    read: async (store) => (await readJson(store, approvalKey('orders', 'a-1'), approvalDocument))?.value,
  },
];
const prefixes = ['state/cluster-health/', 'state/storage-scaling/', 'budget/', 'audit/orders/', 'approvals/orders/'];

const outcomeOf = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await run();
  } catch (error) {
    if (error instanceof DependencyError) return error;
    throw error;
  }
};

/** JSON knows one zero. */
const withPlainZeros = (value: unknown): unknown => {
  if (typeof value === 'number') return value + 0;
  if (Array.isArray(value)) return value.map(withPlainZeros);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withPlainZeros(item)]));
};

describe.each(kinds)('$what', ({ key, values, write, read, withoutSecrets = (value: unknown) => value }) => {
  test('is read as it was written, or is not written, and then says why', async () => {
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const { store, objects } = openBucket(prefixes);
        const written = await outcomeOf(() => write(store, value as never));
        if (written instanceof DependencyError) {
          expect(written).toMatchObject({
            failure: 'bad-answer',
            message: expect.stringMatching(/not written: \S+ .+/),
          });
          expect(objects.size).toBe(0);
          return;
        }
        kept += 1;
        expect(await read(store)).toEqual(withPlainZeros(withoutSecrets(value)));
      }),
      cases(200, 10_000),
    );
    expect(kept).toBeGreaterThan(10);
  });

  test('of any other bytes is damaged or is a document, and never an error of another kind', async () => {
    await fc.assert(
      fc.asyncProperty(
        values,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }),
        async (value, flips) => {
          const { store, objects } = openBucket(prefixes);
          const written = await outcomeOf(() => write(store, value as never));
          if (written instanceof DependencyError) return;
          const bytes = Buffer.from(objects.get(key) ?? '');
          for (const [place, byte] of flips) bytes[place % bytes.length] = byte;
          objects.set(key, bytes.toString('latin1'));
          const seen = await outcomeOf(() => read(store));
          if (seen instanceof DependencyError) expect(seen.failure).toBe('bad-answer');
        },
      ),
      cases(60, 5_000),
    );
  });
});

test('a text of megabytes is kept whole, and one that nobody could read again is not written', async () => {
  const { store } = openBucket(prefixes);
  const write = (long: string) =>
    writeJson(
      store,
      stateOf('cluster-health'),
      verbatim(encodeState(healthState({ runId: long }))),
      'absent',
      stateDocument,
    );
  await write('x'.repeat(10_000_000));
  const stored = await readJson(store, stateOf('cluster-health'), stateDocument);
  expect(stored?.value.runId).toHaveLength(10_000_000);
  await expect(write('x'.repeat(65 * 1024 * 1024))).rejects.toMatchObject({
    message: expect.stringContaining('more than 67108864'),
  });
});

describe('a document that cannot be read', () => {
  const key = stateOf('storage-scaling');
  const document: EpisodeDocument = { version: 1, episode: 8, openedAtMs: noonMs, openedBy: 'forecast' };
  const asides = (objects: ReadonlyMap<string, string>) =>
    [...objects].filter(([one]) => one.startsWith('state/storage-scaling/orders/unreadable/'));

  test('is set aside once, byte for byte, and the next run is well', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (damage) => {
        const { store, objects } = openBucket(prefixes);
        objects.set(key, damage);
        await expect(readJson(store, key, episodeDocument)).rejects.toMatchObject({ failure: 'bad-answer' });
        await replaceUnreadable(store, key, document, episodeDocument);
        expect((await readJson(store, key, episodeDocument))?.value).toEqual(document);
        expect(asides(objects).map(([, text]) => text)).toEqual([damage]);
        // Whoever comes second finds a document, and takes nothing aside.
        await expect(replaceUnreadable(store, key, document, episodeDocument)).rejects.toMatchObject({
          failure: 'conflict',
        });
        expect(asides(objects)).toHaveLength(1);
      }),
      cases(30, 2_000),
    );
  });

  test('that a killed run set aside without going on is set aside once by the next', async () => {
    const { store, objects } = openBucket(prefixes);
    objects.set(key, '{');
    await replaceUnreadable(store, key, document, episodeDocument);
    objects.set(key, '{');
    await replaceUnreadable(store, key, document, episodeDocument);
    expect(asides(objects)).toHaveLength(1);
  });

  test('is not written over while somebody else sets it aside, and may fail to', async () => {
    const { store, objects, refuseWrites } = openBucket(prefixes);
    objects.set(key, '{');
    refuseWrites((asked) => (asked.includes('/unreadable/') ? [409, 'ConditionalRequestConflict'] : undefined));
    await expect(replaceUnreadable(store, key, document, episodeDocument)).rejects.toMatchObject({
      failure: 'conflict',
    });
    expect([...objects]).toEqual([[key, '{']]);
    refuseWrites(() => undefined);
    await replaceUnreadable(store, key, document, episodeDocument);
    expect(asides(objects).map(([, text]) => text)).toEqual(['{']);
  });
});

test('a zero below nothing is a zero, and no reason to keep nothing', async () => {
  const { store } = openBucket(prefixes);
  await openAudit(store, 'orders').applyRecord(
    actClaim,
    {
      version: 1,
      cluster: 'orders',
      procedure: 'storage-scaling',
      cause,
      mode: 'act',
      plan: { action: 'expand', reason: 'r', message: 'm', evidence: { growthGiBPerHour: -0 } },
      target: { toGiB: 100 },
      plannedAtMs: noonMs,
      plannedState: { drift: [-0] },
      isDisruptive: false,
      isLocked: true,
      tries: [],
    },
    'absent',
  );
  expect((await openAudit(store, 'orders').fetchRecord(actClaim))?.value).toMatchObject({
    plan: { evidence: { growthGiBPerHour: 0 } },
    plannedState: { drift: [0] },
  });
});
