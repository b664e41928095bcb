import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { asAdmin } from '../../../world/cloud.ts';
import { alarmsIn } from '../../observations.ts';
import type { Stage } from '../../scenario.ts';
import type { Enlarged, Fill } from './enlarged.ts';
import { fullestDisk, storageUpdates, tellsHoursToFull } from './judgement.ts';
import { isScalingAlarm, scalingRuns, wordsSince } from './world.ts';

const alarmSeconds = 40;
const holdSeconds = 40;

/** The second time, inside the lock: another run, which calls nothing and tells people how long the disk lasts. */
export async function expectHeld(
  stage: Stage,
  { volumeGiB, runCount, updateCount }: Enlarged,
  fill: Fill,
  wake: (stage: Stage) => Promise<string> = wakeByHand,
): Promise<void> {
  const { world, expectations, conclude } = stage;
  const { standIn, cluster } = world;
  const sinceMs = world.clock.nowMs();
  // The alarm may fire before the last message is written.
  await fill(stage);
  await expectations.expect(
    'the larger volumes fill, too, and the alarm fires again while storage is locked',
    alarmSeconds,
    () => {
      const { storageLockedUntilMs = 0 } = standIn.msk.cluster(cluster.arn);
      return storageLockedUntilMs > world.clock.nowMs() ? alarmsIn(world, 'ALARM').find(isScalingAlarm) : undefined;
    },
    (name) => `${name}, at ${fullestDisk(world.diskSamples)?.usedPercent.toFixed(1)} % of ${volumeGiB} GiB`,
  );
  const held = await expectations.expect(
    'a run of its own holds',
    holdSeconds,
    () => scalingRuns(world)[runCount],
    ({ name, status }) => `${name} is ${status}`,
  );
  const told = await expectations.expect(
    'people are told that it is held, and how long the disk lasts',
    holdSeconds,
    () => wordsSince(world, sinceMs).find(tellsHoursToFull),
    (words) => sentenceAbout(words),
  );
  await expectations.expect(
    'a person who wakes it too joins the run that holds',
    0,
    async () => {
      const answer = await wake(stage);
      return held !== undefined && answer.includes('"joined"') && answer.includes(held.name) ? held.name : undefined;
    },
    (name) => `joined ${name}`,
  );
  await stage.settle();
  expectations.expectNothing('nothing was called', () =>
    storageUpdates(standIn.world.calls.all)
      .slice(updateCount)
      .map(({ operation, outcome }) => `${operation}: ${outcome}`),
  );
  await expectations.expect(
    'the volumes are as they were, and the run still watches',
    0,
    () => {
      const isSame = standIn.msk.cluster(cluster.arn).volumeGiB === volumeGiB;
      return isSame && held?.status === 'RUNNING' ? volumeGiB : undefined;
    },
    (size) => `${size} GiB a broker; ${held?.name} is under way`,
  );
  if (told !== undefined) conclude(`Held inside the lock: ${sentenceAbout(told)}`);
}

/** As a person does it with `aws lambda invoke`. @returns the function's answer, as it came */
async function wakeByHand({ world, timeline }: Stage): Promise<string> {
  const { standIn, clusterKey } = world;
  timeline.record({
    lane: 'faults',
    subject: 'faults',
    label: 'a person wakes storage-scaling by hand',
    tone: 'neutral',
  });
  const event = { source: 'mskeeper.manual', procedure: 'storage-scaling', scope: 'light', requestedBy: 'drill' };
  const answer = await new LambdaClient(asAdmin(standIn)).send(
    new InvokeCommand({ FunctionName: `mskeeper-${clusterKey}-storage-scaling`, Payload: JSON.stringify(event) }),
  );
  return new TextDecoder().decode(answer.Payload);
}

/** The line that says how long the disk lasts. */
const sentenceAbout = (words: string): string =>
  words
    .split('\n')
    .find(tellsHoursToFull)
    ?.replace(/^[•-] /, '')
    .trim() ?? '';
