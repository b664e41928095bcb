import { setImmediate } from 'node:timers/promises';
import { functionDefinitions, modeKeysOf } from '../../../infra/functions.ts';
import { type ActDecision, type ActDoor, type ActRequest, applyAct } from '../../../shared/acting/act.ts';
import { hourMs } from '../../../shared/core/units.ts';
import { withoutStacks } from '../without-stacks.ts';
import { type History, type Start, type Told, type Turn, windows } from './history-model.ts';
import { checkCounts, checkDecision, checkSending, checkSettled } from './invariants.ts';
import { Killed } from './turnstile.ts';
import { type Actor, type ActWorld, createActWorld, type Outcome, type State } from './world.ts';

type Request = ActRequest<State, Outcome>;
/** A guard that is broken on purpose: the same request and door, with something missing. */
export type Breakage = (request: Request, door: ActDoor) => { request: Request; door: ActDoor };
const unbroken: Breakage = (request, door) => ({ request, door });

const procedure = 'storage-scaling';
const quietTurn = { pick: 0, fate: 'answered', failure: 'timed-out' } as const;

/**
 * Plays a history: starts runs, lets their questions through turn by turn, then lets what is left end well; at last, with
 * a world that answers, asks for each cause again until it is settled.
 */
export const playHistory = (history: History, breakage = unbroken): Promise<Told> =>
  withoutStacks(() => play(history, breakage));

async function play(history: History, breakage: Breakage): Promise<Told> {
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
      plan: { action: 'expand', reason: 'full', message, evidence: {} },
      target: { planId: plan.id },
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
      fetchEffect: (intended) => world.fetchEffect(actor, String(intended.target.planId)),
    };
    const modes = Object.fromEntries(modeKeysOf(functionDefinitions).map((key) => [key, mode])) as ActDoor['modes'];
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
  violations.push(...checkCounts(world, history, decisions));
  return { world, violations, decisions };
}

const mostRounds = 3;

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

const isSettled = (decisions: Told['decisions'], cause: string, round: number): boolean =>
  round > 1 && decisions.findLast((one) => one.cause === cause)?.decision.decision !== 'stopped';
