import { setImmediate } from 'node:timers/promises';
import { type ActDecision, type ActDoor, type ActRequest, applyAct } from '../../shared/act.ts';
import type { DependencyFailure } from '../../shared/errors.ts';
import { findOpenWindows, type MaintenanceWindow } from '../../shared/maintenance-window.ts';
import type { Mode } from '../../shared/policy.ts';
import { type Actor, type ActWorld, createActWorld, type Outcome, type State, type SwitchValue } from './act-world.ts';
import { type Fate, Killed } from './turnstile.ts';

/** One step of a history: time passes, something happens outside, and one question is let through. */
export type Turn = {
  readonly pick: number;
  readonly fate: Fate;
  readonly failure: DependencyFailure;
  readonly passMs: number;
  readonly outside: 'nothing' | 'starts-a-run' | 'moves-the-state' | 'lands-what-is-late' | 'refuses' | SwitchValue;
};

/** One run of a cause; `replans` makes its plan of the state as it is when it starts, as a run that forgot would. */
export type Start = { readonly cause: string; readonly mode: Mode; readonly skewMs: number; readonly replans: boolean };

export type History = {
  /** Near the end of a night's window, and before midnight or after it. */
  readonly startsAt: '23:50:00' | '00:29:20';
  readonly isLocked: boolean;
  readonly isDisruptive: boolean;
  readonly actsPerHour: number;
  readonly starts: readonly Start[];
  readonly turns: readonly Turn[];
  /** What becomes of the calls, in their order; afterwards they have their turn's fate. */
  readonly callFates: readonly Fate[];
};

export type Request = ActRequest<State, Outcome>;
/** A guard that is broken on purpose: the same request and door, with something missing. */
export type Breakage = (request: Request, door: ActDoor) => { request: Request; door: ActDoor };
const unbroken: Breakage = (request, door) => ({ request, door });

const night: MaintenanceWindow = { name: 'night', impact: 'low', every: 'day', from: '23:30', to: '00:30' };
const windows = [night];
const procedure = 'storage-scaling';
const quietTurn = { pick: 0, fate: 'answered', failure: 'timed-out' } as const;

/** What is true of every history is collected as sentences where it is broken. */
export type Told = {
  readonly world: ActWorld;
  readonly violations: readonly string[];
  readonly decisions: readonly { readonly cause: string; readonly decision: ActDecision<Outcome> }[];
};

/**
 * Plays a history: starts runs, lets their questions through turn by turn, then lets what is left end well; at last, with
 * a world that answers, asks for each cause again until it is settled.
 */
export async function playHistory(history: History, breakage = unbroken): Promise<Told> {
  const startMs = Date.parse(`2026-11-21T${history.startsAt}Z`);
  const world = createActWorld(startMs, history.isLocked);
  const violations: string[] = [];
  const decisions: { cause: string; decision: ActDecision<Outcome> }[] = [];
  const planByCause = new Map<string, { readonly id: string; readonly atMs: number; readonly state: State }>();
  let running = 0;
  let started = 0;
  let calls = 0;
  let isWell = false;

  const planOf = ({ cause, replans }: Start) => {
    const known = planByCause.get(cause);
    if (known !== undefined && !replans) return known;
    const plan = { id: `${cause}-${planByCause.size}-${started}`, atMs: world.nowMs(), state: world.stateOf(cause) };
    planByCause.set(cause, plan);
    return plan;
  };

  const begin = (start: Start): void => {
    started += 1;
    const actor: Actor = { name: `run-${started}`, skewMs: start.skewMs, isDead: false };
    const { cause, mode } = start;
    const plan = planOf(start);
    const message = 'The disk fills.';
    const honest: Request = {
      procedure,
      cause,
      plan: { action: 'expand', reason: 'full', message, evidence: { planId: plan.id } },
      plannedAtMs: plan.atMs,
      plannedState: plan.state,
      fetchState: () => world.fetchState(actor, cause),
      isDisruptive: history.isDisruptive,
      isLocked: history.isLocked,
      call: () => {
        violations.push(...checkSending(world, history, start, actor, plan.state));
        calls += 1;
        const fate = isWell ? undefined : history.callFates[calls - 1];
        return world.call(actor, cause, plan.id, plan.state.version, fate);
      },
      fetchEffect: (intended) => world.fetchEffect(actor, String(intended.plan.evidence.planId)),
    };
    const modes = Object.fromEntries(modeKeys.map((key) => [key, mode])) as ActDoor['modes'];
    const { actsPerHour } = history;
    const facts = { cluster: 'orders', execution: actor.name, modes, windows, actsPerHour };
    const { request, door } = breakage(honest, { ...facts, ...world.portsOf(actor) });
    running += 1;
    applyAct(request, door)
      .then((decision) => {
        decisions.push({ cause, decision });
        violations.push(...checkDecision(world, cause, decision));
      })
      .catch((error: unknown) => {
        if (!(error instanceof Killed)) violations.push(`a run ended with ${String(error)}`);
      })
      .finally(() => {
        running -= 1;
      });
  };

  const waiting = [...history.starts];
  const beginNext = () => {
    const start = waiting.shift();
    if (start !== undefined) begin(start);
  };
  const playTurn = async ({ pick, fate, failure, passMs, outside }: Turn) => {
    world.pass(passMs);
    happen(world, outside, history.starts, pick, beginNext);
    await setImmediate();
    world.turnstile.settle(pick, fate, failure);
    await setImmediate();
  };
  const playOut = async () => {
    while (running > 0) await playTurn({ ...quietTurn, passMs: 0, outside: 'nothing' });
  };

  beginNext();
  for (const turn of history.turns) await playTurn(turn);
  while (waiting.length > 0) beginNext();
  await playOut();

  isWell = true;
  world.turnstile.landLate();
  world.setSwitch('off');
  world.setRefusing(false);
  for (const cause of new Set(history.starts.map((start) => start.cause))) {
    for (let round = 1; round <= mostRounds && !isSettled(decisions, cause, round); round += 1) {
      // Into the next night's window, past every hour of the budget.
      world.pass(24 * hourMs - ((world.nowMs() - startMs) % (24 * hourMs)));
      begin({ cause, mode: 'act', skewMs: 0, replans: false });
      await playOut();
    }
    violations.push(...checkSettled(world, cause, decisions));
  }
  violations.push(...checkCounts(world, history));
  return { world, violations, decisions };
}

const hourMs = 3_600_000;
const mostRounds = 3;
const modeKeys = [
  'storage-scaling',
  'partition-balance',
  'topic-advice',
  'rolling-reboot',
  'cluster-change',
  'metadata-restore',
  'failover',
  'drill',
] as const;

function happen(
  world: ActWorld,
  outside: Turn['outside'],
  starts: readonly Start[],
  pick: number,
  beginNext: () => void,
) {
  switch (outside) {
    case 'nothing':
      return;
    case 'starts-a-run':
      return beginNext();
    case 'moves-the-state':
      world.moveState(starts[pick % starts.length]?.cause ?? 'a');
      return;
    case 'lands-what-is-late':
      return world.turnstile.landLate();
    case 'refuses':
      return world.setRefusing(pick % 2 === 0);
    default:
      return world.setSwitch(outside);
  }
}

/** What must be true at the moment at which a call leaves a run. */
function checkSending(world: ActWorld, history: History, start: Start, actor: Actor, planned: State): string[] {
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
    ...(record?.end === undefined ? [] : ['called after the end']),
    ...(history.actsPerHour > 0 ? [] : ['called without a budget']),
  ];
}

/** What a decision promises about the world. */
function checkDecision(world: ActWorld, cause: string, decision: ActDecision<Outcome>): string[] {
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

const isSettled = (decisions: Told['decisions'], cause: string, round: number): boolean =>
  round > 1 && decisions.findLast((one) => one.cause === cause)?.decision.decision !== 'stopped';

/** With a world that answers, every cause comes to an end that is in its record. */
function checkSettled(world: ActWorld, cause: string, decisions: Told['decisions']): string[] {
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
function checkCounts(world: ActWorld, history: History): string[] {
  const causes = new Set(history.starts.map(({ cause }) => cause));
  const twice = [...causes].filter((cause) => world.acceptedOf(cause) > 1);
  const toldTwice = [...causes].filter((cause) => world.published.filter((one) => one.cause === cause).length > 1);
  const crowded = world.operations.filter(
    ({ atMs }) =>
      world.operations.filter((one) => one.atMs >= atMs && one.atMs < atMs + hourMs).length > history.actsPerHour,
  );
  return [
    ...twice.map((cause) => `${world.acceptedOf(cause)} calls were accepted for ${cause}`),
    ...toldTwice.map((cause) => `the bus was told twice of ${cause}`),
    ...crowded.map(({ atMs }) => `more acts than the budget within the hour of ${atMs}`),
  ];
}
