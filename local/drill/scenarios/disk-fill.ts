import { watchStorage } from '../../world/storage-happenings.ts';
import { createWideTopic } from '../../world/topics.ts';
import { diskChart } from '../chart.ts';
import { deniedCalls, failedInvocations, undelivered } from '../observations.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { expectEnlarged } from './disk-fill-enlarged.ts';
import { expectHeld } from './disk-fill-held.ts';
import { expectPlanned, openPlanner } from './disk-fill-planned.ts';
import { fill, fillTopicName } from './disk-fill-traffic.ts';
import { thresholdPercentOf } from './disk-fill-world.ts';

const watchMs = 100;
/** MSK names no time: minutes here, and the lock that it documents at least. */
const operationMs = 6 * 60_000;
const lockMs = 6 * 3_600_000;

/** Real messages fill the disks twice: the volumes grow once, and what comes inside the lock is held. */
export const diskFill: Scenario = {
  name: 'disk-fill',
  title:
    'Messages fill the disks: the volumes are enlarged once, though its run is killed and woken twice; the next time is held, as storage is locked.',
  runbookRows: ['C4', 'C5', 'C12', 'I11', 'I12'],
  needsOwnBrokers: true,
  run: async (stage) => {
    const { world, expectations, signal } = stage;
    const beganMs = world.clock.nowMs();
    world.standIn.msk.behaveOnStorage({ operationMs, lockMs });
    const stopWatching = tellStorage(stage);
    const planner = await openPlanner(stage);
    try {
      await createWideTopic(world.brokers.bootstrapServers, fillTopicName, world.brokers.brokers.length);
      await fill(stage);
      const enlarged = await expectEnlarged(stage, beganMs);
      signal.throwIfAborted();
      await expectPlanned(stage, planner);
      if (enlarged !== undefined) {
        await fill(stage);
        await expectHeld(stage, enlarged);
      }
      await stage.settle();
      expectations.expectNothing('no function fails but the one that was killed', () =>
        failedInvocations(world).slice(enlarged === undefined ? 0 : 1),
      );
      expectations.expectNothing('no call is refused', () => deniedCalls(world));
      expectations.expectNothing('nothing is lost on its way', () => undelivered(world));
    } finally {
      stopWatching();
      await planner.close();
      const percent = thresholdPercentOf(world);
      const limits = percent === undefined ? [] : [{ label: `asks for larger volumes: ${percent} %`, value: percent }];
      stage.chart(diskChart(world.diskSamples, beganMs, limits));
    }
  },
};

/** Volumes, the cluster's state, the lock and MSK's operations as they change, until the returned function ends it. */
function tellStorage({ world, timeline }: Stage): () => void {
  const read = watchStorage(world.standIn.msk, world.cluster.arn);
  const tell = (): void => {
    for (const moment of read()) timeline.record(moment);
  };
  tell();
  const timer = setInterval(tell, watchMs);
  return () => {
    clearInterval(timer);
    tell();
  };
}
