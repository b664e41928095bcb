import { partitionOfRegion } from '../../core/partitions.ts';
import { fitEscaped } from '../../text/cluster-text.ts';
import { toJson } from '../../text/json.ts';
import { utf8Bytes } from '../../text/utf8.ts';
import type { Page, PageSeverity } from '../core/page.ts';
import { type Said, sayPage } from './said.ts';
import { circumstancesOf, factLine, headlineOf, helpOf, linesOfSome } from './said-lines.ts';
import { uniqueKeyOf } from './unique-key.ts';

/**
 * What PagerDuty's Events API v2 is sent, without the routing key. Its own words; a trigger of a key that is open adds to that
 * alert, and calls nobody anew.
 */
export type PagerDutyEvent = {
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve';
  readonly dedup_key: string;
  readonly client?: string;
  readonly payload?: {
    readonly summary: string;
    readonly source: string;
    readonly severity: 'critical' | 'error' | 'warning' | 'info';
    readonly timestamp?: string;
    readonly component: string;
    readonly group: string;
    readonly class: string;
    readonly custom_details: Readonly<Record<string, unknown>>;
  };
  readonly links?: readonly { readonly href: string; readonly text: string }[];
};

/** PagerDuty Developer Documentation, "Send an Alert Event"; the body with its routing key. */
const summaryCharacters = 1_024;
const dedupKeyCharacters = 255;
const bodyBytes = 512_000;
/** Around the key's own 32 letters: `"routing_key":"…",`. */
const routingKeyBytes = 64;

const severityOf = {
  emergency: 'critical',
  critical: 'error',
  warning: 'warning',
  notice: 'info',
} as const satisfies Record<PageSeverity, NonNullable<PagerDutyEvent['payload']>['severity']>;

/**
 * A page as an event.
 *
 * @param key by which events join, of the cluster's own: it is made nobody else's here
 */
export function planPagerDutyEvent(
  page: Page,
  { action, key }: { readonly action: PagerDutyEvent['event_action']; readonly key: string },
): PagerDutyEvent {
  const dedup_key = uniqueKeyOf(page, key);
  if (action !== 'trigger') return { event_action: action, dedup_key };
  const said = sayPage(page);
  const href = consoleOf(page.region);
  return {
    event_action: action,
    dedup_key,
    client: 'mskeeper',
    payload: {
      summary: fitEscaped(summaryOf(said), summaryCharacters),
      source: `${said.cluster} in ${said.region}`,
      severity: severityOf[page.severity],
      ...(said.since.iso !== undefined && { timestamp: said.since.iso }),
      component: 'Amazon MSK',
      group: said.cluster,
      class: said.kind,
      custom_details: {
        ...Object.fromEntries(circumstancesOf(said)),
        'What is known': linesOfSome(said.facts, factLine),
        'What was tried': linesOfSome(said.tried, (one) => one),
        ...Object.fromEntries(helpOf(said)),
      },
    },
    ...(href !== undefined && { links: [{ href, text: `Amazon MSK in ${page.region}` }] }),
  };
}

/** What a telephone shows or reads out first: of what begins its worst fact, of all else what the message adds. */
function summaryOf(said: Said): string {
  const [worst] = said.facts.shown;
  const sentences = said.kind === 'opened' && worst !== undefined ? [worst.text, said.says] : [said.says];
  return `${headlineOf(said)}: ${sentences.join(' ')}`;
}

/** MSK's page in the console, of Regions of whose console we know where it is. */
const consoleOf = (region: string): string | undefined =>
  /^[a-z]{2}-[a-z]{1,20}-\d$/.test(region) && partitionOfRegion(region).id === 'aws'
    ? `https://${region}.console.aws.amazon.com/msk/home?region=${region}#/clusters`
    : undefined;

/** What PagerDuty would refuse, for whoever is about to send it. */
export function findPagerDutyProblem(event: PagerDutyEvent): string | undefined {
  const summary = event.payload?.summary.length ?? 1;
  if (summary === 0 || summary > summaryCharacters)
    return `the summary has ${summary} characters of ${summaryCharacters}`;
  if (event.dedup_key.length > dedupKeyCharacters) return `the key has more than ${dedupKeyCharacters} characters`;
  const bytes = utf8Bytes(toJson(event)) + routingKeyBytes;
  return bytes <= bodyBytes ? undefined : `the event has ${bytes} bytes of ${bodyBytes}`;
}
