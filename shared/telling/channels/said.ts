import { escapeClusterText, escapeForeignText } from '../../text/cluster-text.ts';
import { namesIn } from '../../text/names.ts';
import { redactText } from '../../text/redaction.ts';
import type { Page, PageSeverity } from '../core/page.ts';
import { type Moment, momentOf } from './moment.ts';

/** Some of many, worst first, and how many were left out. */
export type Some<Item> = { readonly shown: readonly Item[]; readonly hiddenCount: number };

/**
 * A page in texts that may stand in any channel: each is one line, without secrets and without anything active (a mention, a
 * link, a mark of formatting), and not longer than said here.
 *
 * @property label `P0`, `P1 closed`, `P2 new cause, repeated`
 * @property cluster at most 40 characters
 * @property title at most 300
 * @property says at most 1,000
 * @property facts at most 50, of 600 with their source
 * @property tried at most 20, of 300
 * @property next at most 600
 * @property contacts at most 10, of 100
 * @property incident at most 255
 */
export type Said = {
  readonly priority: Priority;
  readonly severity: PageSeverity;
  readonly kind: Page['kind'];
  readonly label: string;
  readonly cluster: string;
  readonly region: string;
  readonly accountId: string;
  readonly title: string;
  readonly says: string;
  readonly at: Moment;
  readonly since: Moment;
  readonly openedAt?: Moment;
  readonly answerBy?: Moment;
  readonly endedBefore?: Moment;
  readonly rung?: { readonly afterMinutes: number; readonly whom: string };
  readonly facts: Some<{ readonly text: string; readonly source: string }>;
  readonly tried: Some<string>;
  readonly next: string;
  readonly runbook: string;
  readonly contacts: Some<string>;
  readonly incident: string;
  readonly isRepeated: boolean;
};

type Priority = 'P0' | 'P1' | 'P2' | 'P3';

const priorityOf = {
  emergency: 'P0',
  critical: 'P1',
  warning: 'P2',
  notice: 'P3',
} as const satisfies Record<PageSeverity, Priority>;

/** What stands behind the priority, so that nobody takes an end for a beginning. */
const wordOf = {
  opened: '',
  raised: ' raised',
  rung: ' unanswered',
  update: ' update',
  rerooted: ' new cause',
  joined: ' joined',
  closed: ' closed',
  notice: '',
  test: ' TEST',
} as const satisfies Record<Page['kind'], string>;

const mostFacts = 50;
const mostTried = 20;
const mostContacts = 10;

/** Names are left where they stand whole, so that people find them again; all else is made harmless (shared/text). */
export function sayPage(page: Page): Said {
  const names = namesIn({ names: page.names });
  const clean = (text: string, most: number): string => escapeForeignText(redactText(text, names), names, most);
  // Pages and roles are ours and our users': their dots are left, so that they can be followed.
  const cleanOwn = (text: string, most: number): string => escapeClusterText(redactText(text), most);
  const { severity, kind, rung, again, openedAtMs, answerByMs, isRepeated = false } = page;
  const priority = priorityOf[severity];
  return {
    priority,
    severity,
    kind,
    label: `${priority}${wordOf[kind]}${isRepeated ? ', repeated' : ''}`,
    cluster: clean(page.cluster, 40),
    region: clean(page.region, 40),
    accountId: clean(page.accountId, 20),
    title: clean(page.title, 300),
    says: clean(page.says, 1_000),
    at: momentOf(page.atMs),
    since: momentOf(page.startedAtMs),
    ...(openedAtMs !== undefined && { openedAt: momentOf(openedAtMs) }),
    ...(answerByMs !== undefined && { answerBy: momentOf(answerByMs) }),
    ...(again !== undefined && { endedBefore: momentOf(again.endedAtMs) }),
    ...(rung !== undefined && { rung: { ...rung, whom: clean(rung.whom, 100) } }),
    facts: some(
      page.facts.slice(0, mostFacts).map(({ text, source }) => ({ text: clean(text, 500), source: clean(source, 90) })),
      page.facts.length - mostFacts,
      page.moreFactCount,
    ),
    tried: some(
      page.tried.slice(0, mostTried).map((one) => clean(one, 300)),
      page.tried.length - mostTried,
    ),
    next: clean(page.nextCommand, 600),
    runbook: cleanOwn(page.runbook, 300),
    contacts: some(
      page.contacts.slice(0, mostContacts).map((one) => cleanOwn(one, 100)),
      page.contacts.length - mostContacts,
    ),
    incident: clean(page.incidentId, 255),
    isRepeated,
  };
}

const some = <Item>(shown: readonly Item[], cutCount: number, alreadyHidden = 0): Some<Item> => ({
  shown,
  hiddenCount: Math.max(0, cutCount) + alreadyHidden,
});
