import { auditKey } from './core/keys.ts';
import type { ActRecord } from './core/record.ts';
import type { Claim } from './door.ts';

/** A record that ended, as the bus is told of it: `mskeeper plan` for what would have been done, else `mskeeper act`. */
export const planActEvent = (
  claim: Claim,
  record: ActRecord,
): { readonly detailType: 'mskeeper plan' | 'mskeeper act'; readonly detail: Readonly<Record<string, unknown>> } => {
  const { cluster, procedure, cause, plan, target, plannedAtMs, approval, tries, end } = record;
  return {
    detailType: end?.decision === 'would-act' ? 'mskeeper plan' : 'mskeeper act',
    detail: {
      version: 1,
      cluster,
      procedure,
      cause,
      plan,
      target,
      plannedAtMs,
      ...(approval !== undefined && { approval }),
      tryCount: tries.length,
      end,
      auditKey: auditKey(cluster, procedure, claim.plannedAtMs, cause),
    },
  };
};
