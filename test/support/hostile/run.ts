import type { Ports } from '../../../functions/capacity/storage-scaling/ports.ts';
import { scaleStorage } from '../../../functions/capacity/storage-scaling/run.ts';
import { applyAct } from '../../../shared/acting/act.ts';
import { keepJson, readJson, writeOnce } from '../../../shared/aws/store.ts';
import { stateKey, statePrefix } from '../../../shared/core/store-keys.ts';
import { minuteMs, secondMs } from '../../../shared/core/units.ts';
import { approvalDocument, approvalKey, approvalPrefix, encodeApproval } from '../../../shared/durable/approval.ts';
import {
  type EpisodePorts,
  episodeDocument,
  episodeInput,
  episodeOfName,
  executionNameOf,
  startEpisode,
} from '../../../shared/durable/episode.ts';
import { configurationNameOf } from '../../../shared/durable/own-configuration.ts';
import { brokerView, clusterView } from '../health/builders.ts';
import { startExecution } from './execution.ts';
import { checkSending } from './invariants.ts';
import { expectPerson } from './persons.ts';
import { type Stack, slug } from './stack.ts';
import type { Actor, HostileWorld } from './world.ts';

/** Looks that fail every time would go on for days: beyond this something does not come to its end. */
const mostInvocations = 1_500;

const view = clusterView({ brokers: [1, 2, 3].map((id) => brokerView(id)) });

/** The ports of one invocation, over the world and with the store, audit and budget of the product. */
function portsOf(world: HostileWorld, stack: Stack, execution: string, actor: Actor): Ports {
  const { turnstile, clock, msk, switches } = world;
  const ask = <Value>(perform: () => Value): Promise<Value> => turnstile.ask(actor, perform);
  const { key, configuration } = stack;
  const door = stack.doorOf(actor, execution);
  const fetchDocument = () =>
    readJson(stack.storeOf(actor, 'run', statePrefix(slug)), stateKey(slug, key), episodeDocument);
  const percentAt = () => Math.min(100, (100 * switches.usedGiB) / msk.sizeGiB());
  return {
    configuration,
    nowMs: () => clock.nowMs() + actor.skewMs,
    fetchEpisode: async () => (await fetchDocument())?.value,
    fetchNewest: async () => {
      const document = await fetchDocument();
      if (document === undefined) return undefined;
      const { episode, openedAtMs } = document.value;
      const isStarted = await ask(() => stack.executions.has(executionNameOf(key, slug, episode)));
      return { episode, openedAtMs, isStarted };
    },
    fetchCluster: async () => {
      const { at, cluster } = await ask(() => ({ at: world.nextOrder(), cluster: msk.describeCluster() }));
      // What arrives when nobody waits any more was not seen.
      actor.sawState = { at };
      return cluster;
    },
    fetchOperations: () => ask(msk.listOperations),
    fetchOperation: (arn) => ask(() => msk.describeOperation(arn)),
    fetchAutoScaling: () => ask(() => ({ targetCount: 0, policyNames: [] })),
    fetchDisks: (atMs) =>
      ask(() => {
        const points = [10, 5, 0].map((ago) => ({ atMs: atMs - ago * minuteMs, value: percentAt() }));
        return [1, 2, 3].map((brokerId) => ({ brokerId, lastHour: points, lastDay: points }));
      }),
    fetchAlarms: () => ask(() => [{ name: 'disk', state: percentAt() > 80 ? 'ALARM' : 'OK' }]),
    fetchView: () => ask(() => view),
    applyStorage: (currentVersion, toGiB) => {
      const { cause = 'none' } = actor;
      world.violations.push(...checkSending(world, stack, actor, execution, { cause, toGiB }));
      world.sent.push({ cause, execution });
      const sentAtMs = clock.nowMs();
      const update = () => msk.update(cause, currentVersion, toGiB, sentAtMs);
      return turnstile.ask(actor, update, { canBeSentTwice: false, fate: world.nextCallFate() });
    },
    act: async (request) => {
      actor.cause = request.cause;
      const decision = await applyAct(request, door);
      stack.decided.push({ by: execution, cause: request.cause, decision });
      return decision;
    },
    keepApproval: async (request) => {
      const store = stack.storeOf(actor, 'run', approvalPrefix(key));
      const documentKey = approvalKey(key, request.id);
      await writeOnce(store, documentKey, encodeApproval(request), approvalDocument);
      expectPerson(world, stack, documentKey);
    },
    proveCaller: (proof, digest) => ask(() => world.sts.prove(proof, digest)),
    fetchReceipt: (key) => stack.fetchReceipt(actor, key),
    reportProblem: (message) => void stack.problems.push(message),
    publish: (spoken) => stack.publish(actor, execution, spoken),
  };
}

/**
 * Starts an execution under a name, as Lambda does: the same bytes join, others find the name taken.
 *
 * @param by who may invoke the run: the intake, or somebody else who should not
 */
export function applyStart(
  world: HostileWorld,
  stack: Stack,
  name: string,
  payload: string,
  by: 'intake' | 'somebody' = 'somebody',
): 'accepted' | 'taken' {
  const there = stack.executions.get(name);
  if (there !== undefined) return there.payload === payload ? 'accepted' : 'taken';
  const input = episodeInput.parse(JSON.parse(payload));
  const execution = startExecution(name, payload, {
    clock: world.clock,
    newRunner: () => world.newActor(`${name}#${world.nextName()}`),
    nowMsOf: (actor) => () => world.clock.nowMs() + actor.skewMs,
    invoke: (durable, runner) => scaleStorage(input, durable, portsOf(world, stack, name, runner)),
    restartMs: () => secondMs + world.chance.below(minuteMs),
    mostInvocations,
    mustSuspend: () => world.chance.isDrawn(10),
  });
  stack.executions.set(name, execution);
  if (by === 'intake') stack.ofIntake.add(name);
  return 'accepted';
}

/** What wakes the intake: it starts a run or joins the one under way. */
export async function wake(
  world: HostileWorld,
  stack: Stack,
  openedBy: Parameters<typeof startEpisode>[2],
): Promise<void> {
  const actor = world.newActor(`intake#${world.nextName()}`);
  const { turnstile, clock } = world;
  const store = stack.storeOf(actor, 'intake', statePrefix(slug));
  const documentKey = stateKey(slug, stack.key);
  const ports: EpisodePorts = {
    configuration: configurationNameOf(stack.configuration.configuration),
    nowMs: () => clock.nowMs() + actor.skewMs,
    fetchEpisode: () => readJson(store, documentKey, episodeDocument),
    applyEpisode: (document, condition) => keepJson(store, documentKey, document, condition, episodeDocument),
    fetchRunStatus: (name) =>
      turnstile.ask(actor, () => {
        const status = stack.executions.get(name)?.status;
        return status === undefined ? 'unknown' : status === 'running' ? 'running' : 'ended';
      }),
    fetchNewestRun: () =>
      turnstile.ask(actor, () => {
        const newest = [...stack.executions.values()].at(-1);
        return newest && { episode: episodeOfName(newest.name), isRunning: newest.status === 'running' };
      }),
    applyStart: (name, payload) => turnstile.ask(actor, () => applyStart(world, stack, name, payload, 'intake')),
  };
  await startEpisode(stack.key, slug, openedBy, ports);
}
