import { describe, expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import type { EpisodeInput } from '../../../../../shared/durable/episode.ts';
import type { Said } from '../../../../support/durable/proof.ts';
import { changedOnceAsked, headlines, scale } from '../../../../support/storage-scaling/scale.ts';
import { input, noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { approverAda, onCall, openStorageWorld } from '../../../../support/storage-scaling/world.ts';

describe('approval', () => {
  const approval = { isRequired: true, timeoutMinutes: 30 };
  const answer = (decision: Said['decision']) => (): Said => ({ decision, by: approverAda });

  test('is asked before the act, told with how to answer, and stands in the request', async () => {
    const storage = openStorageWorld({ approval, run: { answer: answer('approved') } });
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded' });
    expect(storage.world.approvals).toMatchObject([
      { id: 'orders-storage-scaling-7-1', initiator: 'alarm disk', expiresAtMs: noonMs + 30 * minuteMs },
    ]);
    expect(headlines(storage)[0]).toContain('mskeeper -- approve orders orders-storage-scaling-7-1');
    expect(JSON.stringify(storage.world.told)).not.toContain('callback-1');
  });

  test.each<[string, () => Said | undefined]>([
    ['refused', answer('refused')],
    ['timed-out', () => undefined],
  ])('%s lets nothing happen, and says so', async (reason, said) => {
    const storage = openStorageWorld({ approval, run: { answer: said } });
    expect(await scale(storage)).toMatchObject({ outcome: 'not-approved', reason });
    expect(storage.world.updates).toEqual([]);
    const by = reason === 'refused' ? 'refused by arn:aws:iam::111122223333:user/ada' : 'nobody answered within 30 min';
    expect(storage.world.told.at(-1)).toMatchObject({
      severity: 'critical',
      headline: expect.stringMatching(new RegExp(`not enlarged to 600 GiB: ${by}.*wake storage-scaling by hand`, 's')),
    });
    expect(storage.world.told.at(-1)?.headline).not.toContain('approved by');
  });

  test('is not asked for twice for the same sizes', async () => {
    const storage = openStorageWorld({ approval, run: { answer: answer('approved') } });
    storage.world.lockedUntilMs = noonMs + hourMs;
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded' });
    expect(storage.run.requests).toHaveLength(1);
  });

  test('is followed by a look: a disk that has room by then is left alone', async () => {
    const storage = openStorageWorld({ approval, run: { answer: answer('approved') } });
    const ports = changedOnceAsked(storage, () => {
      storage.world.usedGiB = () => 200;
    });
    expect(await scale(storage, ports)).toMatchObject({ outcome: 'nothing-to-do' });
    expect(storage.world.updates).toEqual([]);
  });

  test('bounds the size: a disk that asks for more by then gets what was approved', async () => {
    const storage = openStorageWorld({ approval, run: { answer: answer('approved') } });
    const ports = changedOnceAsked(storage, () => {
      storage.world.usedGiB = (atMs) => Math.min(490, 460 + ((atMs - noonMs) / hourMs) * 4);
    });
    await scale(storage, ports);
    expect(storage.world.updates[0]).toMatchObject({ volumeGiB: 600 });
    expect(storage.run.requests[0]?.plan.evidence).toMatchObject({ toGiB: 600 });
  });

  test('is not asked for in mode plan', async () => {
    const storage = openStorageWorld({ approval, mode: 'plan' });
    expect(await scale(storage)).toMatchObject({ outcome: 'would-act' });
    expect(storage.run.requests).toEqual([]);
  });

  /** An alarm that CloudWatch does not confirm, or a name that somebody wrote. */
  const unproven = { ...input, isOpenerProven: undefined, openedBy: 'bob' } as unknown as EpisodeInput;
  const inTurn = (...answers: readonly (Said | string)[]) => {
    let count = 0;
    return () => answers[count++];
  };
  const yes = (by: string, comment?: string): Said => ({ decision: 'approved', by, ...(comment && { comment }) });

  test('of what nobody proven set going takes two different people, and people hear that one more is needed', async () => {
    const run = { answer: inTurn(yes(onCall('ada')), yes(onCall('ADA@example.com')), yes(onCall('carol'), 'agreed')) };
    const storage = openStorageWorld({ approval, run });
    expect(await scaleStorage(unproven, storage.run.durable, storage.ports)).toMatchObject({ outcome: 'expanded' });
    expect(storage.run.requests.map(({ approvers, yesesNeeded }) => [approvers, yesesNeeded])).toEqual([
      [[], 2],
      [[onCall('ada')], 2],
      [[onCall('ada')], 2],
    ]);
    const [first, second, third] = headlines(storage);
    expect(first).toContain('2 different people have to approve it');
    expect(second).toContain(`${onCall('ada')} approved it; one more person has to`);
    expect(third).toContain(`since ${onCall('ADA@example.com')} approved it before`);
    expect(storage.switches.told.at(-1)).toMatchObject({
      approval: { by: onCall('carol'), comment: 'agreed', isProven: true, earlier: [{ by: onCall('ada') }] },
    });
    expect(storage.world.updates).toHaveLength(1);
  });

  test('of sessions that a tool named is none, however many there are: one person has another name at each command', async () => {
    let count = 0;
    const me = () => onCall(`aws-sdk-js-${1_700_000_000_000 + count++}`);
    for (const opened of [unproven, { ...input, openedBy: me(), isOpenerProven: true as const }]) {
      for (const mayInitiatorApprove of [false, true]) {
        const run = { answer: () => yes(me()) };
        const storage = openStorageWorld({ approval: { ...approval, mayInitiatorApprove }, run });
        const result = await scaleStorage(opened, storage.run.durable, storage.ports);
        expect(result).toMatchObject({ outcome: 'not-approved', reason: 'unproven' });
        expect(storage.world.updates).toEqual([]);
        expect(headlines(storage)[1]).toMatch(/since \S+aws-sdk-js-\d+ is a session that a tool named/);
      }
    }
  });

  test('of the same is enough by one, whoever it is, where the policy lets the initiator', async () => {
    const run = { answer: inTurn(yes(onCall('bob'))) };
    const storage = openStorageWorld({ approval: { ...approval, mayInitiatorApprove: true }, run });
    expect(await scaleStorage(unproven, storage.run.durable, storage.ports)).toMatchObject({ outcome: 'expanded' });
  });

  test('is asked for anew after an answer that counts for nothing, with the reason, and only the right one acts', async () => {
    const stranger = 'arn:aws:iam::111122223333:user/adam';
    const run = { answer: inTurn('yes', yes(stranger), yes(approverAda)) };
    const storage = openStorageWorld({ approval, run });
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded' });
    expect(storage.run.requests.map(({ id }) => id)).toEqual(
      [1, 2, 3].map((look) => `orders-storage-scaling-7-${look}`),
    );
    expect(headlines(storage)[1]).toContain(
      'counted for nothing, since it was none of the command approve. Asked anew',
    );
    expect(headlines(storage)[2]).toContain(`since ${stranger} is none of approverPrincipals`);
    expect(storage.world.updates).toHaveLength(1);
  });

  test('is not asked for without end: five answers of nobody end the run, and nothing was done', async () => {
    const storage = openStorageWorld({ approval, run: { answer: () => 'yes' } });
    expect(await scale(storage)).toMatchObject({ outcome: 'not-approved', reason: 'unproven' });
    expect(storage.run.requests).toHaveLength(5);
    expect(storage.world.updates).toEqual([]);
    expect(storage.world.told.at(-1)).toMatchObject({
      severity: 'critical',
      headline: expect.stringContaining('5 answers counted for nothing'),
    });
  });

  test('STS that is away makes no yes: it is asked again within its time, then for another answer', async () => {
    const storage = openStorageWorld({ approval, run: { answer: () => yes(approverAda) } });
    let asked = 0;
    const proveCaller: typeof storage.ports.proveCaller = async (proof, digest) => {
      asked += 1;
      if (asked > 5) return storage.ports.proveCaller(proof, digest);
      throw new DependencyError('sts:GetCallerIdentity', 'unreachable', 'unreachable: STS gave no answer');
    };
    const result = await scaleStorage(input, storage.run.durable, { ...storage.ports, proveCaller });
    expect(result).toMatchObject({ outcome: 'expanded' });
    expect(storage.run.requests).toHaveLength(2);
    expect(headlines(storage)[1]).toContain('since STS could not be asked who gave it');
  });

  test('reaches the audit with its comment, its digest and the run’s own time; so does a no, which calls nothing', async () => {
    const run = { answer: () => yes(approverAda, 'before the weekend'), answerMs: 7 * minuteMs };
    const storage = openStorageWorld({ approval, run });
    await scale(storage);
    const decided = { by: approverAda, digest: expect.stringMatching(/^[0-9a-f]{64}$/), isProven: true };
    expect(storage.switches.told.at(-1)?.approval).toEqual({
      ...decided,
      atMs: noonMs + 7 * minuteMs,
      comment: 'before the weekend',
    });
    const refused = openStorageWorld({
      approval,
      run: { answer: () => ({ decision: 'refused', by: approverAda, comment: 'too late' }) },
    });
    expect(await scale(refused)).toMatchObject({ outcome: 'not-approved', reason: 'refused' });
    expect(refused.switches.told).toMatchObject([
      {
        tries: [],
        approval: { ...decided, comment: 'too late', isRefused: true },
        end: { decision: 'stopped', reason: 'not-approved', message: `${approverAda} refused it.` },
      },
    ]);
    expect(refused.world.updates).toEqual([]);
  });

  test('is none any more after the time that the policy gives it', async () => {
    const run = { answer: () => yes(approverAda) };
    const storage = openStorageWorld({ approval: { ...approval, validMinutes: 60 }, run });
    storage.world.lockedUntilMs = noonMs + 3 * hourMs;
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded' });
    expect(storage.run.requests.length).toBeGreaterThan(1);
    const last = storage.switches.told.at(-1);
    expect((last?.tries.at(-1)?.atMs ?? 0) - (last?.approval?.atMs ?? 0)).toBeLessThan(60 * minuteMs);
  });
});
