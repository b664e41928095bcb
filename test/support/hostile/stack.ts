import type { Announcement, BusAnnouncement } from '../../../functions/capacity/storage-scaling/core/model.ts';
import type { ActDoor } from '../../../shared/acting/act.ts';
import { openAudit } from '../../../shared/acting/audit.ts';
import { openBudget } from '../../../shared/acting/budget-store.ts';
import { fetchClusterClaim } from '../../../shared/acting/cluster-claim.ts';
import { auditPrefix, budgetPrefix } from '../../../shared/acting/core/keys.ts';
import type { ActRecord } from '../../../shared/acting/core/record.ts';
import { planActEvent } from '../../../shared/acting/event.ts';
import { fetchKillSwitch } from '../../../shared/acting/kill-switch.ts';
import type { Store } from '../../../shared/aws/store.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import { ask } from '../../../shared/core/known.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';
import type { Told } from '../../../shared/telling/tell.ts';
import { bundledConfiguration } from '../health/health-ports.ts';
import { createBucket, type Principal } from './bucket.ts';
import type { Execution } from './execution.ts';
import { approverRole, type Decided, type HostileHistory } from './model.ts';
import { claimName, createParameters, killSwitchName, stackIdOf } from './parameters.ts';
import { openPolicy } from './policy.ts';
import type { Actor, HostileWorld } from './world.ts';

const calls = openCallScope(new AbortController().signal);
export const slug = 'storage-scaling';

/** Built once a process: it is the same in every history. */
const mayWriteByStack = { orders: openPolicy('orders'), 'orders-b': openPolicy('orders-b') };

/** A deployed mskeeper: its bucket and budget, its runs, what it said to people and on the bus. */
export function createStack(world: HostileWorld, key: keyof typeof mayWriteByStack, history: HostileHistory) {
  const { chance, turnstile, switches, clock } = world;
  const bucket = createBucket(mayWriteByStack[key], () =>
    chance.isDrawn(switches.isWell ? 0 : history.chaosPercent / 2),
  );
  const parameters = createParameters(world, key);
  const stackId = stackIdOf(key);
  const bundled = bundledConfiguration();
  const told: { readonly by: string; readonly announcement: Announcement }[] = [];
  const onBus: { readonly by: string; readonly announcement: BusAnnouncement }[] = [];
  const acts: { readonly cause: string; readonly decision: string | undefined }[] = [];
  const problems: string[] = [];
  /** Causes of which people heard before their call. */
  const intents: string[] = [];
  const decided: Decided[] = [];
  const configuration = {
    ...bundled,
    clusterKey: key,
    configuration: {
      ...bundled.configuration,
      modes: { ...bundled.configuration.modes, 'partition-balance': history.mode, [slug]: history.mode },
      approvals: { ...bundled.configuration.approvals, [slug]: { ...history.approval, timeoutMinutes: 60 } },
      approverPrincipals: [approverRole],
      actionBudget: { actsPerHour: history.actsPerHour },
      policy: {
        ...bundled.configuration.policy,
        scaling: { diskUsedPercent: { warning: 80 } },
        storage: { stepGiB: 100, maxVolumeGiB: 1000 },
      },
    },
  };

  const storeOf = (actor: Actor, by: Principal, ...prefixes: readonly string[]): Store => {
    const client = bucket.clientOf(by, (perform) => turnstile.ask(actor, perform));
    return { client, calls, bucket: 'bucket', prefixes };
  };
  /** A message that people or the bus take, or that nobody hears. */
  const hear = (actor: Actor, isAway: () => boolean, take: () => unknown): Promise<void> =>
    turnstile.ask(actor, () => {
      if (isAway()) throw new DependencyError('sns:Publish', 'denied', 'denied: the key is disabled');
      take();
    });
  /** SNS's word to people, as the product's own way to them takes it. */
  const takeWord = async (actor: Actor, take: () => unknown): Promise<Told> => {
    const heard = await ask(() => hear(actor, () => switches.arePeopleAway, take));
    if (heard.isKnown) return { isTaken: true, messageId: 'm-1' };
    const { call, failure, why, facts } = heard;
    return { isTaken: false, error: new DependencyError(call, failure, why, { facts }) };
  };
  /** @param execution the same for every invocation of a run, as Lambda names it */
  const doorOf = (actor: Actor, execution: string): ActDoor => {
    const store = storeOf(actor, 'run', auditPrefix(key), budgetPrefix);
    return {
      cluster: key,
      execution,
      modes: configuration.configuration.modes,
      windows: [],
      actsPerHour: history.actsPerHour,
      nowMs: () => clock.nowMs() + actor.skewMs,
      newTryId: () => `try-${world.nextName()}`,
      isOver: () => false,
      fetchKillSwitch: () => fetchKillSwitch(parameters.clientOf(actor), calls, killSwitchName),
      fetchClusterClaim: () => fetchClusterClaim(parameters.clientOf(actor), calls, { parameter: claimName, stackId }),
      budget: openBudget(store, key),
      audit: openAudit(store, key),
      ...(history.mustTell && {
        tellIntent: (record: ActRecord) => takeWord(actor, () => intents.push(record.cause)),
      }),
      publish: (claim, record) => {
        const { detail } = planActEvent(claim, record);
        return hear(
          actor,
          () => switches.isBusAway,
          () => acts.push({ cause: String(detail.cause), decision: record.end?.decision }),
        );
      },
      reportProblem: (message) => void problems.push(message),
    };
  };
  return {
    key,
    mustTell: history.mustTell,
    bucket,
    configuration,
    executions: new Map<string, Execution>(),
    /** Names of those that the intake started. */
    ofIntake: new Set<string>(),
    told,
    onBus,
    acts,
    problems,
    intents,
    decided,
    /** Accepted calls of another procedure. */
    others: [] as { readonly cause: string; readonly sentAtMs: number }[],
    storeOf,
    doorOf,
    tell: (actor: Actor, by: string, announcement: Announcement): Promise<Told> =>
      takeWord(actor, () => told.push({ by, announcement })),
    publish: (actor: Actor, by: string, announcement: BusAnnouncement) =>
      hear(
        actor,
        () => switches.isBusAway,
        () => onBus.push({ by, announcement }),
      ),
  };
}
export type Stack = ReturnType<typeof createStack>;
