import * as z from 'zod';
import type { Tried } from '../../core/delivery.ts';
import type { CallScope } from '../../run/call-scope.ts';
import { jsonIn, toJson } from '../../text/json.ts';
import { findPagerDutyProblem, type PagerDutyEvent } from '../channels/pagerduty-event.ts';
import { type BaseOf, byName, type PagerDutyRegion, pagerDutyEventsHost } from './hosts.ts';
import { askHttps } from './https.ts';
import { delivered, hear, notTaken, refused } from './outcome.ts';
import { quoted } from './quoted.ts';

const refusalSchema = z.object({ message: z.string().default(''), errors: z.array(z.string()).default([]) });

/**
 * Sends one event. PagerDuty takes it for later (202): an incident may be there seconds after. Events join by their key, so that
 * one that was sent twice calls nobody twice. About 120 are taken a minute and key (PagerDuty Developer Documentation, "Events
 * API v2 Overview").
 *
 * @param to whose service; the routing key is in no error
 */
export async function sendPagerDuty(
  calls: CallScope,
  to: { readonly routingKey: string; readonly region: PagerDutyRegion },
  event: PagerDutyEvent,
  baseOf: BaseOf = byName,
): Promise<Tried> {
  const problem = findPagerDutyProblem(event);
  if (problem !== undefined) return refused(`not sent to PagerDuty: ${problem}`);
  const answer = await askHttps(calls, 'pagerduty:enqueue', {
    url: `${baseOf(pagerDutyEventsHost[to.region])}/v2/enqueue`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: toJson({ routing_key: to.routingKey, ...event }),
  });
  const said = hear('PagerDuty', answer);
  if (!said.isHeard) return said.tried;
  const { status, text } = said.heard;
  if (status === 202) return delivered;
  if (status === 400) return refused(`PagerDuty refuses the event (400)${reasonIn(text, to.routingKey)}: ${advice}`);
  return notTaken('failed', `PagerDuty answered ${status}`, said.heard);
}

const advice = 'is the routing key that of an Events API v2 integration, and its region (us, eu) the right one?';

/** An answer may quote what it refuses. */
function reasonIn(text: string | undefined, routingKey: string): string {
  const said = refusalSchema.safeParse(jsonIn(text));
  if (!said.success) return '';
  const words = [said.data.message, ...said.data.errors].filter((one) => one !== '').join('; ');
  return words === '' ? '' : `, saying "${quoted(words.replaceAll(routingKey, '[routing key]'))}"`;
}
