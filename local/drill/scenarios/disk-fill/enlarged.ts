import { alarmsIn } from '../../observations.ts';
import type { Stage } from '../../scenario.ts';
import { deliverAgain, killTwice } from './faults.ts';
import { acceptedUpdates, fullestDisk, storageUpdates } from './judgement.ts';
import { intakes, isScalingAlarm, keptActs, scalingRuns, thresholdPercentOf, wordsSince } from './world.ts';

const alarmSeconds = 40;
const startSeconds = 20;
const operationSeconds = 60;
const endSeconds = 60;

/** The run was killed before it heard MSK's answer, so it says what MSK's operations show. */
const isOfAcceptance = (words: string): boolean => /MSK (?:had )?accepted/.test(words);

/** Fills the disks above the threshold. */
export type Fill = (stage: Stage) => Promise<void>;

/** How it stood after the first time, for what is judged of the second. */
export type Enlarged = { readonly volumeGiB: number; readonly runCount: number; readonly updateCount: number };

/**
 * The first time: alarm, one run though its event came twice, one call though the run was killed between the call and its
 * note, larger volumes, the alarm over, people told. Undefined where the volumes never grew: the rest, and a second time, would be waited for in vain.
 */
export async function expectEnlarged(stage: Stage, fill: Fill): Promise<Enlarged | undefined> {
  const { world, expectations, measure } = stage;
  const { standIn, cluster } = world;
  const sinceMs = world.clock.nowMs();
  const firstGiB = standIn.msk.cluster(cluster.arn).volumeGiB ?? 0;
  const beganMs = world.clock.nowMs();
  const kills = killTwice(stage);
  // The alarm may fire before the last message is written.
  await fill(stage);
  const alarm = await expectations.expect(
    'the alarm fires, from the bytes on the brokers and the volumes that MSK declares',
    alarmSeconds,
    () => alarmsIn(world, 'ALARM').find(isScalingAlarm),
    (name) => `${name}, at ${fullestDisk(world.diskSamples)?.usedPercent.toFixed(1)} %`,
  );
  if (alarm === undefined) return undefined;
  await deliverAgain(stage, alarm);
  await expectations.expect(
    'its event wakes a run, and the same event a second time starts no other',
    startSeconds,
    () => (intakes(world).length >= 2 && scalingRuns(world).length === 1 ? scalingRuns(world)[0] : undefined),
    ({ name }) => `${intakes(world).length} wakings, one run: ${name}`,
  );
  await expectations.expect(
    'the run is killed twice: before it hears that MSK took its call, and before it can note what it found',
    startSeconds,
    () => (kills().length === 2 ? kills() : undefined),
    (moments) => moments.map((moment) => `SIGKILL ${moment}`).join('; '),
  );
  await expectations.expect(
    'people hear that MSK took the call while the volumes still grow',
    operationSeconds,
    () => {
      const { volumeGiB = 0 } = standIn.msk.cluster(cluster.arn);
      const words = wordsSince(world, sinceMs).find(isOfAcceptance);
      return volumeGiB === firstGiB ? words : undefined;
    },
    (words) => words.split('\n')[0] ?? '',
  );
  const grown = await expectations.expect(
    'MSK enlarges all volumes',
    operationSeconds,
    () => {
      const { volumeGiB = 0, state } = standIn.msk.cluster(cluster.arn);
      return volumeGiB > firstGiB && state === 'ACTIVE' ? volumeGiB : undefined;
    },
    (volumeGiB) => `from ${firstGiB} to ${volumeGiB} GiB a broker`,
  );
  // What follows would only be waited for.
  if (grown === undefined) return undefined;
  const ended = await expectations.expect(
    'the run is invoked again and ends well',
    endSeconds,
    () => scalingRuns(world).find(({ status }) => status !== 'RUNNING'),
    ({ name, status, usage }) =>
      `${name} ${status} after ${usage.invocationCount} invocations and ${usage.operationCount} operations`,
  );
  await expectations.expect(
    'it ended well, not only ended',
    0,
    () => (ended?.status === 'SUCCEEDED' ? ended : undefined),
    ({ status }) => status,
  );
  expectations.expectNothing('no other run was started meanwhile', () =>
    scalingRuns(world)
      .slice(1)
      .map(({ name, status }) => `${name} ${status}`),
  );
  if (ended !== undefined) measure('durable operations of the run', ended.usage.operationCount);
  await expectations.expect(
    'UpdateBrokerStorage was called once in all',
    0,
    () => {
      const calls = storageUpdates(standIn.world.calls.all);
      return calls.length === 1 && acceptedUpdates(calls).length === 1 ? calls[0] : undefined;
    },
    ({ roleName, requestId }) => `request ${requestId} by ${roleName}`,
  );
  await expectations.expect(
    'the audit keeps one act: done by the call that was not heard of, found out by the run that was invoked again',
    startSeconds,
    () => {
      const acts = keptActs(world);
      return acts.length === 1 && acts[0]?.decision === 'adopted' ? acts[0] : undefined;
    },
    ({ decision, cause, tryCount }) =>
      `${decision} for ${cause}; tried ${tryCount === 1 ? 'once' : `${tryCount} times`}`,
  );
  await expectations.expect(
    'the disks are within the threshold again, and the alarm is over',
    endSeconds,
    () => {
      const fullest = fullestDisk(world.diskSamples);
      const isWithin = (fullest?.usedPercent ?? 100) <= (thresholdPercentOf(world) ?? 0);
      return isWithin && alarmsIn(world, 'OK').includes(alarm) ? fullest : undefined;
    },
    ({ usedPercent, volumeGiB }) => `the fullest at ${usedPercent.toFixed(1)} % of ${volumeGiB} GiB`,
  );
  await expectations.expect(
    'people are told the new size, for their infrastructure code',
    endSeconds,
    () => wordsSince(world, sinceMs).find((words) => words.includes(`${grown} GiB`) && !isOfAcceptance(words)),
    (words) => words.split('\n')[0] ?? '',
  );
  measure('from the first message to larger volumes, s', Math.round(world.clock.realMsSince(beganMs) / 1000));
  return {
    volumeGiB: grown,
    runCount: scalingRuns(world).length,
    updateCount: storageUpdates(standIn.world.calls.all).length,
  };
}
