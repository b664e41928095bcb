import { watchStorage } from '../../../world/storage-happenings.ts';
import { createWideTopic, deleteTopic } from '../../../world/topics.ts';
import { diskChart } from '../../chart.ts';
import { momentsOf, watchMore } from '../../more-moments.ts';
import { deniedCalls, failedInvocations, undelivered } from '../../observations.ts';
import type { Scenario, Stage } from '../../scenario.ts';
import { expectEnlarged } from './enlarged.ts';
import { expectHeld } from './held.ts';
import { fullestDisk, storageUpdates } from './judgement.ts';
import { expectPlanned, openPlanner } from './planned.ts';
import { fill, fillTopicName } from './traffic.ts';
import { thresholdPercentOf } from './world.ts';

/** MSK names no time: minutes here, and the lock that it documents at least. */
const operationMs = 6 * 60_000;
const lockMs = 6 * 3_600_000;
const emptySeconds = 40;

/** Real messages fill the disks twice: the volumes grow once, and what comes inside the lock is held. */
export const diskFill: Scenario = {
  name: 'disk-fill',
  title:
    'Messages fill the disks: the volumes are enlarged once, though the run is woken and killed twice; the next time is held, as storage is locked.',
  runbookRows: ['C4', 'C5', 'C12', 'I11', 'I12'],
  needsOwnBrokers: true,
  run: async (stage) => {
    const { world, expectations, signal } = stage;
    const beganMs = world.clock.nowMs();
    world.standIn.msk.behaveOnStorage({ operationMs, lockMs });
    const watch = watchMore(stage.timeline);
    watch.add(watchStorage(world.standIn.msk, world.cluster.arn));
    const planner = await openPlanner(stage);
    watch.add(momentsOf(planner, ['acts'], 'in mode plan'));
    try {
      await createWideTopic(world.brokers.bootstrapServers, fillTopicName, world.brokers.brokers.length);
      const enlarged = await expectEnlarged(stage, fill);
      signal.throwIfAborted();
      await expectPlanned(stage, planner);
      if (enlarged !== undefined) {
        await expectHeld(stage, enlarged, fill);
        await expectEmptied(stage);
      }
      await stage.settle();
      expectations.expectNothing('no function fails but the run that was killed', () =>
        failedInvocations(world).filter((failure) => !isKill(failure)),
      );
      expectations.expectNothing('no call is refused', () => deniedCalls(world));
      expectations.expectNothing('nothing is lost on its way', () => undelivered(world));
    } finally {
      watch.stop();
      await planner.close();
      const percent = thresholdPercentOf(world);
      const limits = percent === undefined ? [] : [{ label: `asks for larger volumes: ${percent} %`, value: percent }];
      stage.chart(diskChart(world.diskSamples, beganMs, limits));
    }
  },
};

/** A run whose process was killed, and no other. */
const isKill = (failure: string): boolean => /-storage-scaling-run: .*signal: SIGKILL/.test(failure);

/**
 * What a person does while storage is locked; whatever runs in this world afterwards has room, too. That the alarm is over a
 * quarter of an hour later was seen the first time.
 */
async function expectEmptied({ world, timeline, expectations }: Stage): Promise<void> {
  const updatesBefore = storageUpdates(world.standIn.world.calls.all).length;
  await deleteTopic(world.brokers.bootstrapServers, fillTopicName);
  timeline.record({ lane: 'faults', subject: 'faults', label: 'the topic is deleted by hand', tone: 'neutral' });
  const thresholdPercent = thresholdPercentOf(world) ?? 0;
  await expectations.expect(
    'once the topic is deleted by hand, the disks have room again',
    emptySeconds,
    () => {
      const fullest = fullestDisk(world.diskSamples);
      return fullest !== undefined && fullest.usedPercent < thresholdPercent / 2 ? fullest : undefined;
    },
    ({ usedPercent, volumeGiB }) => `the fullest at ${usedPercent.toFixed(1)} % of ${volumeGiB} GiB`,
  );
  expectations.expectNothing('and nothing was called for it', () =>
    storageUpdates(world.standIn.world.calls.all)
      .slice(updatesBefore)
      .map(({ operation, outcome }) => `${operation}: ${outcome}`),
  );
}
