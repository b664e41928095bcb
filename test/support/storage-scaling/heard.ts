import type { Spoken } from '../../../functions/capacity/storage-scaling/core/spoken.ts';
import type { Dealing, FindingNews } from '../../../shared/core/bus-event.ts';
import type { Finding, Severity } from '../../../shared/core/finding.ts';

/** One word that people hear by incident: a fault with all that was told beside it, or a notice. */
export type HeardWord = {
  readonly kind: 'fault' | 'notice';
  readonly severity: Severity;
  readonly headline: string;
  readonly findings: readonly Finding[];
  readonly change?: FindingNews['change'];
  readonly key?: string;
  readonly dealing?: Dealing;
};

/** What people hear of one publication; of what is over they hear by the end of its incident (`endedIn`). */
export function heardIn(spoken: readonly Spoken[]): readonly HeardWord[] {
  const faults = spoken.flatMap((one) => (one.kind === 'finding' && one.news.change !== 'closed' ? [one.news] : []));
  const [first] = faults;
  const told: readonly HeardWord[] =
    first === undefined
      ? []
      : [
          {
            kind: 'fault',
            severity: first.finding.severity,
            headline: first.finding.message,
            findings: faults.map(({ finding }) => finding),
            change: first.change,
          },
        ];
  return [
    ...told,
    ...spoken.flatMap((one): HeardWord[] => {
      if (one.kind !== 'notice') return [];
      const { key, severity, headline, findings, dealing } = one.notice;
      return [{ kind: 'notice', severity, headline, findings, key, ...(dealing !== undefined && { dealing }) }];
    }),
  ];
}

/** The faults that a publication calls over, by check and subject. */
export const endedIn = (spoken: readonly Spoken[]): readonly string[] =>
  spoken.flatMap((one) =>
    one.kind === 'finding' && one.news.change === 'closed'
      ? [`${one.news.finding.check}|${one.news.finding.subject}`]
      : [],
  );

/** The plans that subscribers of plans hear. */
export const plansIn = (spoken: readonly Spoken[]) => spoken.flatMap((one) => (one.kind === 'plan' ? [one.plan] : []));
