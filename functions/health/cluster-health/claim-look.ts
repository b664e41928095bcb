import { ask, type Known, known, type NotKnown, notKnown } from '../../../shared/core/known.ts';
import { minuteMs, secondMs } from '../../../shared/core/units.ts';
import {
  beginLook,
  claimLook,
  endLook,
  freeClaim,
  giveBack,
  type LeftWake,
  type LookClaim,
  type LookStep,
  listOf,
  mayLookAgain,
  noWakes,
  planRetryMs,
  takeWaiting,
  type WakeList,
} from './core/claim.ts';
import type { Ports } from './ports.ts';

/** Of sixty that write at once each gets its turn, or looks for itself. */
const mostAttempts = 60;
const mostWritingMs = 30 * secondMs;

/**
 * What a run looks for: the alarms that it serves, and whether wakes may be left to the claim while it does.
 *
 * @property unclaimed why the claim could not be read or written, where it could not
 */
export type Errand = { readonly serving: WakeList; readonly mayWakesWait: boolean; readonly unclaimed?: NotKnown };

/** A run that was refused, since another one looks: nothing is wrong with it. */
export type Left = { readonly kind: 'left'; readonly wake: LeftWake; readonly holderRunId: string };

/**
 * Looks for an alarm that woke this run, unless another run looks: then the wake is left there, and that run looks once
 * more. Where the claim cannot be read or written the run looks all the same: better twice than never.
 *
 * @param look one whole look; what it throws is thrown again, after its wakes were given back
 * @returns the last look's result
 */
export async function lookForWake<Result>(
  wake: LeftWake,
  look: (errand: Errand) => Promise<Result>,
  ports: Ports,
): Promise<Result | Left> {
  const { runId } = ports.run;
  const step = await changeClaim((claim, nowMs) => claimLook(claim, runId, wake, nowMs), ports);
  if (!step.isKnown) return look({ serving: listOf(wake), mayWakesWait: true, unclaimed: step });
  if (step.value.kind === 'look') return holdLook(step.value, look, ports);
  return { kind: 'left', wake, holderRunId: step.value.holderRunId };
}

/**
 * Looks as the schedule or a person asked, and serves what waits and nobody else does.
 *
 * @param mayWakesWait what the memory says, and true where there is none; where it says no, nobody asks the claim: an
 *   ordinary run costs no call more
 */
export async function lookInAnyCase<Result>(
  mayWakesWait: boolean,
  look: (errand: Errand) => Promise<Result>,
  ports: Ports,
): Promise<Result> {
  if (!mayWakesWait) return look({ serving: noWakes, mayWakesWait: false });
  const { runId } = ports.run;
  const step = await changeClaim((claim, nowMs) => takeWaiting(claim, runId, nowMs), ports);
  if (step.isKnown && step.value.kind === 'look') return holdLook(step.value, look, ports);
  const errand = { serving: noWakes, mayWakesWait: !(step.isKnown && step.value.kind === 'idle') };
  return look(step.isKnown ? errand : { ...errand, unclaimed: step });
}

/** Looks, and again while wakes come in, each time after a pause; then lets go. */
async function holdLook<Result>(
  first: LookStep,
  look: (errand: Errand) => Promise<Result>,
  ports: Ports,
): Promise<Result> {
  const { runId } = ports.run;
  let next = first;
  for (let looks = 1; ; looks += 1) {
    const begun = await waitFor(next, ports);
    const result = await lookOrGiveBack(begun.serving, look, ports);
    const done = { runId, round: begun.claim.round };
    const ended = await changeClaim(
      (claim, nowMs) => endLook(claim, done, mayLookAgain(claim, looks, ports.remainingMs(), nowMs), nowMs),
      ports,
    );
    if (!ended.isKnown || ended.value.kind !== 'look') return result;
    next = ended.value;
  }
}

/** Sleeps until the look may begin, and takes what was left meanwhile. */
async function waitFor(planned: LookStep, ports: Ports): Promise<LookStep> {
  const pauseMs = Math.min(planned.notBeforeMs - ports.nowMs(), minuteMs);
  if (pauseMs <= 0) return planned;
  await ports.wait(pauseMs);
  const begun = await changeClaim((claim, nowMs) => beginLook(claim, ports.run.runId, nowMs), ports);
  return begun.isKnown && begun.value.kind === 'look' ? begun.value : planned;
}

async function lookOrGiveBack<Result>(
  serving: WakeList,
  look: (errand: Errand) => Promise<Result>,
  ports: Ports,
): Promise<Result> {
  try {
    return await look({ serving, mayWakesWait: true });
  } catch (error) {
    // Best effort: what cannot be given back now lapses, and is taken from the holder that is gone.
    await changeClaim((claim, nowMs) => giveBack(claim, ports.run.runId, nowMs), ports);
    throw error;
  }
}

/**
 * Reads the claim, decides, writes on condition. A lost race is read and decided anew, and so is one write of which nobody
 * knows whether it was done. A damaged claim counts as free.
 */
async function changeClaim<Step extends { readonly kind: string; readonly claim?: LookClaim }>(
  decide: (claim: LookClaim, nowMs: number) => Step,
  ports: Ports,
): Promise<Known<Step>> {
  const startedAtMs = ports.nowMs();
  let answer: NotKnown = notKnown('the claim was not written');
  for (let attempt = 1; attempt <= mostAttempts && ports.nowMs() - startedAtMs < mostWritingMs; attempt += 1) {
    const stored = await ask(ports.fetchClaim);
    const isDamaged = !stored.isKnown && stored.isAsked && stored.failure === 'bad-answer';
    if (!stored.isKnown && !isDamaged) return stored;
    const version = stored.isKnown ? stored.value : undefined;
    const step = decide(version?.value ?? freeClaim, ports.nowMs());
    const { claim } = step;
    if (claim === undefined) return known(step);
    const condition = isDamaged ? 'always' : version === undefined ? 'absent' : { etag: version.etag };
    const written = await ask(() => ports.applyClaim(claim, condition));
    if (written.isKnown) return known(step);
    if (!isWorthAnother(written, answer)) return written;
    answer = written;
    await ports.wait(planRetryMs(attempt, ports.chance()));
  }
  return answer;
}

/** A lost race always is; any other failure once, for the answer alone may have been lost. */
const isWorthAnother = (now: NotKnown, before: NotKnown): boolean =>
  now.isAsked && (now.failure === 'conflict' || !before.isAsked || before.failure === 'conflict');
