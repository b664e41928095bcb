import { describe, expect, test } from 'vitest';
import { expectEnlarged } from '../../../../../../local/drill/scenarios/disk-fill/enlarged.ts';
import { expectHeld } from '../../../../../../local/drill/scenarios/disk-fill/held.ts';
import { expectPlanned } from '../../../../../../local/drill/scenarios/disk-fill/planned.ts';
import type { SecondAccount } from '../../../../../../local/world/second-account.ts';
import { stageOn } from '../../../../../support/drill/stage.ts';
import { drillWorld } from '../../../../../support/drill/world.ts';

const alarmName = 'mskeeper/drill/storage-scaling/disk/critical';
const nowMs = 1_000_000;
const filled = () => Promise.resolve();

const alarm = (value: string) =>
  new Map([[alarmName, { alarm: { name: alarmName, kind: 'metric', threshold: 80 }, state: { value } }]]);
const run = (episode: number, status = 'RUNNING') => ({
  arn: `arn:run-${episode}`,
  name: `drill-storage-scaling-${episode}`,
  status,
  usage: { invocationCount: 3, operationCount: 20 },
});
const update = (outcome = 'ok') => ({
  service: 'kafka',
  operation: 'UpdateBrokerStorage',
  outcome,
  roleName: 'run',
  requestId: 'r-1',
});
const act = (decision: string | undefined, cause = 'drill-storage-scaling-1-1') => ({
  cause,
  mode: decision === 'would-act' ? 'plan' : 'act',
  plan: { action: 'expand' },
  tries: [{}],
  ...(decision === undefined ? {} : { end: { decision } }),
});
const bucketOf = (acts: readonly object[]) => ({
  versions: new Map(
    acts.map((each, index) => [
      `audit/drill/storage-scaling/2026/03/02/${index}.json`,
      [{ body: new TextEncoder().encode(JSON.stringify(each)), isDeleteMarker: false }],
    ]),
  ),
});
const mail = (message: string) => ({
  protocol: 'email',
  endpoint: 'team@example.com',
  atMs: 1_000_000,
  subject: '[WARNING] drill: storage',
  message,
});
const intake = { functionName: 'mskeeper-drill-storage-scaling', status: 'success' };

type Told = {
  readonly state?: string;
  readonly runs?: readonly object[];
  readonly calls?: readonly object[];
  readonly acts?: readonly object[];
  readonly inbox?: readonly object[];
  readonly volumeGiB?: number;
  readonly operations?: readonly object[];
  readonly lockedUntilMs?: number;
  readonly usedPercent?: number;
  readonly intakes?: readonly object[];
  readonly isKilled?: boolean;
};

/** A world as it stands when a part of the scenario looks at it. */
const worldOf = (told: Told) => {
  const calls = { all: [...(told.calls ?? [])] };
  const event = { event: { detail: { alarmName, state: { value: 'ALARM' } } }, busName: 'default' };
  const world = drillWorld({
    cloudWatch: { alarms: alarm(told.state ?? 'ALARM'), history: [], alarmPeriodScale: 1 },
    world: { calls },
    s3: { bucket: () => bucketOf(told.acts ?? []) },
    msk: {
      operations: () => told.operations ?? [],
      behaveOnStorage: () => {},
      cluster: () => ({
        volumeGiB: told.volumeGiB ?? 200,
        state: 'ACTIVE',
        storageLockedUntilMs: told.lockedUntilMs ?? nowMs + 1,
      }),
    },
    sns: { inbox: told.inbox ?? [], undelivered: [] },
    eventBridge: { events: [event], lost: [], deliver: () => Promise.resolve() },
    lambda: {
      functions: new Map([['f', { latest: { variables: { MSKEEPER_BUCKET: 'b' } } }]]),
      invocations: told.intakes ?? [intake, intake],
      idle: () => Promise.resolve(),
      durable: {
        executions: () => told.runs ?? [],
        faults: {
          // As the stand-in asks at a checkpoint of a run; never, where none is reached.
          inject: (choose: (point: object) => unknown) => {
            const point = { point: 'checkpoint', checkpointNumber: 4, executionName: 'drill-storage-scaling-1' };
            if (told.isKilled !== false) queueMicrotask(() => choose(point));
            return () => {};
          },
        },
      },
    },
  });
  const sample = { clockMs: 1, brokerId: 1, usedPercent: told.usedPercent ?? 41, volumeGiB: 200 };
  return Object.assign(world, { cluster: { arn: 'arn:cluster' }, diskSamples: [sample] });
};

describe('the second time, inside the lock', () => {
  const before = { volumeGiB: 200, runCount: 1, updateCount: 1 };
  const well: Told = {
    runs: [run(1, 'SUCCEEDED'), run(2)],
    calls: [update()],
    inbox: [],
  };
  const joined = '{"event":"manual","outcome":"joined","executionName":"drill-storage-scaling-2"}';
  const held = async (
    told: Told,
    mails: readonly string[] = ["Held. Broker 1's disk is full in 41 min."],
    answer = joined,
  ) => {
    const inbox: object[] = [];
    const { stage, unmet } = stageOn(worldOf({ ...told, inbox }));
    // People may be told before the last message is written.
    const fill = async () => void inbox.push(...mails.map(mail));
    await expectHeld(stage, before, fill, () => Promise.resolve(answer));
    return unmet();
  };

  test('is well where a run holds, tells hours to full, and calls nothing', async () => {
    expect(await held(well)).toEqual([]);
  });

  test.each([
    ['the alarm stays silent', { ...well, state: 'OK' }, ['fires again while storage is locked']],
    ['storage is not locked any more', { ...well, lockedUntilMs: nowMs - 1 }, ['fires again while storage is locked']],
    [
      'no run of its own begins',
      { ...well, runs: [run(1, 'SUCCEEDED')] },
      ['a run of its own holds', 'a person', 'still watches'],
    ],
    ['the run has ended', { ...well, runs: [run(1), run(2, 'SUCCEEDED')] }, ['still watches']],
    ['something is called', { ...well, calls: [update(), update('BadRequestException')] }, ['nothing was called']],
    ['the volumes grow again', { ...well, volumeGiB: 300 }, ['the volumes are as they were']],
  ])('fails where %s', async (_, told, sentences) => {
    const unmet = await held(told);
    expect(unmet).toHaveLength(sentences.length);
    for (const sentence of sentences) expect(unmet.join('\n')).toContain(sentence);
  });

  test.each([['"outcome":"started"'], ['"executionName":"drill-storage-scaling-3"']])(
    'fails where a person who wakes it gets another run: %s',
    async (wrong) => {
      const answer = joined.replace(new RegExp(`${wrong.split(':')[0]}:"[^"]*"`), wrong);
      expect(await held(well, undefined, answer)).toEqual(['a person who wakes it too joins the run that holds']);
    },
  );

  test('fails where people are not told how long the disk lasts', async () => {
    expect(await held(well, ['Storage is locked.'])).toEqual([
      'people are told that it is held, and how long the disk lasts',
    ]);
  });
});

describe('the account that may only plan', () => {
  const well: Told = { runs: [run(1, 'SUCCEEDED')], acts: [act('would-act')] };
  const planned = async (told: Told) => {
    const world = worldOf(told);
    const { stage, unmet } = stageOn(world);
    // A boundary of the test: an account is what it is looked at for.
    const account = { ...world, close: () => Promise.resolve() } as unknown as SecondAccount;
    await expectPlanned(stage, account);
    return unmet();
  };

  test('is well where the would-be act is kept and nothing is called', async () => {
    expect(await planned(well)).toEqual([]);
  });

  test.each([
    ['it acts', { ...well, acts: [act('acted')] }, 'what would have been done'],
    ['nothing is kept', { ...well, acts: [] }, 'what would have been done'],
    ['it calls', { ...well, calls: [update()] }, 'there nothing was called'],
    ['MSK changes something', { ...well, operations: [{ type: 'X' }] }, 'MSK ran no operation'],
    ['its run fails', { ...well, runs: [run(1, 'FAILED')] }, 'there the run ends well'],
  ])('fails where %s', async (_, told, sentence) => {
    const unmet = await planned(told);
    expect(unmet).toHaveLength(1);
    expect(unmet[0]).toContain(sentence);
  });
});

test('the first time ends where the volumes never grow, with what was missing until then', async () => {
  const { stage, unmet } = stageOn(worldOf({ usedPercent: 83, isKilled: false, intakes: [intake] }));
  expect(await expectEnlarged(stage, filled)).toBeUndefined();
  expect(unmet()).toEqual([
    'its event wakes a run, and the same event a second time starts no other',
    'the run is killed twice: before it hears that MSK took its call, and before it can note what it found',
    'people hear that MSK took the call while the volumes still grow',
    'MSK enlarges all volumes',
  ]);
});

test.each([
  ['two runs', { runs: [run(1, 'SUCCEEDED'), run(2)] }, 'starts no other'],
  ['two calls', { calls: [update(), update('BadRequestException')] }, 'was called once'],
  ['a run that failed', { runs: [run(1, 'FAILED')] }, 'it ended well'],
  ['two acts kept', { acts: [act('acted'), act('acted', 'x-2')] }, 'keeps one act'],
  ['an act without an end', { acts: [act(undefined)] }, 'keeps one act'],
  ['an act whose answer was heard after all', { acts: [act('acted')] }, 'keeps one act'],
])('the first time fails where there are %s', async (_, wrong, sentence) => {
  const unmet = await enlarged({ runs: [run(1, 'SUCCEEDED')], calls: [update()], acts: [act('adopted')], ...wrong });
  expect(unmet.join('\n')).toContain(sentence);
});

/** Volumes grow, disks get room and people are told while the scenario waits. */
async function enlarged(told: Told) {
  const world = worldOf(told);
  const sizes = [100];
  const { stage, unmet } = stageOn(
    Object.assign(world, {
      standIn: {
        ...world.standIn,
        msk: { behaveOnStorage: () => {}, cluster: () => ({ volumeGiB: sizes.pop() ?? 200, state: 'ACTIVE' }) },
      },
    }),
  );
  await expectEnlarged(stage, filled);
  return unmet();
}
