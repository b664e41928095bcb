import { expect, test } from 'vitest';
import { yesAwaited } from '../../../../../functions/capacity/storage-scaling/approve.ts';
import { newMemory, type RunMemory } from '../../../../../functions/capacity/storage-scaling/memory.ts';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import type { Mode } from '../../../../../shared/core/policy.ts';
import { hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import type { EpisodeInput } from '../../../../../shared/durable/episode.ts';
import { digest } from '../../../../support/durable/request.ts';
import { changedOnceAsked, headlines, scale } from '../../../../support/storage-scaling/scale.ts';
import { expandPlan, input, noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { approverAda, onCall, openStorageWorld } from '../../../../support/storage-scaling/world.ts';

const plan = expandPlan({ usedPercent: 85, toGiB: 600 });
const { isOpenerProven: _claimed, ...ofNobody } = input;
const untilMs = noonMs + 45 * minuteMs;

const yesOf = (by: string, more: Partial<RunMemory['yeses'][number]> = {}): RunMemory['yeses'][number] => ({
  by,
  digest,
  atMs: noonMs - hourMs,
  fromGiB: plan.fromGiB,
  toGiB: plan.toGiB,
  ...more,
});
const [ada, bob] = [yesOf(approverAda), yesOf(onCall('bob'))];

type Asked = {
  readonly isRequired?: boolean;
  readonly mode?: Mode;
  readonly input?: EpisodeInput;
  readonly yeses?: RunMemory['yeses'];
  readonly inputDoubt?: RunMemory['inputDoubt'];
};

/** At noon, where a yes holds for two hours and a person is waited for for 45 minutes. */
function awaited({ isRequired = true, mode = 'act', yeses = [], inputDoubt, input: own = input }: Asked) {
  const approval = { isRequired, timeoutMinutes: 45, validMinutes: 120, mayInitiatorApprove: false };
  const { run, ports } = openStorageWorld({ mode, approval });
  const memory = { ...newMemory(), yeses, inputDoubt };
  return yesAwaited({ input: own, ports, memory, durable: run.durable })(plan, noonMs);
}

test.each<[string, Asked, number | undefined]>([
  ['where the policy wants nobody', { isRequired: false }, undefined],
  ['in mode plan', { mode: 'plan' }, undefined],
  ['where nobody said yes', {}, untilMs],
  ['after a yes', { yeses: [ada] }, undefined],
  ['after a yes to another size', { yeses: [yesOf(approverAda, { fromGiB: 400 })] }, untilMs],
  ['after a yes that holds no more', { yeses: [yesOf(approverAda, { atMs: noonMs - 2 * hourMs })] }, untilMs],
  ['after a yes of a time that is still to come', { yeses: [yesOf(approverAda, { atMs: noonMs + hourMs })] }, untilMs],
  ['after one yes to what nobody proven opened', { yeses: [ada], input: ofNobody }, untilMs],
  ['after two yeses to it', { yeses: [ada, bob], input: ofNobody }, undefined],
  ['after one yes, where nobody vouches for the opener', { yeses: [ada], inputDoubt: { why: 'by hand' } }, untilMs],
  ['after one yes, where the document vouches for him', { yeses: [ada], inputDoubt: { why: undefined } }, undefined],
])('%s a person is waited for until then or not at all', (_what, asked, atMs) => {
  expect(awaited(asked)).toBe(atMs);
});

test('a no to a disk that has room by then is told, and is no page', async () => {
  const approval = { isRequired: true, timeoutMinutes: 30 };
  const storage = openStorageWorld({ approval, run: { answer: () => ({ decision: 'refused', by: approverAda }) } });
  const ports = changedOnceAsked(storage, () => {
    storage.world.usedGiB = () => 200;
  });
  expect(await scale(storage, ports)).toMatchObject({ outcome: 'not-approved' });
  expect(storage.world.told.at(-1)).toMatchObject({
    severity: 'warning',
    headline: expect.stringMatching(/^Storage is not enlarged to 600 GiB: refused by .*40 % full, within 80 %/),
  });
});

test('of an opener that nobody claims to be proven no document is asked, and no doubt is told', async () => {
  const approval = { isRequired: true, timeoutMinutes: 30, mayInitiatorApprove: false };
  const storage = openStorageWorld({ approval });
  await scaleStorage(ofNobody, storage.run.durable, storage.ports);
  expect(storage.run.operations.filter((name) => name.includes('own episode'))).toEqual([]);
  expect(headlines(storage)[0]).toContain('2 different people have to approve it');
  expect(headlines(storage)[0]).not.toContain('Nobody knows who set it going');
});

test('an act that no person was asked for has no approval in its record', async () => {
  const storage = openStorageWorld();
  const asked: unknown[] = [];
  const { act } = storage.ports;
  const ports: typeof storage.ports = {
    ...storage.ports,
    act: async (request) => {
      asked.push('approval' in request);
      return act(request);
    },
  };
  expect(await scale(storage, ports)).toMatchObject({ outcome: 'expanded' });
  expect(asked).toEqual([false]);
});
