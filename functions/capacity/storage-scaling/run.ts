import { modeOf } from '../../../shared/core/configuration.ts';
import { InvalidEventError, NotToldError } from '../../../shared/core/errors.ts';
import { dayMs } from '../../../shared/core/units.ts';
import type { Durable } from '../../../shared/durable/durable.ts';
import { type EpisodeInput, episodeInput, type Quiet } from '../../../shared/durable/episode.ts';
import { defineDurableHandler } from '../../../shared/durable/handler.ts';
import type { RunSummary } from '../../../shared/run/run-context.ts';
import { approveExpansion, yesAwaited } from './approve.ts';
import {
  announceAccepted,
  announceOtherConfiguration,
  announcePlan,
  announceTrouble,
  announceWouldAct,
  wakeByHand,
} from './core/announcements.ts';
import type { OpenFault } from './core/faults.ts';
import { backOffMs } from './core/guards.ts';
import { isRepeatedQuietly, isStillQuiet } from './core/look-again.ts';
import type { Look, StorageScalingResult } from './core/model.ts';
import { close, endFaults, tellStill } from './ends.ts';
import { applyExpansion } from './expand.ts';
import { tellHold, tellLook, tellWhatDeals } from './look-news.ts';
import { takeLook, waitLooking } from './looks.ts';
import { newMemory, type Run } from './memory.ts';
import { announce, tellAccepted, tellDealing, tellOver } from './news.ts';
import { fetchInputDoubt } from './own-episode.ts';
import type { Ports } from './ports.ts';
import { openPorts } from './ports-on-aws.ts';
import { tellSuperseded } from './supersede.ts';
import { longestWatchMs, watchExpansion } from './watch.ts';

const slug = 'storage-scaling';
/**
 * A hold that has not ended by then needs a person, and another alarm opens another episode. The whole run lasts 7 days at
 * most: what was begun before is watched for a day.
 */
const longestHoldMs = 6 * dayMs;

/**
 * One episode of storage scaling (C5), from the disk alarm to volumes that have room: looks, holds while something stands
 * against it, asks for approval where the policy wants it, goes through the door, watches, verifies and tells. Killed
 * anywhere it goes on where it was; the one call is safe by its cause and by MSK's version.
 *
 * @throws InvalidEventError for another cluster's episode
 * @throws NotToldError at its end, where something could not be told
 */
export async function scaleStorage(input: EpisodeInput, durable: Durable, ports: Ports): Promise<StorageScalingResult> {
  const { clusterKey, configuration } = ports.configuration;
  if (input.cluster !== clusterKey) {
    throw new InvalidEventError(`${slug}: this stack serves ${clusterKey}, the episode is of ${input.cluster}`);
  }
  const run: Run = { input, durable, ports, memory: newMemory() };
  if (modeOf(configuration, slug) === 'off') return finish(run, 'off', 'mode-off');
  if (input.quiet !== undefined) await keepQuiet(run, input.quiet);
  for (;;) {
    const end = await takeRound(run);
    if (end !== 'again') return end;
  }
}

/** What people heard before is not said again, unless it is nobody's word: whoever may invoke the run could silence it. */
async function keepQuiet(run: Run, quiet: Quiet): Promise<void> {
  if ((await fetchInputDoubt(run)) !== undefined) return;
  run.memory.quiet = quiet;
  for (const name of quiet.names) if (verdicts.test(name)) run.memory.announced.add(name);
}

type Round = StorageScalingResult | 'again';

async function takeRound(run: Run): Promise<Round> {
  const { memory, input } = run;
  const look = await takeLook(run, yesAwaited(run));
  if (memory.looks === 1) begin(run, look.atMs);
  // Its run began with the configuration that is deployed now, and this one's is of yesterday.
  if (look.newestEpisode !== null && look.newestEpisode > input.episode) {
    await tellSuperseded(run, look.newestEpisode);
    return finish(run, 'superseded', 'newer-episode');
  }
  if (look.isOfOtherConfiguration === true) {
    await announce(run, 'other configuration', look, announceOtherConfiguration(input));
    return finish(run, 'other-configuration', 'deployed-meanwhile');
  }
  memory.firstVolumeGiB ??= look.state?.volumeGiB ?? undefined;
  if (look.atMs >= endOf(run)) return endUnfinished(run, look);
  await tellLook(run, look);
  const { plan } = look;
  memory.calmCount = plan.reason === 'alarm-not-over' ? memory.calmCount + 1 : 0;
  switch (plan.action) {
    case 'none':
      await tellOver(run, look);
      return finish(run, 'nothing-to-do', plan.reason);
    case 'refuse':
      await announce(run, `refuse ${plan.reason}`, look, announcePlan(look));
      return finish(run, 'refused', plan.reason);
    case 'hold':
      await tellHold(run, look);
      await tellWhatDeals(run, look);
      return pause(run, look.atMs, plan.lookAgainAtMs - look.atMs, plan.reason);
    case 'expand':
      return takeStep(run, look);
    default:
      return plan satisfies never;
  }
}

async function takeStep(run: Run, look: Look): Promise<Round> {
  const { memory } = run;
  const { plan, state } = look;
  if (plan.action !== 'expand' || state === null) throw new TypeError('an expansion was planned without its cluster');
  const approval = await approveExpansion(run, look, plan, endOf(run));
  if (approval.kind === 'look-again') return 'again';
  if (approval.kind === 'not-asked') return pause(run, look.atMs, backOffMs(memory.holdCount), approval.kind);
  const { fromGiB } = plan;
  if (approval.kind === 'not-approved') {
    return finish(run, 'not-approved', approval.reason, { fromGiB, toGiB: plan.toGiB });
  }
  const sizes = { fromGiB, toGiB: approval.plan.toGiB };
  const attempt = await applyExpansion(run, { ...look, state }, approval.plan, approval.approval);
  if (attempt.kind !== 'under-way') await tellDealing(run, look, undefined, plan.message);
  switch (attempt.kind) {
    case 'would-act':
      await announce(run, 'would-act', look, announceWouldAct(look));
      return finish(run, 'would-act', plan.reason, sizes);
    case 'given-up':
      return finish(run, 'unfinished', attempt.reason, sizes);
    case 'later':
      return pause(run, attempt.atMs, attempt.pauseMs, attempt.reason);
    case 'under-way': {
      const { operationArn, toGiB } = attempt.outcome;
      const untilMs = look.hasTime === true ? attempt.atMs + longestWatchMs : undefined;
      const accepted = announceAccepted(plan.fromGiB, attempt, untilMs);
      await tellAccepted(run, accepted, attempt.atMs);
      if (untilMs === undefined) await tellDealing(run, attempt, undefined, plan.message);
      endFaults(memory, accepted.headline, isInTheWay);
      await close(run, attempt);
      const ending = await watchExpansion(run, attempt.outcome, {
        fromGiB: plan.fromGiB,
        thresholdPercent: plan.thresholdPercent,
      });
      memory.holdCount = 0;
      if (ending !== 'verified') return 'again';
      const more = { ...sizes, toGiB, ...(operationArn !== null && { operationArn }) };
      return finish(run, 'expanded', plan.reason, more);
    }
    default:
      return attempt satisfies never;
  }
}

/** What kept MSK from being asked, or from accepting. */
const isInTheWay = ({ check, subject }: OpenFault): boolean => check === slug && subject === 'cluster';

/**
 * Only a look knows the time. An opening that is still to come would put the run's end off with it, and what people heard of
 * the run before is quiet for a day, whatever the input says.
 */
function begin({ memory, input }: Run, atMs: number): void {
  memory.beganAtMs = Math.min(input.openedAtMs, atMs);
  if (memory.quiet === undefined || isStillQuiet(memory.quiet.sinceMs, atMs)) return;
  memory.quiet = undefined;
  memory.announced.clear();
}

/** When a run that still waits gives up. */
const endOf = ({ memory, input }: Run): number => (memory.beganAtMs ?? input.openedAtMs) + longestHoldMs;

/** Waits for so long, one second at least, and never beyond the run's own end. */
async function pause(run: Run, atMs: number, pauseMs: number, reason: string): Promise<Round> {
  const { durable, memory } = run;
  if (memory.holdCount === 0) await durable.transition('holding', { reason });
  memory.holdCount += 1;
  await tellStill(run, { atMs });
  const endsInMs = endOf(run) - atMs;
  await waitLooking(run, `hold ${memory.looks}`, Math.min(pauseMs, endsInMs));
  return 'again';
}

async function endUnfinished(run: Run, look: Look): Promise<StorageScalingResult> {
  const { reason, message, evidence } = look.plan;
  const told = `Storage scaling gave up after 6 days of waiting. It last said: ${message} ${wakeByHand}`;
  await announce(
    run,
    'unfinished',
    look,
    announceTrouble('critical', { reason: 'unfinished', message: told, evidence }),
  );
  return finish(run, 'unfinished', reason);
}

/** What a look says that changes nothing. What an act says is never taken for said: another run's act is another one. */
const verdicts = /^(?:notify|event) (?:refuse|over|hold)\b/;
/** As many as the next episode's document takes. */
const mostNames = 100;

/**
 * The run's end: one transition, and an error where something could not be told, so that the execution's own alarm tells.
 *
 * @throws NotToldError naming what was not told
 */
async function finish(
  run: Run,
  outcome: StorageScalingResult['outcome'],
  reason: string,
  more: Pick<StorageScalingResult, 'fromGiB' | 'toGiB' | 'operationArn'> = {},
): Promise<StorageScalingResult> {
  const { durable, memory, input } = run;
  const why = `the run of episode ${input.episode} of storage scaling ends (${reason}).`;
  await tellDealing(run, { atMs: memory.lookedAtMs ?? input.openedAtMs }, undefined, why);
  const { looks, attempts, undeliveredByName } = memory;
  const undelivered = [...undeliveredByName.values()];
  await durable.transition(outcome, { reason, looks, attempts, undelivered: undelivered.length });
  if (undelivered.length > 0) {
    throw new NotToldError(outcome, undelivered);
  }
  if (!isRepeatedQuietly(outcome)) return { outcome, reason, looks, attempts, ...more };
  const names = [...memory.announced].filter((name) => verdicts.test(name)).slice(0, mostNames);
  const quiet = { sinceMs: memory.quiet?.sinceMs ?? memory.beganAtMs ?? input.openedAtMs, names };
  return { outcome, reason, looks, attempts, ...more, ...(names.length > 0 && { quiet }) };
}

/** What the one log line of a run says. */
export const summaryOf = ({ outcome, reason, looks, attempts, fromGiB, toGiB }: StorageScalingResult): RunSummary => ({
  observation: { looks, attempts },
  decision: { reason, ...(fromGiB !== undefined && { fromGiB }), ...(toGiB !== undefined && { toGiB }) },
  outcome,
});

export const handler = defineDurableHandler({
  procedure: 'storage-scaling-run',
  schema: episodeInput,
  ports: openPorts,
  run: scaleStorage,
  summary: summaryOf,
});
