import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { cases } from '../../../../support/depth.ts';
import { scale } from '../../../../support/storage-scaling/scale.ts';
import { input, noonMs, storageOperation } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld, type StorageWorld } from '../../../../support/storage-scaling/world.ts';

test('people who could not be told of a hold are told at the next look', async () => {
  const storage = openStorageWorld();
  storage.world.operations.push(storageOperation(1));
  storage.world.failing.set('publish', new DependencyError('events:PutEvents', 'denied', 'denied'));
  const { fetchDisks } = storage.ports;
  const ports: typeof storage.ports = {
    ...storage.ports,
    fetchDisks: (atMs, forMinutes) => {
      if (atMs > noonMs + hourMs) storage.world.failing.delete('publish');
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
  storage.world.failing.set('publish', new DependencyError('events:PutEvents', 'denied', 'denied'));
  await expect(scale(storage)).rejects.toMatchObject({ message: expect.stringContaining('events:PutEvents') });
  expect(storage.world.volumeGiB).toBe(600);
});

describe('what MSK accepted', () => {
  const refusal = new DependencyError('events:PutEvents', 'denied', 'denied');
  const operationMs = 5 * hourMs;

  test('is told at once, as a notice, with sizes, operation and request, and not when it is over', async () => {
    const storage = openStorageWorld();
    Object.assign(storage.world, { operationMs });
    await scale(storage);
    const [first, second] = storage.world.told;
    expect(first).toMatchObject({
      kind: 'notice',
      severity: 'warning',
      atMs: noonMs,
      dealing: { fault: 'disk', what: 'MSK enlarges the volumes to 600 GiB', untilMs: noonMs + 24 * hourMs },
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

  test('that people cannot hear stops no watch, is counted, and told as soon as they can', async () => {
    const storage = openStorageWorld();
    Object.assign(storage.world, { operationMs });
    storage.world.failing.set('publish', refusal);
    const { fetchOperation } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchOperation: (arn) => {
        if (storage.run.nowMs() > noonMs + hourMs) storage.world.failing.delete('publish');
        return fetchOperation(arn);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded' });
    expect(storage.world.problems).toEqual([expect.stringMatching(/nobody hears it: MSK accepted/)]);
    expect(storage.world.told.map(({ findings, key }) => [findings[0]?.reason, key])).toEqual([
      ['accepted', 'orders-storage-scaling-7/accepted 1'],
      ['expanded', 'orders-storage-scaling-7/expanded 1'],
    ]);
  });

  test('and never told, fails the run at its end, beside the problems that it left', async () => {
    const storage = openStorageWorld();
    storage.world.failing.set('publish', refusal);
    await expect(scale(storage)).rejects.toMatchObject({
      message: expect.stringContaining('not told: events:PutEvents'),
    });
    expect(storage.world.volumeGiB).toBe(600);
    expect(storage.world.problems).toEqual([
      expect.stringContaining('nobody hears it: MSK accepted'),
      expect.stringContaining('nobody hears it: Volumes were raised'),
      expect.stringContaining('nobody hears it: Volumes were raised'),
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
  test('lets people hear of the call before it, and waits for the receipt that says so', async () => {
    const storage = openStorageWorld({ mustTell: true });
    storage.world.tellingMs = 50_000;
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded', attempts: 1 });
    expect(storage.world.intents).toMatchObject([
      {
        topic: 'operations',
        isIntent: true,
        headline: expect.stringMatching(/^About to ask for it, expand \(toGiB 600\): .*from 500 to 600/),
      },
    ]);
    expect(storage.world.updates).toHaveLength(1);
    const calledAtMs = storage.world.updates[0]?.atMs ?? 0;
    expect(calledAtMs).toBeGreaterThanOrEqual(noonMs + 50_000);
    expect(calledAtMs).toBeLessThanOrEqual(noonMs + 2 * minuteMs);
    expect(storage.run.operations).toContain('poll receipt of act 1.1');
    expect(storage.world.problems).toEqual([]);
  });

  test.each<[string, (storage: StorageWorld) => unknown, RegExp]>([
    [
      'incident tells nobody',
      ({ world }) => Object.assign(world, { canTellPeople: false }),
      /no receipt says within 2 min/,
    ],
    [
      'incident is too late',
      ({ world }) => Object.assign(world, { tellingMs: 3 * minuteMs }),
      /no receipt says within/,
    ],
    [
      'the receipt may not be read',
      ({ world }) => world.failing.set('fetchReceipt', new DependencyError('s3:GetObject', 'denied', 'denied: no')),
      /whether they were cannot be read: s3:GetObject: denied/,
    ],
  ])('lets nothing be called where %s, within two minutes, and says so as a fault', async (_what, arrange, why) => {
    const storage = openStorageWorld({ mustTell: true });
    arrange(storage);
    await scale(storage);
    expect(storage.world.updates).toEqual([]);
    const [first] = storage.world.told.filter(({ findings }) => findings[0]?.reason === 'not-told');
    expect(first).toMatchObject({ kind: 'fault', change: 'opened', severity: 'warning' });
    expect(first?.headline).toMatch(why);
    expect((first?.atMs ?? 0) - noonMs).toBeLessThanOrEqual(2 * minuteMs);
    expect(storage.world.problems[0]).toMatch(/^people were not told of orders-storage-scaling-7.*about-to-act/);
    // Each attempt has a word of its own.
    expect(new Set(storage.world.intents.map(({ key }) => key)).size).toBe(storage.world.intents.length);
  });

  test('asks anew once the bus takes it, and then acts', async () => {
    const storage = openStorageWorld({ mustTell: true });
    storage.world.failing.set('publish', new DependencyError('events:PutEvents', 'denied', 'denied'));
    const { fetchDisks } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchDisks: (atMs, forMinutes) => {
        if (atMs > noonMs + 2 * minuteMs) storage.world.failing.delete('publish');
        return fetchDisks(atMs, forMinutes);
      },
    };
    // That it was stopped nobody heard while it was so.
    await expect(scaleStorage(input, storage.run.durable, ports)).rejects.toThrow(/^\[expanded\] not told: /);
    expect(storage.world.updates).toHaveLength(1);
    expect(storage.world.problems[0]).toMatch(/people were not told that orders-storage-scaling-7.* is about to act/);
  });

  test('killed between any two steps, it asks under the same key and never acts without a receipt', async () => {
    for (const killed of ['act 1.1', 'act 1.1 told']) {
      const storage = openStorageWorld({ mustTell: true });
      storage.world.tellingMs = 20_000;
      const { run } = storage;
      const durable: typeof run.durable = {
        ...run.durable,
        step: (name, work) =>
          run.durable.step(name, async () => {
            if (name === killed) await work();
            return work();
          }),
      };
      expect(await scaleStorage(input, durable, storage.ports)).toMatchObject({ outcome: 'expanded' });
      expect(storage.world.operations).toHaveLength(1);
      expect(new Set(storage.world.intents.map(({ key }) => key)).size).toBe(1);
      expect(storage.world.updates[0]?.atMs).toBeGreaterThanOrEqual(noonMs + 20_000);
    }
  });
});

test('over steps that run twice and a bus that takes words now and then, nothing that MSK took is silent', async () => {
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
      const denied = new DependencyError('events:PutEvents', 'denied', 'denied');
      const { publish, applyStorage, act } = ports;
      const withEars = <Value>(ask: () => Promise<Value>) => {
        if (heard.shift() === false) seen.failing.set('publish', denied);
        else seen.failing.delete('publish');
        return ask();
      };
      const own: typeof ports = {
        ...ports,
        publish: (...word) => withEars(() => publish(...word)),
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
