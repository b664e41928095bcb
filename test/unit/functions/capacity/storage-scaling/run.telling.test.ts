import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { planNotice } from '../../../../../shared/telling/notice.ts';
import { cases } from '../../../../support/depth.ts';
import { scale } from '../../../../support/storage-scaling/scale.ts';
import { input, noonMs, storageOperation } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld, type StorageWorld } from '../../../../support/storage-scaling/world.ts';

test('people who could not be told of a hold are told at the next look', async () => {
  const storage = openStorageWorld();
  storage.world.operations.push(storageOperation(1));
  storage.world.failing.set('tell', new DependencyError('sns:Publish', 'denied', 'denied'));
  const { fetchDisks } = storage.ports;
  const ports: typeof storage.ports = {
    ...storage.ports,
    fetchDisks: (atMs, forMinutes) => {
      if (atMs > noonMs + hourMs) storage.world.failing.delete('tell');
      return fetchDisks(atMs, forMinutes);
    },
  };
  expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded' });
  expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual([
    'storage-locked',
    'accepted',
    'expanded',
  ]);
  expect(storage.run.transitions.map(({ to }) => to)).toContain('not-told');
});

test('people who cannot be told do not stop the act, but fail the run at its end', async () => {
  const storage = openStorageWorld();
  storage.world.failing.set('tell', new DependencyError('sns:Publish', 'denied', 'denied'));
  await expect(scale(storage)).rejects.toMatchObject({ message: expect.stringContaining('sns:Publish') });
  expect(storage.world.volumeGiB).toBe(600);
});

test.each<[string, (storage: StorageWorld) => unknown]>([
  ['an approval', ({ world }) => world],
  ['a retention cut', ({ world }) => Object.assign(world, { usedGiB: () => 490 })],
  ['a lock', ({ world }) => world.operations.push(storageOperation(1))],
  ['a refusal', ({ world }) => Object.assign(world, { autoScaling: { targetCount: 1, policyNames: ['grow'] } })],
])('what people read and type after %s reaches them as it was written', async (_name, arrange) => {
  const approval = { isRequired: true, timeoutMinutes: 30, mayInitiatorApprove: false };
  const storage = openStorageWorld({ approval, maxVolumeGiB: 530 });
  arrange(storage);
  await scale(storage);
  for (const told of storage.world.told) {
    const frame = { cluster: 'orders', procedure: 'storage-scaling', runId: 'run', runbook: 'docs', contacts: [] };
    const { message } = planNotice({ ...told, ...frame });
    expect(JSON.parse(message).email).toContain(told.headline);
    expect(JSON.parse(message).email).not.toContain('\\u{');
  }
  expect(storage.world.told.length).toBeGreaterThan(0);
});

describe('what MSK accepted', () => {
  const refusal = new DependencyError('sns:Publish', 'denied', 'denied');
  const operationMs = 5 * hourMs;

  test('is told at once, on the warning topic, with sizes, operation and request, and not when it is over', async () => {
    const storage = openStorageWorld();
    Object.assign(storage.world, { operationMs });
    await scale(storage);
    const [first, second] = storage.world.told;
    expect(first).toMatchObject({
      topic: 'warning',
      severity: 'warning',
      atMs: noonMs,
      key: 'orders-storage-scaling-7/accepted 1',
      findings: [
        {
          reason: 'accepted',
          evidence: { fromGiB: 500, toGiB: 600, operation: 'arn:operation:1', requestId: 'request-1' },
        },
      ],
    });
    expect(first?.headline).toMatch(
      /^MSK accepted: volumes grow from 500 to 600 GiB .*arn:operation:1, request request-1\./,
    );
    expect(second?.atMs).toBeGreaterThanOrEqual(noonMs + operationMs);
  });

  test('that people cannot hear stops no watch, is counted, said on the bus, and told as soon as they can', async () => {
    const storage = openStorageWorld();
    Object.assign(storage.world, { operationMs });
    storage.world.failing.set('tell', refusal);
    const { fetchOperation } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchOperation: (arn) => {
        if (storage.run.nowMs() > noonMs + hourMs) storage.world.failing.delete('tell');
        return fetchOperation(arn);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded' });
    expect(storage.world.problems).toEqual([expect.stringMatching(/not told \(sns:Publish: denied\): MSK accepted/)]);
    expect(storage.world.onBus.map(({ findings }) => findings[0]?.reason)).toEqual(['not-told', 'expanded']);
    expect(storage.world.told.map(({ findings, key }) => [findings[0]?.reason, key])).toEqual([
      ['accepted', 'orders-storage-scaling-7/accepted 1'],
      ['expanded', 'orders-storage-scaling-7/expanded 1'],
    ]);
  });

  test('and never told, fails the run at its end, beside the problems that it left', async () => {
    const storage = openStorageWorld();
    storage.world.failing.set('tell', refusal).set('publish', new DependencyError('events:PutEvents', 'denied', 'no'));
    await expect(scale(storage)).rejects.toMatchObject({ message: expect.stringContaining('not told: sns:Publish') });
    expect(storage.world.volumeGiB).toBe(600);
    expect(storage.world.problems).toEqual([
      expect.stringContaining('MSK accepted'),
      expect.stringContaining('Volumes were raised'),
      'the bus was not told: event expanded 1',
      expect.stringMatching(
        /events:PutEvents: no.*The event bus is not told|The event bus is not told.*events:PutEvents: no/,
      ),
    ]);
  });

  test('with an answer that was lost is told as what its operations show', async () => {
    const storage = openStorageWorld();
    const { applyStorage } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      applyStorage: async (version, size) => {
        await applyStorage(version, size);
        throw new DependencyError('kafka:UpdateBrokerStorage', 'timed-out', 'no answer');
      },
    };
    await scaleStorage(input, storage.run.durable, ports);
    expect(storage.world.told[0]?.headline).toMatch(
      /^MSK had accepted, .*arn:operation:1; the answer to the call was lost/,
    );
  });
});

describe('policy.mustTell', () => {
  test('lets people hear of the call before it', async () => {
    const storage = openStorageWorld({ mustTell: true });
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded' });
    expect(storage.world.intents).toMatchObject([
      {
        topic: 'warning',
        headline: expect.stringMatching(/^About to ask for it, expand \(toGiB 600\): .*from 500 to 600/),
      },
    ]);
  });

  test('lets nothing be called while nobody can be told, which the bus and the log have; then it is', async () => {
    const storage = openStorageWorld({ mustTell: true });
    storage.world.failing.set('tell', new DependencyError('sns:Publish', 'denied', 'denied'));
    const { fetchDisks } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchDisks: (atMs, forMinutes) => {
        if (atMs > noonMs + 2 * minuteMs) storage.world.failing.delete('tell');
        return fetchDisks(atMs, forMinutes);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded' });
    expect(storage.world.updates).toHaveLength(1);
    expect(storage.world.updates[0]?.atMs).toBe(noonMs + 3 * minuteMs);
    expect(storage.world.onBus.map(({ findings }) => findings[0]?.reason)).toContain('not-told');
    expect(storage.world.problems[0]).toMatch(/people were not told that orders-storage-scaling-7.* is about to act/);
  });
});

test('over steps that run twice and people who hear now and then, nothing that MSK took is silent', async () => {
  const world = fc.record({
    mustTell: fc.boolean(),
    isLost: fc.boolean(),
    repeats: fc.array(fc.boolean(), { maxLength: 30 }),
    isHeard: fc.array(fc.boolean(), { maxLength: 30 }),
  });
  await fc.assert(
    fc.asyncProperty(world, async ({ mustTell, isLost, repeats, isHeard }) => {
      const storage = openStorageWorld({ mustTell });
      const { run, ports, world: seen } = storage;
      const [again, heard] = [[...repeats], [...isHeard]];
      const denied = new DependencyError('sns:Publish', 'denied', 'denied');
      const { tell, applyStorage, act } = ports;
      const withEars = <Value>(ask: () => Promise<Value>) => {
        if (heard.shift() === false) seen.failing.set('tell', denied);
        else seen.failing.delete('tell');
        return ask();
      };
      const own: typeof ports = {
        ...ports,
        tell: (...word) => withEars(() => tell(...word)),
        act: (request) => withEars(() => act(request)),
        applyStorage: async (version, size) => {
          const accepted = await applyStorage(version, size);
          if (isLost) throw new DependencyError('kafka:UpdateBrokerStorage', 'timed-out', 'no answer');
          return accepted;
        },
      };
      const durable: typeof run.durable = {
        ...run.durable,
        // A kill between a step's work and its checkpoint.
        step: (name, work) =>
          run.durable.step(name, async () => {
            if (again.shift() === true) await work();
            return work();
          }),
      };
      const ended = await scaleStorage(input, durable, own).catch((error: unknown) => error);
      const { operations, told, intents, problems } = seen;
      for (const { startedAtMs = 0 } of operations) {
        const wasTold = told.some(({ findings, atMs }) => findings[0]?.reason === 'accepted' && atMs >= startedAtMs);
        const isRecorded = problems.some((problem) => problem.includes('MSK'));
        expect(wasTold || isRecorded).toBe(true);
        if (mustTell) expect(intents.some(({ atMs }) => atMs <= startedAtMs)).toBe(true);
      }
      // One key a word, whoever was killed in between.
      const accepted = told.filter(({ findings }) => findings[0]?.reason === 'accepted');
      expect(new Set(accepted.map(({ key }) => key)).size).toBe(Math.min(accepted.length, operations.length));
      if (ended instanceof Error) expect(ended.message).toMatch(/^\[[a-z-]+\] not told: /);
    }),
    cases(60, 3_000),
  );
});
