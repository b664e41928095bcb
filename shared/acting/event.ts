import type { NoticeNews } from '../core/bus-event.ts';
import type { Intent } from '../core/receipt.ts';
import { namesIn } from '../text/names.ts';
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

/** What people have to hear before the call, under a key that all tries of the cause share. */
export const intentOf = ({ cluster, cause, plannedAtMs }: ActRecord): Intent => ({
  cluster,
  key: `${cause}/about-to-act`,
  sinceMs: plannedAtMs,
});

/** The same in words: who plans what and why. */
export const planIntentNotice = (record: ActRecord): NoticeNews => {
  const { procedure, plan, target } = record;
  const asked = Object.entries(target).map(([name, value]) => `${name} ${value}`);
  const message = `About to ask for it, ${plan.action} (${asked.join(', ')}): ${plan.message}`;
  const names = namesIn({ target, plan });
  return {
    key: intentOf(record).key,
    topic: 'operations',
    severity: 'warning',
    headline: message,
    findings: [{ check: procedure, subject: 'cluster', severity: 'warning', message }],
    ...(names.length > 0 && { names }),
    isIntent: true,
  };
};

/** Why nothing was called of which people have to hear first, and what to do. */
export const describeUntold = (why: string): string =>
  `People could not be told of it (${why}), and policy.mustTell wants them to hear it first, so nothing was called: see what keeps incident from telling (npm run mskeeper -- doctor), or take mustTell away and deploy.`;
