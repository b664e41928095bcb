import { expect, test } from 'vitest';
import { approveExpansion } from '../../../../../functions/capacity/storage-scaling/approve.ts';
import type { ExpandPlan, Look, StorageState } from '../../../../../functions/capacity/storage-scaling/core/model.ts';
import { newMemory } from '../../../../../functions/capacity/storage-scaling/memory.ts';
import { dayMs, hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import type { ApprovalOutcome } from '../../../../../shared/durable/approval.ts';
import { digestPattern } from '../../../../../shared/text/digest.ts';
import { digest } from '../../../../support/durable/request.ts';
import { expandPlan, input, noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { approverAda, openStorageWorld } from '../../../../support/storage-scaling/world.ts';

const ada = approverAda;
const plan = expandPlan({ usedPercent: 85, toGiB: 600 });

type Asked = {
  /** What an earlier yes left. */
  readonly approved?: { readonly fromGiB: number; readonly toGiB: number; readonly atMs: number };
  readonly plan?: ExpandPlan;
  readonly leftMs?: number;
  readonly timeoutMinutes?: number;
  readonly validMinutes?: number;
  readonly isRequired?: boolean;
  readonly answer?: { readonly decision: 'approved' | 'refused'; readonly by: string; readonly comment?: string };
};

/** Asks for approval at noon, with what an earlier yes left in the run's memory. */
async function ask({
  approved,
  leftMs = dayMs,
  timeoutMinutes = 30,
  validMinutes = 1440,
  isRequired = true,
  answer,
  ...more
}: Asked) {
  const storage = openStorageWorld({
    approval: { isRequired, timeoutMinutes, validMinutes },
    run: { answer: () => answer },
  });
  const yeses = approved === undefined ? [] : [{ by: ada, digest, ...approved }];
  const memory = { ...newMemory(), looks: 4, yeses };
  const asked = more.plan ?? plan;
  const state = { state: 'ACTIVE', currentVersion: 'V1', brokerCount: 3, volumeGiB: 500 } as unknown as StorageState;
  const look: Look = { atMs: noonMs, newestEpisode: null, plan: asked, state, incident: null };
  const { run, ports, world } = storage;
  const approval = await approveExpansion({ input, ports, memory, durable: run.durable }, look, asked, noonMs + leftMs);
  return { approval, memory, requests: run.requests, told: world.told, kept: world.approvals, moves: run.transitions };
}

test.each([
  ['a day less a moment old', noonMs - dayMs + 1, 0],
  ['a day old', noonMs - dayMs, 1],
  ['a week old', noonMs - 7 * dayMs, 1],
  ['a thousand days old', noonMs - 1000 * dayMs, 1],
])('a yes that is %s is asked for again so often: %d, %i', async (_name, atMs, count) => {
  const { requests, approval } = await ask({ approved: { fromGiB: 500, toGiB: 600, atMs } });
  expect(requests).toHaveLength(count);
  expect(approval.kind).toBe(count === 0 ? 'approved' : 'not-approved');
});

test.each([
  [60, 59, 0],
  [60, 60, 1],
])(
  'a yes holds for as many minutes as the policy says: of %i, after %i, asked %i times',
  async (validMinutes, agoMinutes, count) => {
    const approved = { fromGiB: 500, toGiB: 600, atMs: noonMs - agoMinutes * minuteMs };
    expect((await ask({ approved, validMinutes })).requests).toHaveLength(count);
  },
);

test('a yes for another size of the volumes is none', async () => {
  expect((await ask({ approved: { fromGiB: 400, toGiB: 600, atMs: noonMs } })).requests).toHaveLength(1);
});

test.each([
  [600, 600, 600],
  [700, 600, 600],
  [550, 550, 600],
])('a yes up to %i GiB lets %i through of 600 that are wanted', async (approvedGiB, toGiB) => {
  const { approval } = await ask({ approved: { fromGiB: 500, toGiB: approvedGiB, atMs: noonMs } });
  const bounded = {
    toGiB,
    evidence: { usedPercent: 85, wantedGiB: 600, toGiB },
    message: `Volumes grow. Only ${toGiB} GiB were approved.`,
  };
  expect(approval).toEqual({
    kind: 'approved',
    plan: toGiB === 600 ? plan : { ...plan, ...bounded },
    approval: { by: ada, atMs: noonMs, digest, isProven: true },
  });
});

test('no policy for it asks nobody', async () => {
  const { approval, requests, told } = await ask({ isRequired: false });
  expect(approval).toEqual({ kind: 'approved', plan });
  expect([requests.length, told.length]).toEqual([0, 0]);
});

test('the request is kept whole, under a name for the look, and told', async () => {
  const { approval, requests, kept, told, memory, moves } = await ask({ answer: { decision: 'approved', by: ada } });
  const { action, reason, message, evidence } = plan;
  const request = {
    id: 'orders-storage-scaling-7-4',
    cluster: 'orders',
    procedure: 'storage-scaling',
    executionName: 'orders-storage-scaling-7',
    plan: { action, reason, message, evidence },
    initiator: 'alarm disk',
    isInitiatorProven: true,
    mayInitiatorApprove: false,
    approvers: [],
    yesesNeeded: 1,
    configuration: expect.stringMatching(digestPattern),
    requestedAtMs: noonMs,
    timeoutMs: 30 * minuteMs,
  };
  expect(requests).toEqual([request]);
  const { timeoutMs, ...said } = request;
  const document = { ...said, expiresAtMs: noonMs + timeoutMs, callbackId: 'callback-1' };
  expect(kept).toEqual([{ version: 2, ...document, digest: expect.stringMatching(digestPattern) }]);
  expect(moves).toMatchObject([{ to: 'awaiting-approval', facts: { id: 'orders-storage-scaling-7-4', toGiB: 600 } }]);
  expect(told).toMatchObject([{ kind: 'notice', severity: 'critical' }]);
  expect(approval).toEqual({ kind: 'look-again' });
  expect(memory.yeses).toMatchObject([{ by: ada, atMs: noonMs, fromGiB: 500, toGiB: 600 }]);
});

test.each([
  ['the policy says', 30, dayMs, 30 * minuteMs],
  ['the run still has', 24 * 60, hourMs, hourMs],
  ['is a minute at least', 30, 0, minuteMs],
])('it is waited for as long as %s', async (_name, timeoutMinutes, leftMs, timeoutMs) => {
  expect((await ask({ timeoutMinutes, leftMs })).requests).toMatchObject([{ timeoutMs }]);
});

test.each<[string, Asked['answer'], string, string]>([
  ['a no', { decision: 'refused', by: ada }, 'refused', `refused by ${ada}`],
  ['a no with its reason', { decision: 'refused', by: ada, comment: 'too late' }, 'refused', `${ada} ("too late")`],
  ['silence', undefined, 'timed-out', 'nobody answered within 30 min'],
])('%s is told as critical, and remembered as no yes', async (_name, answer, reason, words) => {
  const { approval, told, memory } = await ask({ ...(answer !== undefined && { answer }) });
  expect(approval).toEqual({ kind: 'not-approved', reason });
  expect(memory.yeses).toEqual([]);
  expect(told.at(-1)).toMatchObject({ kind: 'notice', severity: 'critical' });
  expect(told.at(-1)?.findings).toMatchObject([{ reason: `approval-${reason}`, evidence: { toGiB: 600 } }]);
  expect(told.at(-1)?.headline).toContain(`Storage is not enlarged to 600 GiB: `);
  expect(told.at(-1)?.headline).toContain(words);
});

test('a no is told with who gave it, in the numbers too; silence names nobody', async () => {
  const { told } = await ask({ answer: { decision: 'refused', by: ada } });
  expect(told.at(-1)?.findings[0]?.evidence).toMatchObject({ usedPercent: 85, approver: ada });
  const silent = await ask({});
  expect(silent.told.at(-1)?.findings[0]?.evidence).toMatchObject(plan.evidence);
  expect(silent.told.at(-1)?.findings[0]?.evidence).not.toHaveProperty('approver');
  expect(silent.told.at(-1)?.headline).toMatch(/^Storage is not enlarged to 600 GiB: nobody answered/);
});

test.each<[ApprovalOutcome & { outcome: 'void' }, string]>([
  [{ outcome: 'void', because: 'unreadable' }, 'it was none of the command approve'],
  [{ outcome: 'void', because: 'other-request' }, 'it was given to something else than what was asked'],
  [{ outcome: 'void', because: 'unproven', detail: 'too old' }, 'nobody knows who gave it: too old'],
  [{ outcome: 'void', because: 'unreachable', detail: 'no way' }, 'STS could not be asked who gave it (no way)'],
  [{ outcome: 'void', because: 'stranger', by: ada }, `${ada} is none of approverPrincipals`],
  [{ outcome: 'void', because: 'stranger' }, 'somebody is none of approverPrincipals'],
  [{ outcome: 'void', because: 'initiator', by: ada }, `${ada} approved it, but may have set it going`],
  [{ outcome: 'void', because: 'approved-before', by: ada }, `${ada} approved it before`],
])(
  'an answer that counts for nothing ($because) is asked for anew five times, and the next request says why',
  async (outcome, words) => {
    const storage = openStorageWorld({ approval: { isRequired: true } });
    const { run, ports, world } = storage;
    const memory = { ...newMemory(), looks: 0 };
    const approval: typeof run.durable.approval = async (_name, _request, _ports, { whenAsked }) => {
      await whenAsked();
      return outcome;
    };
    const durable = { ...run.durable, approval };
    const state = { state: 'ACTIVE', currentVersion: 'V1', volumeGiB: 500, activeOperationArn: null };
    const look: Look = { atMs: noonMs, newestEpisode: null, plan, state, incident: null };
    const kinds: unknown[] = [];
    for (let asked = 1; asked <= 5; asked += 1) {
      memory.looks = asked;
      kinds.push(await approveExpansion({ input, ports, memory, durable }, look, plan, noonMs + dayMs));
    }
    const again = { kind: 'look-again' };
    expect(kinds).toEqual([again, again, again, again, { kind: 'not-approved', reason: 'unproven' }]);
    const headlines = world.told.map(({ headline }) => headline);
    expect(headlines[0]).not.toContain(words);
    for (const headline of headlines.slice(1)) expect(headline).toContain(words);
    expect(headlines.at(-1)).toContain('5 answers counted for nothing, the last one since');
    expect(world.told.at(-1)?.findings[0]).toMatchObject({ reason: 'approval-unproven' });
  },
);

test('of two yeses to different sizes the smaller one is the bound', async () => {
  const { run, ports } = openStorageWorld({ approval: { isRequired: true } });
  const said = { digest, fromGiB: 500, atMs: noonMs };
  const yeses = [
    { ...said, by: ada, toGiB: 600 },
    { ...said, by: 'arn:aws:iam::111122223333:user/bea', toGiB: 550 },
  ];
  const state = { state: 'ACTIVE', currentVersion: 'V1', volumeGiB: 500, activeOperationArn: null };
  const look: Look = { atMs: noonMs, newestEpisode: null, plan, state, incident: null };
  const memory = { ...newMemory(), looks: 1, yeses };
  const approval = await approveExpansion({ input, ports, memory, durable: run.durable }, look, plan, noonMs + dayMs);
  expect(approval).toMatchObject({ kind: 'approved', plan: { toGiB: 550 } });
});
