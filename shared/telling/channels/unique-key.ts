import { digestOf } from '../../text/digest.ts';
import { redactText } from '../../text/redaction.ts';
import type { Page } from '../core/page.ts';

/** What PagerDuty takes for a dedup_key (Events API v2). */
const keyCharacters = 255;
/** Nothing that a channel could take for more than letters; what is none of these has the form of a digest. */
const isPlain = /^[\w./|: -]*$/;

/**
 * A key of one cluster's incidents, made nobody else's: many stacks may share a service of PagerDuty or a channel of Slack,
 * and each of them has an incident 7. What is long, has other letters or looks like a secret is told by its digest.
 *
 * @param key of the cluster's own
 */
export function uniqueKeyOf(
  { accountId, region, cluster }: Pick<Page, 'accountId' | 'region' | 'cluster'>,
  key: string,
): string {
  const whole = ['mskeeper', accountId, region, cluster, key].join('/');
  if (isPlain.test(whole) && whole.length <= keyCharacters && redactText(whole) === whole) return whole;
  return `mskeeper/digest=${digestOf([accountId, region, cluster, key])}`;
}
