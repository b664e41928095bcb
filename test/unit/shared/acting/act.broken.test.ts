import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { histories } from '../../../support/acting/arbitrary.ts';
import { type Breakage, playHistory } from '../../../support/acting/history.ts';

/**
 * The property of act.property.test.ts is worth what it finds: each of these guards lacks one thing, and each must be
 * caught by a history.
 */
const broken: readonly [what: string, found: RegExp, breakage: Breakage][] = [
  [
    'keeps no intent',
    /without an intent/,
    (request, door) => {
      const applyRecord: typeof door.audit.applyRecord = (claim, record, condition) =>
        record.end === undefined
          ? Promise.resolve({ etag: '"none"' })
          : door.audit.applyRecord(claim, record, condition);
      return { request, door: { ...door, audit: { ...door.audit, applyRecord } } };
    },
  ],
  [
    'writes over the intent of another run',
    /calls were accepted/,
    (request, door) => {
      const applyRecord: typeof door.audit.applyRecord = async (claim, record) => {
        const there = await door.audit.fetchRecord(claim);
        return door.audit.applyRecord(claim, record, there === undefined ? 'absent' : { etag: there.etag });
      };
      return { request, door: { ...door, audit: { ...door.audit, applyRecord } } };
    },
  ],
  [
    'forgets which day a cause was planned on',
    /calls were accepted|after the end/,
    (request, door) => {
      const audit = { ...door.audit, fetchClaim: async () => undefined, applyClaim: async () => undefined };
      return { request, door: { ...door, audit } };
    },
  ],
  [
    'does not read the state again',
    /without the state/,
    (request, door) => ({ request: { ...request, fetchState: async () => request.plannedState }, door }),
  ],
  [
    'remembers the kill switch',
    /older than the state/,
    (request, door) => {
      let remembered: ReturnType<typeof door.fetchKillSwitch> | undefined;
      const fetchKillSwitch = () => {
        remembered ??= door.fetchKillSwitch();
        return remembered;
      };
      return { request, door: { ...door, fetchKillSwitch } };
    },
  ],
  [
    'takes a kill switch that it does not understand for off',
    /under the kill switch: garbage/,
    (request, door) => {
      const fetchKillSwitch = async () => {
        const killSwitch = await door.fetchKillSwitch();
        return killSwitch.value === 'unknown' ? ({ value: 'off' } as const) : killSwitch;
      };
      return { request, door: { ...door, fetchKillSwitch } };
    },
  ],
  [
    'acts in mode plan',
    /in mode plan/,
    (request, door) => ({ request, door: { ...door, modes: { ...door.modes, 'storage-scaling': 'act' } } }),
  ],
  [
    'has no calendar',
    /outside of the window/,
    (request, door) => ({ request: { ...request, isDisruptive: false }, door }),
  ],
  [
    'keeps no budget',
    /more acts than the budget/,
    (request, door) => ({ request, door: { ...door, budget: { ...door.budget, apply: async () => undefined } } }),
  ],
  [
    'starts a new budget where it cannot read the old one',
    /more acts than the budget/,
    (request, door) => {
      const fetch: typeof door.budget.fetch = async () => {
        const stored = await door.budget.fetch();
        return stored === undefined ? undefined : { value: { version: 1, reservations: [] }, etag: stored.etag };
      };
      return { request, door: { ...door, budget: { ...door.budget, fetch } } };
    },
  ],
  [
    'takes every call for locked',
    /calls were accepted/,
    (request, door) => ({ request: { ...request, isLocked: true }, door }),
  ],
  [
    'never looks at its watch',
    /long after its intent/,
    (request, door) => {
      const startedAtMs = door.nowMs();
      return { request, door: { ...door, nowMs: () => startedAtMs } };
    },
  ],
  [
    'judges the truth by its own plan',
    /calls were accepted|never settled|but the record says/,
    (request, door) => ({
      request: {
        ...request,
        fetchEffect: (intended) => request.fetchEffect({ ...intended, target: request.target }),
      },
      door,
    }),
  ],
  [
    'takes a lost answer for a refusal',
    /but a call was accepted/,
    (request, door) => {
      const call: typeof request.call = () =>
        request.call().catch((error: unknown) => {
          if (!(error instanceof DependencyError)) throw error;
          throw new DependencyError('kafka:Act', 'failed', 'failed', { facts: { httpStatus: 400, attempts: 1 } });
        });
      return { request: { ...request, call }, door };
    },
  ],
  [
    'adopts what it has not seen',
    /adopted, but 0 calls/,
    (request, door) => ({
      request: { ...request, fetchEffect: async () => ({ kind: 'done', outcome: { operation: 'none' } }) },
      door,
    }),
  ],
  [
    'never asks the truth',
    /never settled|accepted, but the record/,
    (request, door) => ({
      request: { ...request, fetchEffect: async () => ({ kind: 'unknown', message: 'not asked' }) },
      door,
    }),
  ],
];

test.each(broken)('a guard that %s is caught', async (_what, found, breakage) => {
  const property = fc.asyncProperty(histories, async (history) => {
    const { violations } = await playHistory(history, breakage);
    return violations.every((violation) => !found.test(violation));
  });
  const { failed } = await fc.check(property, { numRuns: 5_000, seed: 7, endOnFailure: true });
  expect(failed).toBe(true);
});
