import { fillTopic } from '../../../traffic/fill.ts';
import type { World } from '../../../world/world.ts';
import type { Stage } from '../../scenario.ts';
import { bytesUntil, fullestDisk } from './judgement.ts';

export const fillTopicName = 'disk-fill';
/** Enough to pass the scaling threshold, with what records weigh beside their values, and to stay under the critical one. */
const fillPercent = 82;
const bytesPerSecond = 5 * 1024 * 1024;
const measuredSeconds = 20;

/** Fills all disks with real messages up to a share of the volumes that there are now. */
export const fill = (stage: Stage): Promise<void> => fillFor(stage, stage.world, fillTopicName);

/**
 * The same by the volumes of an account of one's own, into a topic of one's own.
 *
 * @param account which disks are judged full
 */
export async function fillFor(
  { world, timeline, expectations, measure, signal }: Stage,
  account: Pick<World, 'diskSamples'>,
  topic: string,
): Promise<void> {
  const before = await expectations.expect(
    'the disks of all brokers are measured',
    measuredSeconds,
    () => fullestDisk(account.diskSamples),
    ({ usedPercent, volumeGiB }) => `the fullest at ${usedPercent.toFixed(1)} % of ${volumeGiB} GiB`,
  );
  if (before === undefined) throw new Error('no disk was measured: there is nothing to fill by');
  const { volumeGiB } = before;
  const bytes = bytesUntil(fillPercent, before);
  const label = `${mebibytes(bytes).toFixed(0)} MiB of messages begin to fill volumes of ${volumeGiB} GiB`;
  timeline.record({ lane: 'faults', subject: 'faults', label, tone: 'bad' });
  const filled = await fillTopic({
    bootstrapServers: world.brokers.bootstrapServers,
    topic,
    bytes,
    bytesPerSecond,
    signal,
  });
  timeline.record({ lane: 'faults', subject: 'faults', label: 'the messages end', tone: 'neutral' });
  measure(`written to volumes of ${volumeGiB} GiB, MiB`, Number(mebibytes(filled.sentBytes).toFixed(1)));
  measure(`writing took, s (${volumeGiB} GiB)`, Number(filled.tookSeconds.toFixed(1)));
}

const mebibytes = (bytes: number): number => bytes / 1024 / 1024;
