import * as z from 'zod';
import { parseAnswer } from '../../aws/answer.ts';
import type { PagerDutySecret } from '../../aws/channel-secrets.ts';
import { minuteMs, secondMs } from '../../core/units.ts';
import type { CallScope } from '../../run/call-scope.ts';
import { digestOf } from '../../text/digest.ts';
import { jsonIn } from '../../text/json.ts';
import { type BaseOf, byName } from './hosts.ts';
import { askHttps } from './https.ts';
import { requireHeard } from './require-heard.ts';

type Rest = NonNullable<PagerDutySecret['rest']>;
type OAuthClient = Extract<Rest, { readonly clientId: string }>;
type Region = PagerDutySecret['region'];

const call = 'pagerduty:oauth-token';
const answerSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,4096}$/),
  expires_in: z.number().min(0),
});

/** Renewed before it ends: what was asked for with it takes a moment. */
const marginMs = minuteMs;

/** Signs in at PagerDuty's REST API, and keeps a token until it ends; once a process. */
export type PagerDutySignIn = {
  /** @returns the header `authorization`. @throws DependencyError naming `pagerduty:oauth-token` */
  readonly authorize: (calls: CallScope, rest: Rest, region: Region, nowMs: number) => Promise<string>;
  /** The next one gets a new token: this one is taken no more. */
  readonly forget: (rest: Rest, region: Region) => void;
};

/**
 * A key of the account as it is, or a token of a Scoped OAuth app, which lasts a day (PagerDuty Developer Documentation,
 * "Obtaining an App OAuth Token").
 */
export function openPagerDutySignIn(baseOf: BaseOf = byName): PagerDutySignIn {
  const kept = new Map<string, { readonly token: string; readonly untilMs: number }>();
  const keyOf = (rest: Rest, region: Region): string => digestOf([rest, region]);
  return {
    authorize: async (calls, rest, region, nowMs) => {
      if ('apiToken' in rest) return `Token token=${rest.apiToken}`;
      const before = kept.get(keyOf(rest, region));
      if (before !== undefined && nowMs < before.untilMs) return `Bearer ${before.token}`;
      const { access_token: token, expires_in: seconds } = await fetchToken(calls, rest, region, baseOf);
      kept.set(keyOf(rest, region), { token, untilMs: nowMs + seconds * secondMs - marginMs });
      return `Bearer ${token}`;
    },
    forget: (rest, region) => {
      kept.delete(keyOf(rest, region));
    },
  };
}

const wrongClient =
  'put clientId and clientSecret of a Scoped OAuth app with incidents.read, and its subdomain, into the secret';

async function fetchToken(calls: CallScope, client: OAuthClient, region: Region, baseOf: BaseOf) {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.clientSecret,
    scope: `as_account-${region}.${client.subdomain} incidents.read`,
  });
  const answer = await askHttps(calls, call, {
    url: `${baseOf('identity.pagerduty.com')}/oauth/token`,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `${body}`,
  });
  const { text } = requireHeard(call, answer, { 400: wrongClient, 401: wrongClient, 403: wrongClient });
  return parseAnswer(call, answerSchema, jsonIn(text));
}
