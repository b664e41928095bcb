import type { BudgetDocument } from '../../../shared/acting/core/budget.ts';
import type { ActRecord } from '../../../shared/acting/core/record.ts';
import type { ActRequest } from '../../../shared/acting/core/request.ts';
import type { ActDoor, Claim, Condition, Kept } from '../../../shared/acting/door.ts';
import { type AnswerFacts, DependencyError, type DependencyFailure } from '../../../shared/core/errors.ts';

export const plannedAtMs = Date.parse('2026-11-21T10:00:00Z');

/** A call that fails as the SDK's do. */
export const failing = (failure: DependencyFailure, status?: number, more: AnswerFacts = {}): DependencyError => {
  const facts = { ...(status !== undefined && { httpStatus: status }), attempts: 1, requestId: 'r-refused', ...more };
  return new DependencyError('kafka:UpdateBrokerStorage', failure, `${failure}: no`, { facts });
};

/** One document with conditional writes. */
const createShelf = <Value>() => {
  let kept: Kept<Value> | undefined;
  let version = 0;
  return {
    read: () => kept,
    write: (value: Value, condition: Condition | 'always') => {
      const isHeld =
        condition === 'always' || (condition === 'absent' ? kept === undefined : kept?.etag === condition.etag);
      if (!isHeld) throw new DependencyError('s3:PutObject', 'conflict', 'conflict: PreconditionFailed');
      version += 1;
      kept = { value, etag: `"${version}"` };
      return { etag: kept.etag };
    },
  };
};

/** A door whose world answers at once, and what it kept. */
export const openQuietDoor = (overrides: Partial<ActDoor> = {}) => {
  const record = createShelf<ActRecord>();
  const budget = createShelf<BudgetDocument>();
  const claim = createShelf<Claim>();
  const told: ActRecord[] = [];
  const problems: string[] = [];
  let tries = 0;
  const door: ActDoor = {
    cluster: 'orders',
    execution: 'execution-1',
    modes: {
      'storage-scaling': 'act',
      'partition-balance': 'off',
      'topic-advice': 'off',
      'rolling-reboot': 'off',
      'cluster-change': 'off',
      'metadata-restore': 'off',
      failover: 'off',
      drill: 'off',
    },
    windows: [],
    actsPerHour: 4,
    nowMs: () => plannedAtMs + 1_000,
    newTryId: () => {
      tries += 1;
      return `try-${tries}`;
    },
    isOver: () => false,
    fetchKillSwitch: async () => ({ value: 'off' }),
    fetchClusterClaim: async () => ({ holder: 'this-stack' }),
    budget: { fetch: async () => budget.read(), apply: async (value, condition) => budget.write(value, condition) },
    audit: {
      fetchClaim: async () => claim.read()?.value,
      applyClaim: async (value) => void claim.write(value, 'absent'),
      fetchRecord: async () => record.read(),
      applyRecord: async (_claim, value, condition) => record.write(value, condition),
    },
    publish: async (_claim, value) => void told.push(value),
    reportProblem: (message) => void problems.push(message),
    ...overrides,
  };
  return { door, record, budget, claim, told, problems };
};

export type State = { readonly version: string; readonly sizeGiB: number };
export type Outcome = { readonly operationArn: string };

/** One expansion of storage, which the API accepts; `sent` counts the calls. */
export const planRequest = (overrides: Partial<ActRequest<State, Outcome>> = {}) => {
  const sent = { count: 0 };
  const request: ActRequest<State, Outcome> = {
    procedure: 'storage-scaling',
    cause: 'orders-storage-scaling-3',
    plan: { action: 'expand', reason: 'above-critical', message: 'Expand to 200 GiB.', evidence: { sizeGiB: 200 } },
    target: { sizeGiB: 200 },
    plannedAtMs,
    plannedState: { version: 'K1', sizeGiB: 100 },
    fetchState: async () => ({ sizeGiB: 100, version: 'K1' }),
    isDisruptive: false,
    isLocked: true,
    fetchEffect: async () => ({ kind: 'absent' }),
    call: async () => ({ outcome: { operationArn: 'arn:op-1' }, requestId: 'r-1' }),
    ...overrides,
  };
  const { call } = request;
  return {
    sent,
    request: {
      ...request,
      call: () => {
        sent.count += 1;
        return call();
      },
    },
  };
};

/** Which record belongs to the request of `planRequest`. */
export const claimOf = () => {
  const { procedure, cause } = planRequest().request;
  return { procedure, cause, plannedAtMs };
};

/** A record whose one try of another run may have called. */
export const openTry = (atMs: number, isLocked: boolean): ActRecord => {
  const { procedure, cause, plan, target, plannedState } = planRequest().request;
  const described = { procedure, cause, plan, target, plannedAtMs, plannedState, isDisruptive: false, isLocked };
  const tries = [{ id: 'other', execution: 'execution-0', atMs, seenState: plannedState }];
  return { version: 1, cluster: 'orders', mode: 'act', ...described, tries };
};
