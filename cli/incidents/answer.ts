import * as z from 'zod';
import type { CommandAnswer } from '../../functions/health/incident/core/command-answer.ts';
import { atMs } from '../../shared/text/plain-schemas.ts';

const text = z.string();
const texts = z.array(text).readonly();
const severity = z.enum(['warning', 'critical', 'emergency']);
const outcome = z.enum(['delivered', 'refused', 'dropped', 'unknown', 'failed', 'waiting']);

const message = z.object({
  kind: z.enum(['opened', 'raised', 'rung', 'update', 'rerooted', 'joined', 'closed', 'notice', 'test']),
  says: text,
  endpoints: texts,
  provesArrival: z.boolean(),
  outcome,
  atMs,
  tries: z.int().nonnegative(),
  why: text.exactOptional(),
});

const incident = z.object({
  id: text,
  title: text,
  severity,
  startedAtMs: atMs,
  openedAtMs: atMs.exactOptional(),
  answerByMs: atMs.exactOptional(),
  quietSinceMs: atMs.exactOptional(),
  liveCount: z.int().nonnegative(),
  acknowledgement: z
    .object({ by: text, atMs, untilMs: atMs, severity, isSilence: z.literal(true).exactOptional() })
    .exactOptional(),
  resolution: z.object({ by: text, atMs, severity }).exactOptional(),
  pager: z
    .object({
      status: z.enum(['triggered', 'acknowledged', 'resolved']),
      by: text.exactOptional(),
      isByNobody: z.literal(true).exactOptional(),
    })
    .exactOptional(),
  dealing: z.object({ what: text, untilMs: atMs }).exactOptional(),
  nextRung: z
    .object({ atMs, isHeldBack: z.boolean(), raisesTo: severity.exactOptional(), levels: texts, endpoints: texts })
    .exactOptional(),
  messages: z.array(message).readonly(),
});

const listing = z.object({
  atMs,
  open: z.array(incident).readonly(),
  ended: z.array(z.object({ id: text, title: text, endedAtMs: atMs })).readonly(),
});

/** What incident's function answers to a command. */
export const commandAnswer: z.ZodType<CommandAnswer> = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('listed'), listing }),
  z.object({ outcome: z.literal('done'), by: text, says: text, incident: incident.exactOptional() }),
  z.object({
    outcome: z.literal('tested'),
    by: text,
    tests: z
      .array(z.object({ endpoint: text, kind: text, outcome, provesArrival: z.boolean(), why: text.exactOptional() }))
      .readonly(),
    looks: z
      .array(
        z.object({
          endpoint: text,
          kind: z.enum(['pagerduty', 'phone', 'slack', 'amazon-q', 'sms', 'email', 'https']),
          state: z.enum(['good', 'broken', 'unknown']),
          says: text.exactOptional(),
        }),
      )
      .readonly(),
  }),
  z.object({
    outcome: z.literal('refused'),
    because: z.enum([
      'no-approvers',
      'sts-away',
      'unnamed',
      'not-kept',
      'no-such-incident',
      'unproven',
      'stranger',
      'replayed',
    ]),
    why: text,
  }),
]);
