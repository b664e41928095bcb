import { setImmediate } from 'node:timers/promises';
import { type ActRequest, applyAct } from '../../../shared/acting/act.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import { minuteMs } from '../../../shared/core/units.ts';
import { type EpisodeInput, episodeInput, executionNameOf } from '../../../shared/durable/episode.ts';
import { type Fate, Killed } from '../acting/turnstile.ts';
import { withoutStacks } from '../without-stacks.ts';
import { attack } from './attackers.ts';
import { checkEnd, checkHolder } from './invariants.ts';
import { attacks, clusterClaims, type Event, type HostileHistory } from './model.ts';
import { applyStart, wake } from './run.ts';
import { createStack, type Stack, slug } from './stack.ts';
import { createHostileWorld, type HostileWorld, mostSkewMs, wrongSkewMs } from './world.ts';

const faults = ['fails', 'answer-lost', 'late', 'sent-twice', 'dies-before', 'dies-after'] as const;
const failures = ['timed-out', 'throttled', 'unreachable', 'failed'] as const;

/** After so many questions all goes well, so that every run comes to its end. */
const hostileTurns = 180;
const mostTurns = 6_000;

export type Played = {
  readonly world: HostileWorld;
  readonly stacks: readonly Stack[];
  readonly violations: readonly string[];
};

/**
 * Plays a history: two stacks on one cluster, whose runs ask the world one question after the other; what happens to an answer
 * and beside it is the history's. Then all goes well until nobody asks any more, and what was done and said is judged.
 */
export const playHostile = (history: HostileHistory): Promise<Played> => withoutStacks(() => play(history));

async function play(history: HostileHistory): Promise<Played> {
  const world = createHostileWorld(history);
  const stacks = [createStack(world, 'orders', history), createStack(world, 'orders-b', history)] as const;
  const { chance, clock, turnstile, switches } = world;
  const eventsByTurn = Map.groupBy(history.events, ({ atTurn }) => atTurn);
  const [first] = stacks;
  begin(world, wake(world, first, openerOf(world, 'alarm disk')));
  let turn = 0;
  let idle = 0;
  for (; turn < mostTurns; turn += 1) {
    await setImmediate();
    if (turn === hostileTurns) {
      calm(world, history);
      // A start that was late arrives, and has its questions after this.
      await setImmediate();
      idle = 0;
    }
    if (!switches.isWell) for (const event of eventsByTurn.get(turn) ?? []) happen(world, stacks, history, event);
    if (turnstile.waitingCount() > 0) {
      idle = 0;
      clock.pass(passMs(world));
      clock.ring();
      const isFaulty = !switches.isWell && chance.isDrawn(history.chaosPercent);
      const fate: Fate = isFaulty ? chance.pick(faults) : 'answered';
      turnstile.settle(chance.below(turnstile.waitingCount()), fate, chance.pick(failures));
      if (chance.isDrawn(2)) turnstile.landLate();
      continue;
    }
    // A promise may need a turn of its own before its next question stands there.
    idle += 1;
    if (idle < 2) continue;
    if (turn < hostileTurns && eventsAfter(history, turn)) {
      // Everybody sleeps, and more is to happen: now, not in six hours.
      if (!clock.moveOn()) clock.pass(minuteMs);
      continue;
    }
    if (!clock.moveOn()) {
      if (switches.isWell) break;
      turn = hostileTurns - 1;
    }
  }
  const ended = [...stacks.flatMap((stack) => [...stack.executions.values()])].map(({ over }) => over);
  const isOver = turn < mostTurns;
  if (isOver) await Promise.all(ended).catch((error: unknown) => world.violate(String(error)));
  const unfinished = isOver ? [] : [`no end after ${mostTurns} questions`];
  return { world, stacks, violations: [...world.violations, ...unfinished, ...checkEnd(world, stacks, history)] };
}

const eventsAfter = ({ events }: HostileHistory, turn: number): boolean => events.some(({ atTurn }) => atTurn > turn);

/** Mostly a second or two, sometimes a minute, seldom longer than anything may be fresh. */
function passMs({ chance, switches }: HostileWorld): number {
  if (switches.isWell || !chance.isDrawn(6)) return chance.below(1_500);
  return chance.isDrawn(15) ? chance.below(40 * minuteMs) : chance.below(minuteMs);
}

/** A run beside the executions, whose death is no fault. */
function begin(world: HostileWorld, run: Promise<unknown>): void {
  run.catch((error: unknown) => {
    if (error instanceof Killed || error instanceof DependencyError) return;
    world.violate(`crashed without a name: ${String(error)}`);
  });
}

function calm(world: HostileWorld, history: HostileHistory): void {
  Object.assign(world.switches, { killSwitch: 'off', arePeopleAway: false, isBusAway: false, isWell: true });
  world.switches.claim = history.claim === 'each' ? 'each' : 'first';
  world.switches.usedGiB = 200;
  world.msk.setState('ACTIVE');
  world.turnstile.landLate();
}

function happen(
  world: HostileWorld,
  stacks: readonly [Stack, Stack],
  history: HostileHistory,
  { what, pick }: Event,
): void {
  const { switches, msk } = world;
  const stack = stacks[pick % 4 === 0 ? 1 : 0];
  switch (what) {
    case 'alarm':
      begin(world, wake(world, stacks[0], openerOf(world, 'alarm disk')));
      return;
    case 'alarm-of-the-second-stack':
      begin(world, wake(world, stacks[1], openerOf(world, 'alarm disk')));
      return;
    case 'person-wakes':
      begin(world, wake(world, stack, openerOf(world, 'ivan')));
      return;
    case 'second-run-of-the-episode': {
      const [newest] = [...stack.executions.values()].slice(-1);
      // Under a name of its own: whoever may invoke the run can do it.
      if (newest !== undefined) applyStart(world, stack, `by-hand-${world.nextName()}`, newest.payload);
      return;
    }
    case 'run-invoked-by-hand':
      invoke(world, stack, pick);
      return;
    case 'other-act':
      begin(world, actBeside(world, stack, pick));
      return;
    case 'other-acts-at-once':
      // Two of one cause, and one of another.
      for (const cause of [pick, pick, pick + 1]) begin(world, actBeside(world, stack, cause));
      return;
    case 'switch-on':
    case 'switch-off':
    case 'switch-garbage':
      switches.killSwitch = what.slice('switch-'.length);
      return;
    case 'claim-changes':
      switches.claim = clusterClaims[pick % clusterClaims.length] ?? 'deleted';
      return;
    case 'claim-is-the-firsts':
      switches.claim = 'first';
      return;
    case 'version-moves':
      msk.moveVersion();
      return;
    case 'cluster-heals':
      msk.setState('HEALING');
      return;
    case 'cluster-is-active':
      msk.setState('ACTIVE');
      return;
    case 'disk-grows':
      switches.usedGiB += 10 * (pick % 8);
      return;
    case 'people-away':
      switches.arePeopleAway = true;
      return;
    case 'bus-away':
      switches.isBusAway = true;
      return;
    case 'all-hear':
      Object.assign(switches, { arePeopleAway: false, isBusAway: false });
      return;
    case 'clocks-jump':
      jump(world, pick);
      return;
    case 'attack':
      attack(world, stack, history, attacks[pick % attacks.length] ?? 'damage');
      return;
    case 'an-old-version-is-restored': {
      const keys = stack.bucket.keys();
      const key = keys[pick % Math.max(1, keys.length)];
      if (key !== undefined && stack.bucket.restore(history.attacker, key, pick))
        world.tampered.add(key.split('/', 1)[0] ?? '');
      return;
    }
    case 'pair-writes': {
      // What it leaves in the other Region, and nothing anywhere where it has no pair.
      const isLetIn = stack.bucket.overwrite('pair', 'backups/standby/metadata.json', '{"version":1}');
      if (isLetIn !== (stack === stacks[0])) world.violate(`the pair's backup in ${stack.key}: let in ${isLetIn}`);
      return;
    }
    default:
      what satisfies never;
  }
}

/** Mostly AWS could say who it was; a forged event or an unsigned wake proves nobody. */
const openerOf = ({ chance }: HostileWorld, openedBy: string) => ({ openedBy, isProven: chance.isDrawn(60) });

/** Somebody starts the run himself, under a name of his own or the next episode's, and says what lets one yes do. */
function invoke(world: HostileWorld, stack: Stack, pick: number): void {
  const { key } = stack;
  const [newest] = [...stack.executions.values()].slice(-1);
  const known = episodeInput.safeParse(JSON.parse(newest?.payload ?? '{}')).data;
  const episode = (known?.episode ?? 0) + (pick % 2);
  const openedAtMs = pick % 3 === 0 ? (known?.openedAtMs ?? 0) : world.clock.nowMs();
  const claimed: EpisodeInput = {
    version: 1,
    cluster: key,
    episode: Math.max(1, episode),
    openedAtMs,
    openedBy: 'alarm disk',
    isOpenerProven: true,
  };
  const name = pick % 5 === 0 ? `by-hand-${world.nextName()}` : executionNameOf(key, slug, claimed.episode);
  applyStart(world, stack, name, JSON.stringify(claimed));
}

/** Clocks are set: mostly within the bound that is stated, seldom far beyond it. */
function jump(world: HostileWorld, pick: number): void {
  const isFar = pick % 10 === 0;
  if (isFar) world.haveClocksJumped = true;
  const mostMs = isFar ? wrongSkewMs : mostSkewMs;
  for (const actor of world.actors) actor.skewMs = world.chance.below(2 * mostMs) - mostMs;
}

/** An act of another procedure at the same door and budget, without a lock; asked again as its own run would. */
async function actBeside(world: HostileWorld, stack: Stack, pick: number): Promise<void> {
  const { clock, turnstile, chance } = world;
  const cause = `${stack.key}-balance-${pick % 3}`;
  const target = { topic: cause };
  const plannedAtMs = clock.nowMs();
  for (let tries = 1; tries <= 5; tries += 1) {
    const actor = world.newActor(`balance#${world.nextName()}`);
    const request: ActRequest<string, string> = {
      procedure: 'partition-balance',
      cause,
      plan: { action: 'move', reason: 'uneven', message: 'Partitions move.', evidence: {} },
      target,
      plannedAtMs,
      plannedState: 'uneven',
      fetchState: () => turnstile.ask(actor, () => 'uneven'),
      isDisruptive: false,
      isLocked: false,
      call: () => {
        if (actor.sawSwitch?.value !== 'off') world.violate(`${cause}: called under the kill switch`);
        if (history(stack) !== 'act') world.violate(`${cause}: called in another mode`);
        world.violations.push(...checkHolder(cause, actor));
        const sentAtMs = clock.nowMs();
        const accept = () => {
          stack.others.push({ cause, sentAtMs });
          return { outcome: cause, requestId: 'r' };
        };
        return turnstile.ask(actor, accept, { canBeSentTwice: false });
      },
      fetchEffect: () =>
        turnstile.ask(actor, () => {
          const isListed = stack.others.some((one) => one.cause === cause && clock.nowMs() - one.sentAtMs > 20_000);
          return isListed ? ({ kind: 'done', outcome: cause } as const) : ({ kind: 'absent' } as const);
        }),
    };
    try {
      const decision = await applyAct(request, stack.doorOf(actor, cause));
      if (decision.decision !== 'stopped') return;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    await clock.sleep(clock.nowMs() + chance.below(30 * minuteMs)).over;
  }
}

const history = (stack: Stack) => stack.configuration.configuration.modes['partition-balance'];
