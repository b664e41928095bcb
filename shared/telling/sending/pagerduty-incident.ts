import * as z from 'zod';
import { parseAnswer } from '../../aws/answer.ts';
import type { PagerDutySecret } from '../../aws/channel-secrets.ts';
import { DependencyError } from '../../core/errors.ts';
import type { CallScope } from '../../run/call-scope.ts';
import { jsonIn } from '../../text/json.ts';
import { type BaseOf, byName, pagerDutyApiHost } from './hosts.ts';
import { askHttps } from './https.ts';
import type { PagerDutySignIn } from './pagerduty-token.ts';
import { quoted } from './quoted.ts';
import { requireHeard } from './require-heard.ts';

const call = 'pagerduty:incidents';

/**
 * What people did in PagerDuty about one key.
 *
 * @property acknowledgedBy names as PagerDuty tells them, made harmless; none unless it is acknowledged
 * @property acknowledgedUntilMs when the acknowledgement lapses; absent where it does not
 * @property changedAtMs when the status changed last @property changedBy who did
 * @property isByNobody it is resolved, and no person did it: a service resolves by itself what was open for 4 h, where nobody set
 *   another time (PagerDuty's knowledge base, "Service settings")
 * @property url the incident's page
 */
export type PagerDutyIncident = {
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly acknowledgedBy: readonly string[];
  readonly acknowledgedAtMs?: number;
  readonly acknowledgedUntilMs?: number;
  readonly changedAtMs?: number;
  readonly changedBy?: string;
  readonly isByNobody?: true;
  readonly url?: string;
};

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const whom = z.object({ type: z.string().nullish(), summary: z.string().nullish() }).nullish();
const incidentSchema = z.object({
  status: z.enum(['triggered', 'acknowledged', 'resolved']),
  acknowledgements: z.array(z.object({ at: time, acknowledger: whom })).default([]),
  pending_actions: z.array(z.object({ type: z.string(), at: time.nullish() })).default([]),
  last_status_change_at: time.nullish(),
  last_status_change_by: whom,
  html_url: z.string().nullish(),
});
type Told = z.output<typeof incidentSchema>;
const answerSchema = z.object({ incidents: z.array(incidentSchema) });

/**
 * Asks PagerDuty's REST API what became of a key, in any service of the account: who calls by telephone has a service of his own,
 * and an answer there is an answer. Of several the acknowledged one counts, then one that is open, then
 * one that a person resolved.
 *
 * @param dedupKey as the event had it
 * @param nowMs by which a token is kept
 * @returns undefined where there is none (yet: an event is taken before its incident is made)
 * @throws DependencyError naming `pagerduty:incidents` or `pagerduty:oauth-token`
 */
export async function fetchPagerDutyIncident(
  calls: CallScope,
  { rest, region }: { readonly rest: NonNullable<PagerDutySecret['rest']>; readonly region: PagerDutySecret['region'] },
  dedupKey: string,
  {
    signIn,
    nowMs,
    baseOf = byName,
  }: { readonly signIn: PagerDutySignIn; readonly nowMs: number; readonly baseOf?: BaseOf },
): Promise<PagerDutyIncident | undefined> {
  const askOnce = async (statuses: readonly Told['status'][]) => {
    const authorization = await signIn.authorize(calls, rest, region, nowMs);
    const answer = await askHttps(calls, call, {
      url: `${baseOf(pagerDutyApiHost[region])}/incidents?${queryOf(dedupKey, statuses)}`,
      method: 'GET',
      headers: { authorization, accept: 'application/vnd.pagerduty+json;version=2' },
    });
    return parseAnswer(call, answerSchema, jsonIn(requireHeard(call, answer, adviceByStatus).text)).incidents;
  };
  const ask = (statuses: readonly Told['status'][]) =>
    askOnce(statuses).catch((error: unknown) => {
      // A token may be taken back before its day is over.
      if ('apiToken' in rest || !isNotSignedIn(error)) throw error;
      signIn.forget(rest, region);
      return askOnce(statuses);
    });
  const open = await ask(['triggered', 'acknowledged']);
  return foremostOf(open.length > 0 ? open : await ask(['resolved']));
}

const adviceByStatus = {
  401: 'the API token or the app is not valid (any more): put a new one into the secret under rest',
  403: 'give the app the scope incidents.read, or use a read-only API key',
} as const;

const isNotSignedIn = (error: unknown): boolean =>
  error instanceof DependencyError && error.call === call && error.failure === 'authentication-failed';

/** A service has one open incident of a key, and an answer of a few stays small enough to be read whole. */
function queryOf(dedupKey: string, statuses: readonly string[]): URLSearchParams {
  const query = new URLSearchParams({ incident_key: dedupKey, sort_by: 'created_at:desc', limit: '5' });
  for (const status of statuses) query.append('statuses[]', status);
  return query;
}

/** A reference to a user, or the user; all else is a service or an integration. */
const isPerson = (one: z.output<typeof whom>): boolean => one?.type === 'user_reference' || one?.type === 'user';

const isByNobody = ({ status, last_status_change_by: by }: Told): boolean => status === 'resolved' && !isPerson(by);

/** Foremost first. */
const order: readonly ((one: Told) => boolean)[] = [
  ({ status }) => status === 'acknowledged',
  ({ status }) => status === 'triggered',
  (one) => one.status === 'resolved' && !isByNobody(one),
  isByNobody,
];

function foremostOf(incidents: readonly Told[]): PagerDutyIncident | undefined {
  const told = order.flatMap((isIt) => incidents.filter(isIt))[0];
  if (told === undefined) return undefined;
  const { status, acknowledgements, pending_actions: pending, last_status_change_by: by, html_url: url } = told;
  const { last_status_change_at: changedAtMs } = told;
  const lapses = pending.flatMap(({ type, at }) => (type === 'unacknowledge' && at != null ? [at] : []));
  const isAcknowledged = status === 'acknowledged';
  return {
    status,
    acknowledgedBy: isAcknowledged ? acknowledgements.map(({ acknowledger }) => nameOf(acknowledger)) : [],
    ...(isAcknowledged &&
      acknowledgements.length > 0 && { acknowledgedAtMs: Math.max(...acknowledgements.map(({ at }) => at)) }),
    ...(isAcknowledged && lapses.length > 0 && { acknowledgedUntilMs: Math.min(...lapses) }),
    ...(changedAtMs != null && { changedAtMs }),
    ...(by?.summary != null && { changedBy: nameOf(by) }),
    ...(isByNobody(told) && { isByNobody: true as const }),
    ...(url != null && isTheirs(url) && { url }),
  };
}

const nameOf = (one: z.output<typeof whom>): string => quoted(one?.summary ?? 'somebody');

/** A link that people are told to follow leads to PagerDuty and nowhere else. */
const isTheirs = (url: string): boolean =>
  /^https:\/\/[a-z0-9-]{1,63}(?:\.eu)?\.pagerduty\.com\/incidents\/[A-Za-z0-9]{1,64}$/.test(url);
