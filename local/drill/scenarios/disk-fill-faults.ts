import type { Stage } from '../scenario.ts';
import { acceptedUpdates } from './disk-fill-judgement.ts';

/** SIGKILL at the worst moment: MSK has taken the call, and the checkpoint that says so is not stored yet. */
export function killBetweenCallAndNote({ world, timeline }: Stage): () => number | undefined {
  let killedAt: number | undefined;
  const { durable } = world.standIn.lambda;
  const stop = durable.faults.inject(({ point, checkpointNumber, executionName }) => {
    const isWanted = point === 'checkpoint' && executionName.includes('storage-scaling');
    if (!isWanted || acceptedUpdates(world.standIn.world.calls.all).length === 0) return undefined;
    stop();
    killedAt = checkpointNumber;
    const label = `kill -9 of ${executionName}, which has called and not noted it`;
    timeline.record({ lane: 'faults', subject: 'faults', label, tone: 'bad' });
    return 'kill';
  });
  return () => killedAt;
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
