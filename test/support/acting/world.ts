import type { BudgetDocument } from '../../../shared/acting/core/budget.ts';
import type { KillSwitch } from '../../../shared/acting/core/questions.ts';
import type { ActRecord } from '../../../shared/acting/core/record.ts';
import type { Effect } from '../../../shared/acting/core/request.ts';
import type { ActDoor, Claim, Condition, Kept } from '../../../shared/acting/door.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import { createTurnstile, type Fate, type Runner } from './turnstile.ts';

/** One run at the door: its clock, and what it read last, in the order of all events. */
export type Actor = Runner & {
  readonly skewMs: number;
  sawSwitch?: { readonly value: string; readonly at: number };
  sawState?: { readonly state: State; readonly at: number };
};

/** What an act changes. The lock of the locked API is its version. */
export type State = { readonly version: number; readonly sizeGiB: number };
export type Outcome = { readonly operation: string };
export type SwitchValue = 'on' | 'off' | 'garbage';

/** An accepted call: when it left its run, and when the API took it. */
type Operation = { readonly cause: string; readonly planId: string; readonly atMs: number; readonly sentAtMs: number };

/** The API's own list shows an operation only after this. */
const listLagMs = 20_000;
const day = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
const recordKey = ({ procedure, cause, plannedAtMs }: Claim) => `record/${procedure}/${day(plannedAtMs)}/${cause}`;

/**
 * A small world in one thread: a store with conditional writes, a kill switch, and an API with MSK's optimistic lock or
 * with none.
 */
export const createActWorld = (startMs: number, isLocked: boolean) => {
  let nowMs = startMs;
  let order = 0;
  let killSwitch: SwitchValue = 'off';
  let isRefusing = false;
  const next = () => {
    order += 1;
    return order;
  };
  const turnstile = createTurnstile(() => nowMs);
  const documents = new Map<string, { readonly text: string; readonly etag: string }>();
  const states = new Map<string, State>();
  const operations: Operation[] = [];
  const published: { readonly cause: string; readonly record: ActRecord }[] = [];

  const read = <Value>(key: string): Kept<Value> | undefined => {
    const found = documents.get(key);
    if (found === undefined) return undefined;
    if (found.text === 'damaged') throw new DependencyError('s3:GetObject', 'bad-answer', `${key} is damaged`);
    // What was written under a key is what its readers expect.
    return { value: JSON.parse(found.text) as Value, etag: found.etag };
  };
  const write = (key: string, value: unknown, condition: Condition | 'always') => {
    const there = documents.get(key);
    // Over a document that cannot be read, and over no other.
    if (condition === 'always' && there !== undefined && there.text !== 'damaged') {
      throw new DependencyError('s3:PutObject', 'conflict', 'conflict: it can be read by now');
    }
    if (condition !== 'always' && (condition === 'absent' ? there !== undefined : there?.etag !== condition.etag)) {
      throw new DependencyError('s3:PutObject', 'conflict', 'conflict: PreconditionFailed');
    }
    const etag = `"${next()}"`;
    documents.set(key, { text: JSON.stringify(value), etag });
    return { etag };
  };
  const stateOf = (cause: string): State => states.get(cause) ?? { version: 1, sizeGiB: 100 };
  const accept = (cause: string, planId: string, version: number, attempts: number, sentAtMs: number) => {
    const state = stateOf(cause);
    if (isRefusing || (isLocked && state.version !== version)) {
      const facts = { httpStatus: 400, attempts, requestId: 'r-refused' };
      throw new DependencyError('kafka:Act', 'failed', 'failed: BadRequestException: no', { facts });
    }
    operations.push({ cause, planId, atMs: nowMs, sentAtMs });
    states.set(cause, { version: state.version + 1, sizeGiB: state.sizeGiB + 100 });
    return { outcome: { operation: planId }, requestId: `r-${operations.length}` };
  };

  return {
    turnstile,
    documents,
    operations,
    published,
    nowMs: () => nowMs,
    pass: (ms: number) => {
      nowMs += ms;
    },
    setSwitch: (value: SwitchValue) => {
      killSwitch = value;
    },
    setRefusing: (value: boolean) => {
      isRefusing = value;
    },
    stateOf,
    moveState: (cause: string) => states.set(cause, { ...stateOf(cause), version: stateOf(cause).version + 1 }),
    damage: (key: string) => documents.set(key, { text: 'damaged', etag: '"damaged"' }),
    recordOf: (cause: string): ActRecord | undefined => {
      const key = [...documents.keys()].find((one) => one.startsWith('record/') && one.endsWith(`/${cause}`));
      return key === undefined ? undefined : read<ActRecord>(key)?.value;
    },
    acceptedOf: (cause: string) => operations.filter((one) => one.cause === cause).length,

    /** The ports of the door for one run. */
    portsOf: (actor: Actor) => {
      const ask = <Value>(perform: () => Value) => turnstile.ask(actor, perform);
      return {
        nowMs: () => nowMs + actor.skewMs,
        newTryId: () => `${actor.name}-${next()}`,
        isOver: () => false,
        fetchKillSwitch: () =>
          ask((): KillSwitch => {
            actor.sawSwitch = { value: killSwitch, at: next() };
            return killSwitch === 'garbage' ? { value: 'unknown', message: 'says garbage' } : { value: killSwitch };
          }),
        fetchClusterClaim: async () => ({ holder: 'this-stack' as const }),
        budget: {
          fetch: () => ask(() => read<BudgetDocument>('budget')),
          apply: (document: BudgetDocument, condition: Condition | 'always') =>
            ask(() => write('budget', document, condition)),
        },
        audit: {
          fetchClaim: (procedure, cause) => ask(() => read<Claim>(`claim/${procedure}/${cause}`)?.value),
          applyClaim: (claim) => ask(() => void write(`claim/${claim.procedure}/${claim.cause}`, claim, 'absent')),
          fetchRecord: (claim) => ask(() => read<ActRecord>(recordKey(claim))),
          applyRecord: (claim, record, condition) => ask(() => write(recordKey(claim), record, condition)),
        },
        // A bus that takes an event twice is no fault of the door: events are at least once.
        publish: ({ cause }, record) =>
          turnstile.ask(actor, () => void published.push({ cause, record }), {
            canBeSentTwice: false,
          }),
        reportProblem: () => undefined,
      } satisfies Partial<ActDoor>;
    },
    fetchState: (actor: Actor, cause: string): Promise<State> =>
      turnstile.ask(actor, () => {
        const state = stateOf(cause);
        actor.sawState = { state, at: next() };
        return state;
      }),
    /** Without a lock the client must not retry by itself, as ActRequest asks. */
    call: (actor: Actor, cause: string, planId: string, version: number, fate: Fate | undefined) => {
      const sentAtMs = nowMs;
      const perform = (attempt: number) => accept(cause, planId, version, attempt, sentAtMs);
      return turnstile.ask(actor, perform, { canBeSentTwice: isLocked, fate });
    },
    fetchEffect: (actor: Actor, planId: string): Promise<Effect<Outcome>> =>
      turnstile.ask(actor, () => {
        const isListed = operations.some((one) => one.planId === planId && nowMs - one.atMs >= listLagMs);
        return isListed ? { kind: 'done', outcome: { operation: planId } } : { kind: 'absent' };
      }),
  };
};
export type ActWorld = ReturnType<typeof createActWorld>;
