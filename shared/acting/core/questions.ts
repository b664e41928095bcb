import { canonicalJson } from '../../core/canonical-json.ts';
import { isAhead } from '../../core/clocks.ts';
import { findNextOpening, findOpenWindows, type MaintenanceWindow } from '../../core/maintenance-window.ts';
import type { Mode } from '../../core/policy.ts';
import { minuteMs, secondMs } from '../../core/units.ts';
import type { ActDecision, StopReason } from './request.ts';

/**
 * The questions before an act, each one a rule over plain data: undefined lets it pass, a stop says why not. The shell
 * (act.ts) asks them in the order in which they stand here. Nothing that is unknown passes.
 */
export type Stop = Extract<ActDecision<never>, { decision: 'stopped' }>;

/** What the parameter said: only a plain `off` lets anything act (I11). */
export type KillSwitch = { readonly value: 'on' | 'off' } | { readonly value: 'unknown'; readonly message: string };

/**
 * The longest time from a try's first question to its call. What was read longer ago is not fresh any more, and a run
 * that was held up for so long must not call: another run may have taken its place.
 */
const freshMs = minuteMs;

/**
 * After so long nothing that a try sent can still be under way: it calls within a minute (`freshMs`), Lambda ends a run
 * after 15 minutes at most, and two clocks differ by less than two (`clockSkewMs`).
 */
export const quietAfterMs = 18 * minuteMs;

/** A stop of a reason, with the sentence for people, and a better time to ask again where one is known. */
export const stopOf = (reason: StopReason, message: string, retryAtMs?: number): Stop => ({
  decision: 'stopped',
  reason,
  message,
  ...(retryAtMs !== undefined && { retryAtMs }),
});

/** Mode `plan` passes: it ends in a record instead of a call. */
export const evaluateMode = (mode: Mode, procedure: string): Stop | undefined =>
  mode === 'off'
    ? stopOf('mode-off', `The mode of ${procedure} is off: set modes.${procedure} in mskeeper.yml and deploy.`)
    : undefined;

/** `on` stops; so does what is neither on nor off. */
export const evaluateKillSwitch = (killSwitch: KillSwitch): Stop | undefined => {
  switch (killSwitch.value) {
    case 'off':
      return undefined;
    case 'on':
      return stopOf('kill-switch', 'The kill switch is on: nothing acts until somebody sets the parameter to off.');
    case 'unknown':
      return stopOf('kill-switch-unknown', killSwitch.message);
    default:
      killSwitch satisfies never;
      return stopOf('kill-switch-unknown', 'The kill switch said something that is not known: set it to off or on.');
  }
};

/** Which stack keeps the cluster: only this one may act. */
export type ClusterClaim =
  | { readonly holder: 'this-stack' }
  | { readonly holder: 'another' | 'unknown'; readonly message: string };

/** Two stacks of one cluster would have a budget each, and know nothing of each other's acts. */
export const evaluateClusterClaim = (claim: ClusterClaim): Stop | undefined =>
  claim.holder === 'this-stack' ? undefined : stopOf('cluster-claim', claim.message);

/** A plan of a time that is still to come was made by a clock that is wrong, and would never get old. */
export const evaluatePlanTime = (plannedAtMs: number, nowMs: number): Stop | undefined =>
  isAhead(plannedAtMs, nowMs)
    ? stopOf(
        'state-unknown',
        `The plan says that it was made at ${new Date(plannedAtMs).toISOString()}, which is still to come: look again and make a new plan.`,
      )
    : undefined;

/** Disruptive acts wait for an open window, of any impact (M3). */
export const evaluateCalendar = (
  isDisruptive: boolean,
  windows: readonly MaintenanceWindow[],
  nowMs: number,
): Stop | undefined => {
  if (!isDisruptive || findOpenWindows(windows, nowMs).length > 0) return undefined;
  const next = findNextOpening(windows, nowMs);
  if (next === undefined) {
    const what = 'The act is disruptive and no maintenance window ever opens';
    return stopOf('window', `${what}: add one to maintenanceWindows in mskeeper.yml and deploy.`);
  }
  const when = new Date(next.opensAtMs).toISOString();
  return stopOf(
    'window',
    `The act is disruptive and no maintenance window is open: ${next.window.name} opens at ${when}; wait, or add a one-off window.`,
    next.opensAtMs,
  );
};

/** The state that the plan was made from, read again: another one, or one that can't be compared, needs another plan. */
export const evaluateState = (plannedState: unknown, seenState: unknown): Stop | undefined => {
  const planned = canonicalJson(plannedState);
  const seen = canonicalJson(seenState);
  if (planned === undefined || seen === undefined) {
    const which = planned === undefined ? 'planned' : 'present';
    return stopOf('state-unknown', `The ${which} state is no plain JSON and cannot be compared: report this as a bug.`);
  }
  if (planned === seen) return undefined;
  return stopOf('state-moved', 'The state is not the one that the plan was made from: look again and make a new plan.');
};

/** The last question, with no waiting between it and the call. `begunAtMs` and `nowMs` are of the same clock. */
export const evaluateFreshness = (begunAtMs: number, nowMs: number): Stop | undefined => {
  const ageMs = nowMs - begunAtMs;
  if (ageMs >= 0 && ageMs <= freshMs) return undefined;
  const how = ageMs < 0 ? 'the clock went back meanwhile' : `${Math.round(ageMs / secondMs)} s passed`;
  return stopOf('state-unknown', `Nothing was called, since the state is not known to be fresh (${how}): try again.`);
};
