import type { Word } from '../telling/tell.ts';
import { auditKey } from './core/keys.ts';
import type { ActRecord } from './core/record.ts';
import type { Claim } from './door.ts';

/** A record that ended, as the bus is told of it: `mskeeper plan` for what would have been done, else `mskeeper act`. */
export const planActEvent = (
  claim: Claim,
  record: ActRecord,
): { readonly detailType: 'mskeeper plan' | 'mskeeper act'; readonly detail: Readonly<Record<string, unknown>> } => {
  const { cluster, procedure, cause, plan, target, plannedAtMs, approval, voidAnswers, tries, end } = record;
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
      ...(voidAnswers !== undefined && { voidAnswers }),
      tryCount: tries.length,
      end,
      auditKey: auditKey(cluster, procedure, claim.plannedAtMs, cause),
    },
  };
};

/** What people hear before the call: who plans what and why, under a key that all tries of the cause share. */
export const planIntentWord = ({ cause, procedure, plan, target }: ActRecord, atMs: number): Word<'warning'> => {
  const asked = Object.entries(target).map(([name, value]) => `${name} ${value}`);
  const message = `About to ask for it, ${plan.action} (${asked.join(', ')}): ${plan.message}`;
  return {
    topic: 'warning',
    severity: 'warning',
    headline: message,
    findings: [{ check: procedure, subject: 'cluster', severity: 'warning', message }],
    key: `${cause}/about-to-act`,
    atMs,
  };
};
