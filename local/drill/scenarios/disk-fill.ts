import { fillTopic } from '../../traffic/fill.ts';
import { watchStorage } from '../../world/storage-happenings.ts';
import { createWideTopic } from '../../world/topics.ts';
import { diskChart } from '../chart.ts';
import { alarmsIn, deniedCalls, undelivered } from '../observations.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { bytesUntil, fullestDisk } from './disk-fill-judgement.ts';

const topic = 'disk-fill';
/** Enough to pass the scaling threshold and to stay under the critical one. */
const fillPercent = 82;
const bytesPerSecond = 5 * 1024 * 1024;
const watchMs = 100;
const alarmSeconds = 40;

/** Real messages fill the disks twice: the volumes grow once, and what comes inside the lock is held. */
export const diskFill: Scenario = {
  name: 'disk-fill',
  title: 'Messages fill the disks: the volumes are enlarged once, and the next time inside the lock is held.',
  runbookRows: ['C4', 'C5', 'C12', 'I11', 'I12'],
  needsOwnBrokers: true,
  run: async (stage) => {
    const beganMs = stage.world.clock.nowMs();
    const stopWatching = tellStorage(stage);
    try {
      await fillTwice(stage);
    } finally {
      stopWatching();
      const thresholdPercent = 80;
      stage.chart(
        diskChart(stage.world.diskSamples, beganMs, [
          { label: `enlarged over ${thresholdPercent} %`, value: thresholdPercent },
        ]),
      );
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

async function fillTwice(stage: Stage): Promise<void> {
  const { world, expectations } = stage;
  await createWideTopic(world.brokers.bootstrapServers, topic, world.brokers.brokers.length);
  await fill(stage);
  await expectations.expect(
    'the alarm on full disks fires from the bytes on the brokers',
    alarmSeconds,
    () => alarmsIn(world, 'ALARM').find((name) => name.includes('storage-scaling')),
    (name) => name,
  );
  expectations.expectNothing('no call is refused', () => deniedCalls(world));
  expectations.expectNothing('nothing is lost on its way', () => undelivered(world));
}

/** Fills all disks up to the wanted share of the volumes that there are now. */
async function fill({ world, timeline, expectations, measure, signal }: Stage): Promise<void> {
  const before = await expectations.expect(
    'the disks of all brokers are measured',
    alarmSeconds,
    () => fullestDisk(world.diskSamples),
    ({ usedPercent, volumeGiB }) => `${usedPercent.toFixed(1)} % of ${volumeGiB} GiB at most`,
  );
  if (before === undefined) throw new Error('no disk was measured: there is nothing to fill by');
  const { volumeGiB } = before;
  const bytes = bytesUntil(fillPercent, before);
  const label = `messages of ${(bytes / 1024 / 1024).toFixed(0)} MiB begin to fill volumes of ${volumeGiB} GiB`;
  timeline.record({ lane: 'faults', subject: 'faults', label, tone: 'bad' });
  const { bootstrapServers } = world.brokers;
  const filled = await fillTopic({ bootstrapServers, topic, bytes, bytesPerSecond, signal });
  timeline.record({ lane: 'faults', subject: 'faults', label: 'the messages end', tone: 'neutral' });
  measure(`filling volumes of ${volumeGiB} GiB, s`, Number(filled.tookSeconds.toFixed(1)));
  measure(`written to volumes of ${volumeGiB} GiB, MiB`, Number((filled.sentBytes / 1024 / 1024).toFixed(1)));
}
