import type { Stage } from '../../scenario.ts';
import { scalingRuns } from './world.ts';

/**
 * SIGKILL at the two worst moments: MSK has taken the call and the run never hears so; and, when it has found out, before
 * the checkpoint that says so is stored.
 *
 * @returns the moments at which it was killed so far, in words
 */
export function killTwice({ world, timeline }: Stage): () => readonly string[] {
  const { lambda, msk } = world.standIn;
  const kills: string[] = [];
  const note = (moment: string): void => {
    kills.push(moment);
    timeline.record({ lane: 'faults', subject: 'faults', label: `kill -9 of the run ${moment}`, tone: 'bad' });
  };
  msk.behaveOnStorage({
    onAccepted: () => {
      msk.behaveOnStorage({ onAccepted: undefined });
      const [run] = scalingRuns(world);
      if (run !== undefined && lambda.durable.kill(run.arn)) note('before MSK’s answer reached it');
    },
  });
  const stop = lambda.durable.faults.inject(({ point, executionName, invocationNumber }) => {
    const isWanted = point === 'checkpoint' && executionName.includes('storage-scaling');
    if (!isWanted || kills.length !== 1 || invocationNumber < 2) return undefined;
    stop();
    note('before it could note what it found');
    return 'kill';
  });
  return () => kills;
}

/** EventBridge promises at least once: the same event, the same id, a second time. */
export async function deliverAgain({ world, timeline }: Stage, alarmName: string): Promise<void> {
  const { eventBridge } = world.standIn;
  const found = eventBridge.events.findLast(({ event }) => {
    // As the stand-in's CloudWatch put it there.
    const { alarmName: name, state } = event.detail as { alarmName?: string; state?: { value?: string } };
    return name === alarmName && state?.value === 'ALARM';
  });
  if (found === undefined) throw new Error(`${alarmName} went to ALARM without an event`);
  const label = 'the same alarm event is delivered again';
  timeline.record({ lane: 'faults', subject: 'faults', label, tone: 'bad' });
  await eventBridge.deliver(found.busName, found.event);
}
