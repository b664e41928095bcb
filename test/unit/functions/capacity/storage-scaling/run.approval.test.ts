import { describe, expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { headlines, input, scale } from '../../../../support/storage-scaling/scale.ts';
import { noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld } from '../../../../support/storage-scaling/world.ts';

describe('approval', () => {
  type Answer = { decision: 'approved' | 'refused'; by: string; atMs: number } | undefined;
  const approval = { isRequired: true, timeoutMinutes: 30, mayInitiatorApprove: false };
  const answer = (decision: 'approved' | 'refused') => (): Answer => ({
    decision,
    by: 'arn:aws:iam::111122223333:user/ada',
    atMs: noonMs,
  });

  test('is asked before the act, told with how to answer, and stands in the request', async () => {
    const storage = openStorageWorld({ approval, run: { answer: answer('approved') } });
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded' });
    expect(storage.world.approvals).toMatchObject([
      { id: 'orders-storage-scaling-7-1', request: { initiator: 'alarm disk', timeoutMs: 30 * minuteMs } },
    ]);
    expect(headlines(storage)[0]).toContain('mskeeper -- approve orders orders-storage-scaling-7-1');
    expect(JSON.stringify(storage.world.told)).not.toContain('callback-1');
  });

  test.each<[string, () => Answer]>([
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
    const { keepApproval } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      keepApproval: async (...request) => {
        storage.world.usedGiB = () => 200;
        await keepApproval(...request);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'nothing-to-do' });
    expect(storage.world.updates).toEqual([]);
  });

  test('bounds the size: a disk that asks for more by then gets what was approved', async () => {
    const storage = openStorageWorld({ approval, run: { answer: answer('approved') } });
    const { keepApproval } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      keepApproval: async (...request) => {
        storage.world.usedGiB = (atMs) => Math.min(490, 460 + ((atMs - noonMs) / hourMs) * 4);
        await keepApproval(...request);
      },
    };
    await scaleStorage(input, storage.run.durable, ports);
    expect(storage.world.updates[0]).toMatchObject({ volumeGiB: 600 });
    expect(storage.run.requests[0]?.plan.evidence).toMatchObject({ toGiB: 600 });
  });

  test('is not asked for in mode plan', async () => {
    const storage = openStorageWorld({ approval, mode: 'plan' });
    expect(await scale(storage)).toMatchObject({ outcome: 'would-act' });
    expect(storage.run.requests).toEqual([]);
  });
});
