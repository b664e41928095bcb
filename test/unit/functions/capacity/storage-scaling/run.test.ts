import { describe, expect, test } from 'vitest';
import { scaleStorage } from '../../../../../functions/capacity/storage-scaling/run.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { dayMs, hourMs, minuteMs } from '../../../../../shared/core/units.ts';
import { planNotice } from '../../../../../shared/telling/notice.ts';
import { noonMs, storageOperation } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld, refusedUpdate, type StorageWorld } from '../../../../support/storage-scaling/world.ts';

const input = { version: 1, cluster: 'orders', episode: 7, openedAtMs: noonMs, openedBy: 'alarm disk' } as const;
const scale = ({ run, ports }: StorageWorld) => scaleStorage(input, run.durable, ports);
const headlines = ({ world }: StorageWorld) => world.told.map(({ headline }) => headline);

describe('over the threshold', () => {
  test('volumes are raised once, watched, verified and told with the size for the user’s code', async () => {
    const storage = openStorageWorld();
    expect(await scale(storage)).toEqual({
      outcome: 'expanded',
      reason: 'above-threshold',
      looks: 1,
      attempts: 1,
      fromGiB: 500,
      toGiB: 600,
      operationArn: 'arn:operation:1',
    });
    expect(storage.world.updates).toEqual([{ currentVersion: 'V1', volumeGiB: 600, atMs: noonMs }]);
    expect(storage.causes()).toEqual(['orders-storage-scaling-7-2026-01-14t1200-1']);
    expect(storage.run.transitions.map(({ to }) => to)).toEqual(['acting', 'watching', 'expanded']);
    expect(headlines(storage)).toEqual([expect.stringContaining('from 500 to 600 GiB')]);
    expect(storage.world.told[0]?.findings[1]?.message).toMatch(
      /Terraform .*volume_size = 600; CloudFormation .*: 600/,
    );
    expect(storage.run.nowMs() - noonMs).toBeLessThan(20 * minuteMs);
  });

  test('mode plan keeps what it would do, tells it, and calls nothing', async () => {
    const storage = openStorageWorld({ mode: 'plan' });
    expect(await scale(storage)).toMatchObject({ outcome: 'would-act', fromGiB: 500, toGiB: 600 });
    expect(storage.world.updates).toEqual([]);
    expect(storage.causes()).toEqual(['orders-storage-scaling-7-2026-01-14t1200-1']);
    expect(headlines(storage)).toEqual([
      expect.stringMatching(/Would act \(mode plan\).*storage-scaling: act .*deploy, and wake storage-scaling by hand/),
    ]);
  });

  test('what it would do in mode plan is one event on the bus, and the door’s', async () => {
    const storage = openStorageWorld({ mode: 'plan' });
    await scale(storage);
    expect(storage.switches.told.map(({ end }) => end?.decision)).toEqual(['would-act']);
    expect(storage.world.onBus).toEqual([]);
  });

  test('an episode whose number began anew is not answered by the record of the old one', async () => {
    const storage = openStorageWorld({ mode: 'plan' });
    await scale(storage);
    await scaleStorage({ ...input, openedAtMs: noonMs - minuteMs }, storage.run.durable, storage.ports);
    expect(new Set(storage.causes()).size).toBe(2);
  });

  test('mode off does not even look', async () => {
    const storage = openStorageWorld({ mode: 'off' });
    expect(await scale(storage)).toMatchObject({ outcome: 'off', looks: 0 });
    expect(storage.run.operations).toEqual(['transition off']);
  });

  test('a change that MSK fails is told, held for the lock, and tried again', async () => {
    const storage = openStorageWorld();
    storage.world.willFail = true;
    const { publish } = storage.ports;
    const ports = {
      ...storage.ports,
      publish: async (...told: Parameters<typeof publish>) => {
        if (told[0].findings[0]?.reason === 'operation-failed') storage.world.willFail = false;
        await publish(...told);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded', attempts: 2 });
    expect(storage.causes()).toEqual([
      'orders-storage-scaling-7-2026-01-14t1200-1',
      'orders-storage-scaling-7-2026-01-14t1200-2',
    ]);
    expect(storage.world.updates.map(({ atMs }) => Math.round((atMs - noonMs) / hourMs))).toEqual([0, 6]);
    expect(storage.world.told.map(({ severity, findings }) => [severity, findings[0]?.reason])).toEqual([
      ['critical', 'operation-failed'],
      ['warning', 'storage-locked'],
      ['notice', 'expanded'],
    ]);
  });

  test('an alarm that stays after an hour is said, and the disk, by then calm, closes the run', async () => {
    const storage = openStorageWorld();
    storage.world.isAlarmStuck = true;
    expect(await scale(storage)).toMatchObject({ outcome: 'nothing-to-do', reason: 'volume-raised' });
    expect(headlines(storage)).toEqual([
      expect.stringContaining('is still in ALARM'),
      expect.stringMatching(/^over: .*disk\/warning still fires, and wakes nobody before it was OK/),
    ]);
    expect(storage.world.updates).toHaveLength(1);
  });
});

test('a broker that fell silent before the change is not taken for roomy after it', async () => {
  const storage = openStorageWorld();
  const { fetchDisks } = storage.ports;
  const ports: typeof storage.ports = {
    ...storage.ports,
    fetchDisks: async (atMs, forMinutes) => {
      const disks = await fetchDisks(atMs, forMinutes);
      const isRaised = storage.world.volumeGiB > 500;
      const silent = ({ lastHour }: (typeof disks)[number]) =>
        lastHour.filter((one) => one.atMs < atMs - 20 * minuteMs).map((one) => ({ ...one, value: 50 }));
      return disks.map((disk) => (isRaised && disk.brokerId === 3 ? { ...disk, lastHour: silent(disk) } : disk));
    },
  };
  await scaleStorage(input, storage.run.durable, ports);
  expect(headlines(storage)[0]).toContain('nobody knows how full the disks are');
});

describe('a hold', () => {
  test('for the lock waits it out, tells once, and then acts', async () => {
    const storage = openStorageWorld();
    storage.world.operations.push(storageOperation(1));
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded', attempts: 1 });
    expect(storage.world.updates.map(({ atMs }) => (atMs - noonMs) / hourMs)).toEqual([5]);
    expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual(['storage-locked', 'expanded']);
    expect(storage.world.onBus).toHaveLength(2);
  });

  test('that MSK asks for ("storage is optimizing") is retried with growing pauses, one cause each', async () => {
    const storage = openStorageWorld();
    storage.world.lockedUntilMs = noonMs + 3 * hourMs;
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded', attempts: 4 });
    expect(storage.world.updates.map(({ atMs }) => (atMs - noonMs) / minuteMs)).toEqual([0, 30, 90, 210]);
    expect(storage.causes()).toHaveLength(4);
    expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual(['storage-optimizing', 'expanded']);
  });

  test('for a running operation ends with it', async () => {
    const storage = openStorageWorld();
    const { endedAtMs: _ended, ...underWay } = storageOperation(0, { type: 'UPDATE_BROKER_TYPE' });
    storage.world.operations.push({ ...underWay, state: 'UPDATE_IN_PROGRESS', startedAtMs: noonMs });
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded' });
    expect(storage.world.updates).toMatchObject([{ currentVersion: 'V2' }]);
  });

  test.each(['fetchCluster', 'fetchOperations', 'fetchAutoScaling', 'fetchDisks'] as const)(
    'for %s that fails lasts as long as the failure, and nothing is called',
    async (port) => {
      const storage = openStorageWorld();
      storage.world.failing.set(port, new DependencyError(port, 'denied', 'denied'));
      expect(await scale(storage)).toMatchObject({ outcome: 'unfinished', reason: 'unknown' });
      expect(storage.world.updates).toEqual([]);
      expect(storage.world.told.map(({ severity }) => severity)).toEqual(['warning', 'critical']);
      expect(storage.run.nowMs()).toBe(noonMs + 6 * dayMs);
      expect(storage.run.operations.length).toBeLessThan(1_000);
    },
  );

  test('for a source that is silent for a minute is no news', async () => {
    const storage = openStorageWorld();
    const { fetchDisks } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchDisks: (atMs, forMinutes) => {
        if (atMs < noonMs + minuteMs) throw new DependencyError('cloudwatch:GetMetricData', 'throttled', 'throttled');
        return fetchDisks(atMs, forMinutes);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded', looks: 2 });
    expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual(['expanded']);
  });

  test('that a page tells already is told to the bus alone', async () => {
    const storage = openStorageWorld();
    storage.world.operations.push(storageOperation(1));
    storage.world.usedGiB = (atMs) => 425 + ((atMs - noonMs) / hourMs) * 4;
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded' });
    expect(storage.world.told.map(({ topic, findings }) => [topic, findings[0]?.reason])).toEqual([
      ['critical', 'full-before-help'],
      ['warning', 'expanded'],
    ]);
    expect(storage.world.onBus.map(({ event }) => event.facts.reason ?? 'finding')).toContain('storage-locked');
  });

  test('for the kill switch is told once, and ends when it is off', async () => {
    const storage = openStorageWorld();
    storage.switches.killSwitch = 'on';
    const { fetchDisks } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchDisks: (atMs, forMinutes) => {
        if (atMs > noonMs + 2 * hourMs) storage.switches.killSwitch = 'off';
        return fetchDisks(atMs, forMinutes);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded' });
    expect(storage.world.updates).toHaveLength(1);
    expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual(['kill-switch', 'expanded']);
  });

  test('for the alarm that woke it, whose datapoint the run does not see yet, ends when it does', async () => {
    const storage = openStorageWorld();
    storage.world.metricDelayMs = 3 * minuteMs;
    storage.world.usedGiB = (atMs) => (atMs >= noonMs ? 401 : 399);
    expect(await scale(storage)).toMatchObject({ outcome: 'expanded', looks: 3 });
    expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual(['expanded']);
  });

  test('for the kill switch is a page once the disk fills within hours, and says what stands in the way', async () => {
    const storage = openStorageWorld();
    storage.switches.killSwitch = 'on';
    storage.world.usedGiB = (atMs) => Math.min(500, 425 + ((atMs - noonMs) / hourMs) * 5);
    expect(await scale(storage)).toMatchObject({ outcome: 'unfinished' });
    expect(storage.world.updates).toEqual([]);
    const pages = storage.world.told.filter(({ findings }) => findings[0]?.reason === 'full-before-help');
    expect(pages.length).toBeGreaterThan(1);
    expect(pages[0]).toMatchObject({ topic: 'critical', headline: expect.stringContaining('stopped (kill-switch)') });
    expect((pages[0]?.atMs ?? 0) - noonMs).toBeGreaterThan(8 * hourMs);
  });

  test('that ends by itself is told to be over, to those who heard of it', async () => {
    const storage = openStorageWorld();
    storage.world.operations.push(storageOperation(1));
    storage.world.usedGiB = (atMs) => (atMs > noonMs + hourMs ? 200 : 425);
    expect(await scale(storage)).toMatchObject({ outcome: 'nothing-to-do', reason: 'under-threshold' });
    expect(headlines(storage)).toEqual([
      expect.stringContaining('Storage was changed lately'),
      expect.stringMatching(/^over: /),
    ]);
  });

  test('a disk that is within the threshold at the first look is told to nobody but the bus', async () => {
    const storage = openStorageWorld();
    storage.world.usedGiB = () => 200;
    expect(await scale(storage)).toMatchObject({ outcome: 'nothing-to-do', looks: 1 });
    expect(storage.world.told).toEqual([]);
    expect(storage.world.onBus).toMatchObject([{ event: { detailType: 'mskeeper plan', facts: { action: 'none' } } }]);
  });
});

describe('a refusal', () => {
  test('for auto scaling stands back, tells and ends', async () => {
    const storage = openStorageWorld();
    storage.world.autoScaling = { targetCount: 1, policyNames: ['grow'] };
    expect(await scale(storage)).toMatchObject({ outcome: 'refused', reason: 'auto-scaled' });
    expect(headlines(storage)).toEqual([expect.stringMatching(/stands back.*wake storage-scaling by hand/)]);
  });

  test('at the maximum pages, with hours to full and the retention cut', async () => {
    const storage = openStorageWorld({ maxVolumeGiB: 500 });
    storage.world.usedGiB = (atMs) => (atMs > noonMs + 5 * hourMs ? 300 : 425 + ((atMs - noonMs) / hourMs) * 5);
    expect(await scale(storage)).toMatchObject({ outcome: 'nothing-to-do' });
    const [page] = storage.world.told;
    expect(page).toMatchObject({
      topic: 'critical',
      severity: 'critical',
      headline: expect.stringMatching(/full in 15 h/),
    });
    expect(
      page?.findings
        .slice(1)
        .map(({ message }) => message)
        .join(' '),
    ).toMatch(/never applied by mskeeper.*logs: retention\.ms 604800000 → 302400000/s);
  });

  test('at the maximum is told again as the time to full shrinks, and at the end that it is over', async () => {
    const storage = openStorageWorld({ maxVolumeGiB: 500 });
    storage.world.usedGiB = (atMs) => (atMs > noonMs + 14.8 * hourMs ? 200 : 425 + ((atMs - noonMs) / hourMs) * 5);
    expect(await scale(storage)).toMatchObject({ outcome: 'nothing-to-do', reason: 'under-threshold' });
    const pages = storage.world.told.filter(({ topic }) => topic === 'critical');
    const hours = pages.map(({ findings }) => Number(findings[0]?.evidence.hoursToFull));
    expect(hours).toEqual([15, expect.closeTo(6, 0), expect.closeTo(2, 0), expect.closeTo(0.5, 0)]);
    expect(storage.world.told.at(-1)?.headline).toMatch(/^over: /);
  });

  test('at the maximum waits for six days, and ends with what to do', async () => {
    const storage = openStorageWorld({ maxVolumeGiB: 500 });
    expect(await scale(storage)).toMatchObject({ outcome: 'unfinished', reason: 'at-maximum' });
    expect(storage.world.told.map(({ severity }) => severity)).toEqual(['critical', 'critical']);
    expect(storage.run.operations.length).toBeLessThan(1_000);
  });

  test('of the brokers to be looked at leaves the page without a proposal, and says so', async () => {
    const storage = openStorageWorld({ maxVolumeGiB: 500 });
    storage.world.failing.set('fetchView', new DependencyError('kafka/read', 'denied', 'denied'));
    await scale(storage);
    expect(storage.world.told[0]?.findings[1]?.message).toContain('No retention cut can be proposed');
  });

  test('of MSK for a reason of its own is told three times at most, and then a person must see why', async () => {
    const storage = openStorageWorld();
    storage.world.failing.set('applyStorage', refusedUpdate('other'));
    expect(await scale(storage)).toMatchObject({ outcome: 'unfinished', reason: 'api-refused', attempts: 3 });
    expect(storage.world.told.map(({ severity }) => severity)).toEqual(['critical', 'critical', 'critical']);
    expect(headlines(storage).map((headline) => headline.includes('gives up'))).toEqual([false, false, true]);
    expect(headlines(storage).at(-1)).toContain('wake storage-scaling by hand');
  });

  test('of MSK that names a state which nobody sees is told after the third, and tried on', async () => {
    const storage = openStorageWorld();
    storage.world.failing.set('applyStorage', refusedUpdate('not-updatable'));
    expect(await scale(storage)).toMatchObject({ outcome: 'unfinished' });
    expect(storage.world.told.map(({ severity, findings }) => [severity, findings[0]?.reason])).toContainEqual([
      'critical',
      'api-refused',
    ]);
    expect(storage.world.told.filter(({ findings }) => findings[0]?.reason === 'api-refused')).toHaveLength(1);
  });
});

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

test('an act whose answer is lost is found by its operation, and not made again', async () => {
  const storage = openStorageWorld();
  const { applyStorage } = storage.ports;
  const ports: typeof storage.ports = {
    ...storage.ports,
    applyStorage: async (version: string, volumeGiB: number) => {
      await applyStorage(version, volumeGiB);
      throw new DependencyError('kafka:UpdateBrokerStorage', 'timed-out', 'no answer');
    },
  };
  expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded', toGiB: 600 });
  expect(storage.world.updates).toHaveLength(1);
});

describe('a newer episode', () => {
  test('ends the run at its next look, whatever it waits for, without a word', async () => {
    const storage = openStorageWorld({ maxVolumeGiB: 500 });
    const { fetchDisks } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      fetchDisks: (atMs, forMinutes) => {
        if (atMs > noonMs + hourMs) Object.assign(storage.world, { episode: input.episode + 1 });
        return fetchDisks(atMs, forMinutes);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'superseded' });
    expect(storage.world.told).toHaveLength(1);
    expect(storage.run.nowMs()).toBeLessThan(noonMs + 3 * hourMs);
  });

  test('between the look and the act lets nothing happen', async () => {
    const storage = openStorageWorld();
    const { act } = storage.ports;
    const ports: typeof storage.ports = {
      ...storage.ports,
      act: (request) => {
        storage.world.episode = input.episode + 1;
        return act(request);
      },
    };
    expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'superseded' });
    expect(storage.world.updates).toEqual([]);
  });

  test('that cannot be read lets nothing happen either, and one that is this one or older is none', async () => {
    const unread = openStorageWorld();
    unread.world.failing.set('fetchEpisode', new DependencyError('s3:GetObject', 'denied', 'denied'));
    expect(await scale(unread)).toMatchObject({ outcome: 'unfinished' });
    expect(unread.world.updates).toEqual([]);
    for (const episode of [input.episode, 1]) {
      const storage = openStorageWorld();
      storage.world.episode = episode;
      expect(await scale(storage)).toMatchObject({ outcome: 'expanded' });
    }
  });
});

test('an auto scaling policy that appears between the look and the act is stood back from', async () => {
  const storage = openStorageWorld();
  const { fetchDisks } = storage.ports;
  const ports: typeof storage.ports = {
    ...storage.ports,
    fetchDisks: async (atMs, forMinutes) => {
      const disks = await fetchDisks(atMs, forMinutes);
      storage.world.autoScaling = { targetCount: 1, policyNames: ['grow'] };
      return disks;
    },
    // The look's own answer came before.
    fetchAutoScaling: async () => {
      const seen = storage.world.autoScaling;
      return seen;
    },
  };
  expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({
    outcome: 'refused',
    reason: 'auto-scaled',
  });
  expect(storage.world.updates).toEqual([]);
});

test('a plan that waited for a quarter of an hour, for an audit that could not be read, is made anew', async () => {
  const storage = openStorageWorld();
  const { act } = storage.ports;
  let asked = 0;
  const ports: typeof storage.ports = {
    ...storage.ports,
    act: async (request) => {
      asked += 1;
      if (storage.run.nowMs() < noonMs + 20 * minuteMs) {
        return { decision: 'stopped', reason: 'audit-unknown', message: 'The audit of the cause cannot be read.' };
      }
      storage.world.usedGiB = () => 200;
      return act(request);
    },
  };
  expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'nothing-to-do' });
  expect(asked).toBeGreaterThan(3);
  expect(storage.world.updates).toEqual([]);
});

test('an act of which nobody can say whether it happened is asked about for hours, then a person is paged', async () => {
  const storage = openStorageWorld();
  storage.world.failing.set('applyStorage', new DependencyError('kafka:UpdateBrokerStorage', 'timed-out', 'no answer'));
  expect(await scale(storage)).toMatchObject({ outcome: 'unfinished', reason: 'outcome-unknown' });
  const [hours = 0] = [(storage.run.nowMs() - noonMs) / hourMs];
  expect([hours > 3, hours < 24]).toEqual([true, true]);
  // Where the world is looked at anew, nothing of the plan before it can be under way any more.
  const calls = storage.world.updates.map(({ atMs }) => atMs);
  const pauses = calls.slice(1).map((atMs, index) => atMs - (calls[index] ?? 0));
  expect(pauses.filter((pauseMs) => pauseMs >= 18 * minuteMs)).toHaveLength(storage.causes().length - 1);
  expect(storage.world.told.map(({ severity }) => severity)).toEqual(['warning', 'critical']);
});

test('people who could not be told of a hold are told at the next look', async () => {
  const storage = openStorageWorld();
  storage.world.operations.push(storageOperation(1));
  storage.world.failing.set('notify', new DependencyError('sns:Publish', 'denied', 'denied'));
  const { fetchDisks } = storage.ports;
  const ports: typeof storage.ports = {
    ...storage.ports,
    fetchDisks: (atMs, forMinutes) => {
      if (atMs > noonMs + hourMs) storage.world.failing.delete('notify');
      return fetchDisks(atMs, forMinutes);
    },
  };
  expect(await scaleStorage(input, storage.run.durable, ports)).toMatchObject({ outcome: 'expanded' });
  expect(storage.world.told.map(({ findings }) => findings[0]?.reason)).toEqual(['storage-locked', 'expanded']);
  expect(storage.run.transitions.map(({ to }) => to)).toContain('not-told');
});

test('people who cannot be told do not stop the act, but fail the run at its end', async () => {
  const storage = openStorageWorld();
  storage.world.failing.set('notify', new DependencyError('sns:Publish', 'denied', 'denied'));
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

test('an episode of another cluster is refused', async () => {
  const { run, ports } = openStorageWorld();
  await expect(scaleStorage({ ...input, cluster: 'other' }, run.durable, ports)).rejects.toThrow(/serves orders/);
});
