import type { ActDecision } from '../../../shared/acting/act.ts';
import { hasHappened } from '../../../shared/acting/core/record.ts';
import { findOpenWindows } from '../../../shared/core/maintenance-window.ts';
import { hourMs } from '../../../shared/core/units.ts';
import { type History, type Start, type Told, windows } from './history-model.ts';
import type { Actor, ActWorld, Outcome, State } from './world.ts';

/** What must be true at the moment at which a call leaves a run. */
export function checkSending(world: ActWorld, history: History, start: Start, actor: Actor, planned: State): string[] {
  const { cause, mode, skewMs } = start;
  const { sawSwitch, sawState } = actor;
  const atMs = world.nowMs() + skewMs;
  const isOpen = findOpenWindows(windows, atMs).length > 0;
  const record = world.recordOf(cause);
  const own = record?.tries.at(-1);
  return [
    ...(mode === 'act' ? [] : [`called in mode ${mode}`]),
    ...(sawSwitch?.value === 'off' ? [] : [`called under the kill switch: ${sawSwitch?.value ?? 'not read'}`]),
    ...(sawState === undefined ? ['called without the state'] : []),
    ...(sawState !== undefined && sawState.state.version !== planned.version ? ['called on a moved state'] : []),
    ...((sawSwitch?.at ?? 0) > (sawState?.at ?? 0) ? [] : ['called with a kill switch older than the state']),
    ...(!history.isDisruptive || isOpen ? [] : ['called outside of the window']),
    ...(own !== undefined && own.withdrawn === undefined ? [] : ['called without an intent']),
    ...(own !== undefined && atMs - own.atMs > 60_000 ? ['called long after its intent'] : []),
    // A lock refuses the call of a run that another one overtook in its last moment; nothing else may still call.
    ...(record?.end === undefined || (history.isLocked && hasHappened(record.end)) ? [] : ['called after the end']),
    ...(history.actsPerHour > 0 ? [] : ['called without a budget']),
  ];
}

/** What a decision promises about the world. */
export function checkDecision(world: ActWorld, cause: string, decision: ActDecision<Outcome>): string[] {
  const accepted = world.acceptedOf(cause);
  switch (decision.decision) {
    case 'acted':
    case 'adopted':
      return accepted === 1 ? [] : [`${decision.decision}, but ${accepted} calls were accepted`];
    case 'would-act': {
      const record = world.recordOf(cause);
      const isKept = record?.mode === 'plan' && record.end?.decision === 'would-act';
      return [
        ...(accepted === 0 ? [] : ['would-act, but a call was accepted']),
        ...(isKept ? [] : ['would-act without its record']),
      ];
    }
    case 'stopped': {
      const isUncertain = decision.reason === 'outcome-unknown' || decision.reason === 'audit-unknown';
      const isBefore = decision.reason !== 'api-refused' && decision.reason !== 'state-moved';
      return accepted === 0 || isUncertain || isBefore ? [] : [`${decision.reason}, but a call was accepted`];
    }
    default:
      return decision satisfies never;
  }
}

/** With a world that answers, every cause comes to an end that is in its record. */
export function checkSettled(world: ActWorld, cause: string, decisions: Told['decisions']): string[] {
  const last = decisions.findLast((one) => one.cause === cause)?.decision;
  const record = world.recordOf(cause);
  const accepted = world.acceptedOf(cause);
  const end = record?.end?.decision;
  if (accepted > 0) return end === 'acted' || end === 'adopted' ? [] : [`accepted, but the record says ${end}`];
  const reason = last?.decision === 'stopped' ? last.reason : last?.decision;
  if (reason === 'state-moved' || reason === 'budget') {
    const isOpen = record?.end === undefined && record?.tries.some(({ withdrawn }) => withdrawn === undefined);
    return isOpen === true ? [`${reason}, but the record stays open`] : [];
  }
  if (reason !== 'would-act' && reason !== 'api-refused') return [`never settled: ${reason}`];
  return end === undefined ? [`${reason} without an end`] : [];
}

/** What must be true of the whole history. */
export function checkCounts(world: ActWorld, history: History, decisions: Told['decisions']): string[] {
  const causes = new Set(history.starts.map(({ cause }) => cause));
  const twice = [...causes].filter((cause) => world.acceptedOf(cause) > 1);
  const toldTwice = [...causes].filter((cause) => world.published.filter((one) => one.cause === cause).length > 1);
  // By the time at which the calls left: how long one is under way is not the budget's.
  const sentMs = world.operations.map(({ sentAtMs }) => sentAtMs);
  const crowded = sentMs.filter(
    (atMs) => sentMs.filter((one) => one >= atMs && one < atMs + hourMs).length > history.actsPerHour,
  );
  const undone = decisions.filter(({ cause, decision }) => {
    const isForEver = decision.decision === 'would-act' || ('reason' in decision && decision.reason === 'api-refused');
    return isForEver && world.acceptedOf(cause) > 0;
  });
  return [
    ...undone.map(({ cause, decision }) => `${JSON.stringify(decision)} was for ever, but ${cause} acted`),
    ...twice.map((cause) => `${world.acceptedOf(cause)} calls were accepted for ${cause}`),
    ...toldTwice.map((cause) => `the bus was told twice of ${cause}`),
    ...crowded.map((atMs) => `more acts than the budget within the hour of ${atMs}`),
  ];
}
