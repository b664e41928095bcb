import { compareSeverities } from '../../shared/core/finding.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { laddersOf } from '../../shared/core/reached.ts';
import type { Mistake } from './mistake.ts';

type Severity = keyof Policy['escalation'];

const checkLadder = (severity: Severity, rungs: Policy['escalation'][Severity]): Mistake[] => {
  let reached: Severity = severity;
  return rungs.flatMap(({ afterMinutes, raisesTo }, index): Mistake[] => {
    const path = ['policy', 'escalation', severity, index];
    const isEarly = afterMinutes < (rungs[index - 1]?.afterMinutes ?? 0);
    const order = isEarly ? [{ path, message: 'comes before the rung above it' }] : [];
    if (raisesTo === undefined) return order;
    if (compareSeverities(raisesTo, reached) > 0) {
      reached = raisesTo;
      return order;
    }
    return [...order, { path: [...path, 'raisesTo'], message: `raises nothing: it is ${reached} by then` }];
  });
};

/** Ladders climb: each rung no earlier than the one above it, and to a worse severity where it raises. */
export const checkLadders = (policy: Pick<Policy, 'escalation'>): Mistake[] =>
  laddersOf({ policy }).flatMap(({ severity, rungs }) => checkLadder(severity, rungs));
