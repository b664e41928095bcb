import type { FindingNews, NoticeNews, ReportNews } from '../../../../shared/core/bus-event.ts';
import type { Evidence } from '../../../../shared/core/plan.ts';
import { faultKey, newsOfFault, type ToldFault } from './faults.ts';
import type { Announcement } from './model.ts';

/** A notice with whole findings, whose evidence says which names stand in their sentences. */
type SpokenNotice = Omit<NoticeNews, 'findings'> & Pick<Announcement, 'findings'>;

/** One event for the bus, before who speaks and when. */
export type Spoken =
  | { readonly kind: 'finding'; readonly news: FindingNews }
  | { readonly kind: 'notice'; readonly notice: SpokenNotice }
  | { readonly kind: 'plan'; readonly plan: Evidence }
  | { readonly kind: 'report'; readonly report: ReportNews };

/**
 * The events of what is announced: each word to people once, as a fault or as a notice.
 *
 * @param key of the word: the same at each repeat, and no other's
 * @param openByKey the faults that the bus knows
 * @param isPressing of a fault that is told again
 */
export function spokenOf(
  { kind, severity, headline, findings, names, plan, dealing }: Announcement,
  key: string,
  openByKey: ReadonlyMap<string, ToldFault>,
  isPressing: boolean,
  atMs: number,
): readonly Spoken[] {
  const plans: readonly Spoken[] =
    plan === undefined ? [] : [{ kind: 'plan', plan: { message: headline, severity, ...plan } }];
  switch (kind) {
    case 'plan':
      return plans;
    case 'fault':
      return [
        ...findings.map((one): Spoken => {
          const news = newsOfFault(one, openByKey.get(faultKey(one)), isPressing, atMs);
          return { kind: 'finding', news: { ...news, ...(names !== undefined && { names }) } };
        }),
        ...plans,
      ];
    case 'notice':
      return [noticeOf({ key, severity, headline, findings, ...(dealing !== undefined && { dealing }) }), ...plans];
    default:
      return kind satisfies never;
  }
}

/** A word to those who hear of acts, plans, requests and reports. */
export const noticeOf = (said: Omit<SpokenNotice, 'topic' | 'names'>): Extract<Spoken, { kind: 'notice' }> => ({
  kind: 'notice',
  notice: { ...said, topic: 'operations' },
});
