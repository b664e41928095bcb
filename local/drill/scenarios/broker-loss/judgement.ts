import { changesOnBus, type ObservedRun } from '../../observations.ts';
import { firstLineOf, heardIn } from '../../people/heard.ts';
import type { Stage } from '../../scenario.ts';
import { worstCaseParts, worstCaseSentence } from '../../worst-case.ts';

/** H2: a dead broker is named within this time of the next light check's start. */
export const namedWithinSeconds = 30;

/** The findings of a run that say that this broker doesn't answer. */
export const namesOf = ({ findings }: ObservedRun, subject: string) =>
  findings.filter((finding) => finding.check === 'broker-answers' && finding.subject === subject);

/** Named in time: from the moment at which the run began to look until its events were on the bus and it had ended. While it ran the world's clock went as the machine's. */
export async function judgeTime(
  { world, expectations, measure }: Stage,
  run: ObservedRun,
  subject: string,
): Promise<void> {
  const tookSeconds = tookSecondsOf(world, run);
  measure(`${subject} named after the check began, s`, Number(tookSeconds.toFixed(1)));
  await expectations.expect(
    `it was named within ${namedWithinSeconds} s of that check's start`,
    0,
    () => (tookSeconds <= namedWithinSeconds ? tookSeconds : undefined),
    (seconds) => `${seconds.toFixed(1)} s`,
  );
}

function tookSecondsOf({ standIn }: Stage['world'], { runId, atMs }: ObservedRun): number {
  const ended = standIn.lambda.invocations.find(({ requestId }) => requestId === runId);
  if (ended === undefined) throw new Error(`run ${runId} has not ended`);
  return (ended.atMs + (ended.initMs ?? 0) + ended.durationMs - atMs) / 1000;
}

/** Named with the same partitions that the official tool counts. */
export async function judgePartitions(
  stage: Stage,
  run: ObservedRun,
  subject: string,
  brokerId: number,
): Promise<void> {
  const counted = await countPartitionsOf(stage, brokerId);
  const told = namesOf(run, subject).map(({ evidence }) => evidence.affectedPartitionCount);
  await stage.expectations.expect(
    'the partitions affected are as many as the official tool counts',
    0,
    () => (told.includes(counted) ? counted : undefined),
    (count) => `${count} partitions with a copy on ${subject}`,
  );
}

/** `kafka-topics --describe` prints a line for each partition with its replicas. */
export async function countPartitionsOf({ world }: Stage, brokerId: number): Promise<number> {
  const answer = await world.brokers.own?.tool('kafka-topics', ['--describe']);
  if (answer?.code !== 0)
    throw new Error(`kafka-topics --describe failed: ${answer?.stderr ?? 'no brokers of its own'}`);
  const replicas = answer.stdout.matchAll(/\tReplicas: ([\d,]+)/g);
  return [...replicas].filter(([, ids = '']) => ids.split(',').includes(String(brokerId))).length;
}

/** What people heard since a moment of the world's clock, a line each; alarms tell nobody, incident does. */
export const toldSince = ({ world }: Stage, sinceMs: number): readonly string[] =>
  heardIn(world.standIn)
    .filter(({ clockMs }) => clockMs >= sinceMs)
    .map(firstLineOf);

/** What the bus was told of a broker since it was killed. */
export const newsOf = ({ world }: Stage, subject: string, sinceMs: number): string =>
  changesOnBus(world, `broker-answers|${subject}`, sinceMs).join(', ');

/** From the kill to the naming and to the alarm, at the worst. */
export function tellWorstCase({ world, measure, conclude }: Stage): void {
  const parts = worstCaseParts(world);
  measure('worst case by schedule until named, s', Math.ceil(parts.scheduleSeconds + parts.checkSeconds));
  conclude(worstCaseSentence(parts));
}
