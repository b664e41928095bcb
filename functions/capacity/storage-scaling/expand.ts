import type { ActDecision } from '../../../shared/acting/act.ts';
import type { Approval } from '../../../shared/acting/core/request.ts';
import { passTold } from '../../../shared/acting/told-first.ts';
import { ask } from '../../../shared/core/known.ts';
import { readUpdateRefusal } from '../../../shared/core/msk-refusal.ts';
import { minuteMs } from '../../../shared/core/units.ts';
import type { EpisodeInput } from '../../../shared/durable/episode.ts';
import { act, planAct } from './act.ts';
import { announceReport, announceTrouble, wakeByHand } from './core/announcements.ts';
import { evaluateLock } from './core/facts.ts';
import { backOffMs } from './core/guards.ts';
import type { Accepted, ExpandPlan, ExpansionOutcome, Look, StorageState } from './core/model.ts';
import { judgeRefusal, type SeenAfterRefusal } from './core/refused.ts';
import { stateOf } from './look.ts';
import { lookMeanwhile, waitLooking } from './looks.ts';
import type { Run } from './memory.ts';
import { announce, announceLasting, tellDealing } from './news.ts';
import type { Ports } from './ports.ts';

/** After so many refusals for another reason than the lock a person must see why. */
const mostRefusals = 3;
/** How often a run asks, at growing pauses, what became of its lost calls before a person has to: for hours. */
const mostUncertain = 48;

/**
 * Names one attempt for the audit, for ever. The opening's minute is part of it: where the count of episodes was lost and
 * began anew, an old episode's record must not answer for a new one.
 */
const causeOf = ({ cluster, episode, openedAtMs }: EpisodeInput, attempt: number): string => {
  const openedAt = new Date(openedAtMs).toISOString().slice(0, 16).toLowerCase().replaceAll(':', '');
  return `${cluster}-storage-scaling-${episode}-${openedAt}-${attempt}`;
};

/** What became of one attempt. */
export type Attempt =
  | ({ readonly kind: 'under-way' } & Accepted)
  | { readonly kind: 'would-act' }
  | { readonly kind: 'given-up'; readonly reason: string }
  /** It was `atMs`: look again after a pause, and plan anew. */
  | { readonly kind: 'later'; readonly reason: string; readonly atMs: number; readonly pauseMs: number };

/** Goes through the door, again and again with the same request while nobody knows whether an earlier try acted. */
export async function applyExpansion(
  run: Run,
  look: Look & { readonly state: StorageState },
  plan: ExpandPlan,
  approval?: Approval,
): Promise<Attempt> {
  const { input, durable, ports, memory } = run;
  memory.attempts += 1;
  memory.stoppedBy = undefined;
  const cause = causeOf(input, memory.attempts);
  await durable.transition('acting', { cause, fromGiB: plan.fromGiB, toGiB: plan.toGiB });
  let last: Stopped | undefined;
  let lastAtMs = look.atMs;
  for (let tries = 1; memory.uncertain < mostUncertain; tries += 1) {
    const pass = async () => ({
      decision: await act(ports, planAct(run, cause, look, plan, approval)),
      atMs: ports.nowMs(),
    });
    const { decision, atMs } = await passTold(durable, `act ${memory.attempts}.${tries}`, pass, ports);
    if (!isUncertain(decision)) {
      memory.stoppedBy = undefined;
      return settle(run, decision, { plan, planned: look.state, atMs });
    }
    [last, lastAtMs] = [decision, atMs];
    memory.uncertain += 1;
    memory.stoppedBy = decision.reason;
    const told = announceTrouble('warning', trouble(decision, plan));
    await announceLasting(run, `uncertain ${decision.reason}`, { atMs }, told);
    await tellDealing(run, { atMs }, undefined, decision.message);
    await waitLooking(run, `truth ${memory.attempts}.${tries}`, pauseOf(decision, tries, atMs));
    await lookMeanwhile(run);
  }
  const asked = last === undefined ? plan : trouble(last, plan);
  const message = `Nobody can tell whether storage was enlarged to ${plan.toGiB} GiB: look at the cluster's operations. ${asked.message} ${wakeByHand}`;
  // Whatever kept the truth from us, what a person has to find out is whether it happened.
  const told = { reason: 'outcome-unknown', message, evidence: asked.evidence };
  await announce(run, `unknown ${memory.attempts}`, { atMs: lastAtMs }, announceTrouble('critical', told));
  return { kind: 'given-up', reason: 'outcome-unknown' };
}

/**
 * Keeps a person's no where acts are kept: under the cause of the attempt that there would have been.
 *
 * @param approval who said it; left out where nobody did, and the record is to keep whose answers counted for nothing
 */
export async function applyRefusal(run: Run, look: Look, plan: ExpandPlan, approval?: Approval): Promise<void> {
  const { state } = look;
  if (state === null) throw new TypeError('an expansion was refused without its cluster');
  const { durable, memory, ports } = run;
  memory.attempts += 1;
  const cause = causeOf(run.input, memory.attempts);
  const decision = await durable.step(`refused ${memory.attempts}`, () =>
    act(ports, { ...planAct(run, cause, { ...look, state }, plan, approval), isNotApproved: true }),
  );
  if (decision.decision === 'stopped' && decision.reason === 'not-approved') return;
  const message = `The no to ${plan.toGiB} GiB is not in the audit: ${'message' in decision ? decision.message : decision.decision}.`;
  const told = { reason: 'refusal-not-kept', message, evidence: plan.evidence };
  await announce(run, `refusal not kept ${memory.attempts}`, look, announceReport('warning', told));
}

type Stopped = Extract<ActDecision<ExpansionOutcome>, { decision: 'stopped' }>;

/** A call may have been accepted: only the same request may ask again. */
const isUncertain = (decision: ActDecision<ExpansionOutcome>): decision is Stopped =>
  decision.decision === 'stopped' && (decision.reason === 'outcome-unknown' || decision.reason === 'audit-unknown');

const pauseOf = ({ retryAtMs }: Stopped, tries: number, atMs: number): number =>
  Math.max(minuteMs, retryAtMs === undefined ? backOffMs(tries - 1) : retryAtMs - atMs);

const trouble = ({ reason, message }: Stopped, { evidence }: ExpandPlan) => ({ reason, message, evidence });

/** What the door was asked for, and when it answered. */
type Asked = { readonly plan: ExpandPlan; readonly planned: StorageState; readonly atMs: number };

async function settle(run: Run, decision: ActDecision<ExpansionOutcome>, asked: Asked): Promise<Attempt> {
  switch (decision.decision) {
    case 'acted':
    case 'adopted':
      return {
        kind: 'under-way',
        outcome: decision.outcome,
        isOurAnswer: decision.decision === 'acted',
        ...(decision.requestId !== undefined && { requestId: decision.requestId }),
        atMs: asked.atMs,
      };
    case 'would-act':
      return { kind: 'would-act' };
    case 'stopped':
      return decision.reason === 'api-refused' ? settleRefusal(run, decision, asked) : settleStop(run, decision, asked);
    default:
      return decision satisfies never;
  }
}

/**
 * MSK said no: the cluster is looked at again before anything is made of its words. Its lock is waited for, what moved is
 * looked at anew, anything else is told.
 */
async function settleRefusal(run: Run, decision: Stopped, { plan, planned, atMs }: Asked): Promise<Attempt> {
  const { memory, durable, ports } = run;
  const seen = await durable.step(`refused ${memory.attempts}`, () => fetchAfterRefusal(ports));
  const said = readUpdateRefusal(decision.refusal);
  const refusal = judgeRefusal(said, planned, seen);
  const told = trouble(decision, plan);
  if (refusal === 'storage-optimizing') {
    memory.optimizing = { count: (memory.optimizing?.count ?? 0) + 1, lastAtMs: atMs };
    // Its words were others than those of the lock: a person may know better.
    if (said !== refusal) await announce(run, 'refused in other words', { atMs }, announceReport('warning', told));
    return { kind: 'later', reason: refusal, atMs, pauseMs: 0 };
  }
  memory.refusals += 1;
  // Nobody gives up over words that nobody knows before the cluster was seen to be as the plan says.
  const isForNoReason = refusal === 'other' && seen.state !== null;
  const isGivenUp = isForNoReason && memory.refusals >= mostRefusals;
  // What only moved is planned anew, and tried on; but not for days without a word.
  if (isForNoReason || memory.refusals === mostRefusals) {
    const message = isGivenUp ? `${told.message} mskeeper gives up. ${wakeByHand}` : told.message;
    await announce(run, `refused ${memory.refusals}`, { atMs }, announceTrouble('critical', { ...told, message }));
  }
  if (isGivenUp) return { kind: 'given-up', reason: 'api-refused' };
  return { kind: 'later', reason: refusal, atMs, pauseMs: backOffMs(memory.refusals - 1) };
}

async function fetchAfterRefusal(ports: Ports): Promise<SeenAfterRefusal> {
  const [cluster, operations] = await Promise.all([ask(ports.fetchCluster), ask(ports.fetchOperations)]);
  return {
    state: cluster.isKnown ? stateOf(cluster.value) : null,
    lock: operations.isKnown ? evaluateLock(operations.value, ports.nowMs()).state : 'unknown',
  };
}

/** Nothing was called, and something has to change first: the kill switch, the budget, the state. */
async function settleStop(run: Run, decision: Stopped, { plan, atMs }: Asked): Promise<Attempt> {
  const { reason, retryAtMs } = decision;
  if (reason === 'mode-off') return { kind: 'given-up', reason };
  if (reason !== 'state-moved') {
    run.memory.stoppedBy = reason;
    await announceLasting(run, `stopped ${reason}`, { atMs }, announceTrouble('warning', trouble(decision, plan)));
  }
  const pauseMs = retryAtMs === undefined ? backOffMs(run.memory.holdCount) : Math.max(retryAtMs - atMs, minuteMs);
  return { kind: 'later', reason, atMs, pauseMs };
}
