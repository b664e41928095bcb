import type { Spoken } from '../../../functions/capacity/storage-scaling/core/spoken.ts';
import type { ActDoor } from '../../../shared/acting/act.ts';
import { openAudit } from '../../../shared/acting/audit.ts';
import { openBudget } from '../../../shared/acting/budget-store.ts';
import { fetchClusterClaim } from '../../../shared/acting/cluster-claim.ts';
import { auditPrefix, budgetPrefix } from '../../../shared/acting/core/keys.ts';
import type { ActRecord } from '../../../shared/acting/core/record.ts';
import { intentOf, planActEvent } from '../../../shared/acting/event.ts';
import { fetchKillSwitch } from '../../../shared/acting/kill-switch.ts';
import type { Store } from '../../../shared/aws/store.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import type { Intent, Receipt } from '../../../shared/core/receipt.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';
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
  /** What the bus took, from which people hear it. */
  const said: { readonly by: string; readonly spoken: Spoken }[] = [];
  const acts: { readonly cause: string; readonly decision: string | undefined }[] = [];
  const problems: string[] = [];
  /** That people heard of acts before their calls, by the keys of those words. */
  const receipts = new Map<string, Receipt>();
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
  /** An event that the bus takes, or that nobody hears. */
  const hear = (actor: Actor, take: () => unknown): Promise<void> =>
    turnstile.ask(actor, () => {
      if (switches.isBusAway) throw new DependencyError('events:PutEvents', 'denied', 'denied: the key is disabled');
      take();
    });
  /** Incident tells people what the bus brought it, and keeps that it did; where nobody can be told it keeps nothing. */
  const tellPeople = ({ cluster, key: word }: Intent): void => {
    if (switches.arePeopleAway || receipts.has(word)) return;
    receipts.set(word, { version: 1, cluster, key: word, atMs: clock.nowMs() });
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
        people: {
          fetchReceipt: (word: string) => turnstile.ask(actor, () => receipts.get(word)),
          offerIntent: (record: ActRecord) => hear(actor, () => tellPeople(intentOf(record))),
        },
      }),
      publish: (claim, record) => {
        const { detail } = planActEvent(claim, record);
        return hear(actor, () => acts.push({ cause: String(detail.cause), decision: record.end?.decision }));
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
    said,
    acts,
    problems,
    receipts,
    decided,
    /** Accepted calls of another procedure. */
    others: [] as { readonly cause: string; readonly sentAtMs: number }[],
    storeOf,
    doorOf,
    fetchReceipt: (actor: Actor, word: string) => turnstile.ask(actor, () => receipts.get(word)),
    publish: (actor: Actor, by: string, spoken: readonly Spoken[]) =>
      hear(actor, () => said.push(...spoken.map((one) => ({ by, spoken: one })))),
  };
}
export type Stack = ReturnType<typeof createStack>;
