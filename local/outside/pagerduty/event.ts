import * as z from 'zod';
import { jsonOf } from '../host.ts';

/**
 * Events API v2, `POST /v2/enqueue`. Its documentation states the limits of lengths in words; no schema of it does, so each
 * is asserted here, whatever PagerDuty itself may let through. Fields that nobody knows are ignored.
 */
const routingKey = z
  .string("'routing_key' is missing or is not a string")
  .length(32, "Length of 'routing_key' is incorrect (should be 32 characters)");
const text = (name: string) => z.string(`'${name}' is missing or is not a string`);
const required = (name: string) => text(name).min(1, `'${name}' is missing or blank`);
const dedupKey = text('dedup_key').max(255, "'dedup_key' is longer than 255 characters");
const details = z.record(z.string(), z.unknown(), "'payload.custom_details' is not an object");
const timestamp = z.iso.datetime({ offset: true, error: "'payload.timestamp' is not a time of ISO 8601" });
const links = z.array(
  z.object({ href: z.url("'links.href' is not a URL"), text: text('links.text').optional() }),
  "'links' is not an array",
);
const images = z.array(
  z.object({
    src: z.url({ protocol: /^https$/, error: "'images.src' is not an https URL" }),
    href: z.url("'images.href' is not a URL").optional(),
    alt: text('images.alt').optional(),
  }),
  "'images' is not an array",
);

const payload = z.object(
  {
    summary: required('payload.summary').max(1024, "'payload.summary' is longer than 1024 characters"),
    source: required('payload.source'),
    severity: z.enum(
      ['critical', 'error', 'warning', 'info'],
      "'payload.severity' is none of critical, error, warning, info",
    ),
    timestamp: timestamp.optional(),
    component: text('payload.component').optional(),
    group: text('payload.group').optional(),
    class: text('payload.class').optional(),
    custom_details: details.optional(),
  },
  "'payload' is missing or is not an object",
);

const change = z.object({
  event_action: z.enum(['acknowledge', 'resolve']),
  routing_key: routingKey,
  dedup_key: dedupKey.min(1, "'dedup_key' is missing or blank"),
});
const trigger = z.object({
  event_action: z.literal('trigger'),
  routing_key: routingKey,
  dedup_key: dedupKey.optional(),
  payload,
  links: links.optional(),
  images: images.optional(),
  client: text('client').optional(),
  client_url: text('client_url').optional(),
});
const event = z.discriminatedUnion('event_action', [trigger, change], {
  error: "'event_action' is none of trigger, acknowledge, resolve",
});

/** `POST /v2/change/enqueue`: shown beside incidents, notifies nobody. */
const changeEvent = z.object({
  routing_key: routingKey,
  payload: z.object(
    {
      summary: required('payload.summary').max(1024, "'payload.summary' is longer than 1024 characters"),
      timestamp: timestamp.optional(),
      source: text('payload.source').optional(),
      custom_details: details.optional(),
    },
    "'payload' is missing or is not an object",
  ),
  links: links.optional(),
});

export type TriggerEvent = z.infer<typeof trigger>;
export type PagerDutyEvent = z.infer<typeof event>;
export type ChangeEvent = z.infer<typeof changeEvent>;
export type Severity = TriggerEvent['payload']['severity'];

/** What an event says, or every reason why it is none, a sentence each. */
type Read<Event> = { readonly event: Event } | { readonly errors: readonly string[] };

const mostBytes = 512 * 1024;

const readBy =
  <Event>(schema: z.ZodType<Event>) =>
  (body: Uint8Array): Read<Event> => {
    if (body.length > mostBytes) return { errors: ['The event is larger than 512 KB'] };
    const { data, error } = schema.safeParse(jsonOf(body));
    if (error === undefined) return { event: data };
    return { errors: [...new Set(error.issues.map(({ message }) => message))] };
  };

export const readEvent = readBy(event);
export const readChange = readBy(changeEvent);
