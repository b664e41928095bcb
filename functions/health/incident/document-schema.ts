import * as z from 'zod';
import { notificationTopics } from '../../../shared/core/configuration.ts';
import { severities } from '../../../shared/core/finding.ts';
import { atMs } from '../../../shared/text/plain-schemas.ts';
import { causeKinds } from './core/causes.ts';
import type { Diagnosis, Incident, IncidentDocument } from './core/document.ts';
import type { Member } from './core/member.ts';
import type { Message } from './core/outbox.ts';
import { pagingSeverities } from './core/words.ts';
import type { Work } from './core/works.ts';

const text = z.string();
const texts = z.array(text).readonly();
const count = z.int().nonnegative();
const severity = z.enum(severities);
const pagingSeverity = z.enum(pagingSeverities);

const cause = z.strictObject({ kind: z.enum(causeKinds), of: text });

const member = z.strictObject({
  key: text,
  by: z.enum(['finding', 'alarm']),
  procedure: text,
  check: text,
  subject: text,
  severity,
  worst: severity,
  reason: text,
  message: text,
  source: text,
  brokers: texts,
  names: texts.exactOptional(),
  sinceMs: atMs,
  heardAtMs: atMs,
  isUnproven: z.boolean(),
  goneAtMs: atMs.exactOptional(),
  goneBy: z.enum(['alarm', 'no-alarm', 'person']).exactOptional(),
}) satisfies z.ZodType<Member>;

const diagnosis = z.strictObject({
  atMs,
  affected: texts,
  of: text.exactOptional(),
  names: texts.exactOptional(),
  next: text.exactOptional(),
}) satisfies z.ZodType<Diagnosis>;

const incident = z.strictObject({
  id: text,
  cause,
  severity: pagingSeverity,
  startedAtMs: atMs,
  bornAtMs: atMs,
  openedAtMs: atMs.exactOptional(),
  severitySinceMs: atMs.exactOptional(),
  quietSinceMs: atMs.exactOptional(),
  climbedToMs: atMs,
  members: z.array(member).readonly(),
  leftOutCount: count,
  acknowledgement: z
    .strictObject({
      by: text,
      atMs,
      untilMs: atMs,
      severity: pagingSeverity,
      isSilence: z.literal(true).exactOptional(),
    })
    .exactOptional(),
  resolution: z.strictObject({ by: text, atMs, severity: pagingSeverity }).exactOptional(),
  diagnosis: diagnosis.exactOptional(),
}) satisfies z.ZodType<Incident>;

const work = z.strictObject({
  key: text,
  what: text,
  does: z.enum(['disturbs', 'repairs']),
  of: z.union([z.literal('cluster'), z.literal('one-broker'), z.literal('disk'), texts]),
  sinceMs: atMs,
  untilMs: atMs,
  endedAtMs: atMs.exactOptional(),
}) satisfies z.ZodType<Work>;

const kind = z.enum(['opened', 'raised', 'rung', 'update', 'rerooted', 'joined', 'closed', 'notice', 'test']);
const rung = z.strictObject({ afterMinutes: z.number(), whom: text });

const page = z.strictObject({
  cluster: text,
  region: text,
  accountId: text,
  incidentId: text,
  severity: z.enum(['notice', ...pagingSeverities]),
  kind,
  title: text,
  says: text,
  atMs,
  startedAtMs: atMs,
  openedAtMs: atMs.exactOptional(),
  answerByMs: atMs.exactOptional(),
  facts: z.array(z.strictObject({ text, source: text })).readonly(),
  moreFactCount: count,
  tried: texts,
  nextCommand: text,
  runbook: text,
  contacts: texts,
  names: texts,
  rung: rung.exactOptional(),
  isRepeated: z.boolean().exactOptional(),
  again: z.strictObject({ endedAtMs: atMs }).exactOptional(),
});

const destination = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('endpoint'), lane: text, endpoints: z.tuple([text]).readonly() }),
  z.strictObject({ by: z.literal('topic'), lane: text, topic: z.enum(notificationTopics), endpoints: texts }),
]);

const message = z.strictObject({
  id: text,
  incidentId: text.exactOptional(),
  destination,
  key: text,
  action: z.enum(['trigger', 'update', 'resolve', 'notice']),
  kind,
  says: text,
  saysAnew: z.literal(true).exactOptional(),
  rung: rung.exactOptional(),
  page: page.exactOptional(),
  madeAtMs: atMs,
  dueAtMs: atMs,
  tries: count,
  isIntent: z.literal(true).exactOptional(),
  mayHaveArrived: z.boolean().exactOptional(),
  isTooMuch: z.literal(true).exactOptional(),
  why: text.exactOptional(),
  claim: z.strictObject({ by: text, untilMs: atMs }).exactOptional(),
  failedAtMs: atMs.exactOptional(),
  isHeld: z.literal(true).exactOptional(),
  freedAtMs: atMs.exactOptional(),
  outcome: z.enum(['delivered', 'refused', 'dropped']).exactOptional(),
  outcomeAtMs: atMs.exactOptional(),
  reference: text.exactOptional(),
}) satisfies z.ZodType<Message>;

/** `state/incident/<cluster>.json`: what is written is what can be read again. */
export const incidentDocument = z.strictObject({
  version: z.literal(1),
  nextNumber: z.int().positive(),
  incidents: z.array(incident).readonly(),
  ended: z.array(z.strictObject({ id: text, cause, quietSinceMs: atMs, endedAtMs: atMs })).readonly(),
  works: z.array(work).readonly(),
  notices: z.array(z.strictObject({ key: text, heardAtMs: atMs })).readonly(),
  outbox: z.array(message).readonly(),
  outboxLeftOutCount: count,
}) satisfies z.ZodType<IncidentDocument>;
