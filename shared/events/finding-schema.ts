import * as z from 'zod';
import type { Diagnosis } from '../core/diagnosis.ts';
import { severities, sources } from '../core/finding.ts';
import { namedFacts, namedValues } from '../text/plain-schemas.ts';

/** What details on the bus are made of. */
export const text = z.string();
export const texts = z.array(text).readonly();
export const severity = z.enum(severities);
export const count = z.int().nonnegative();

/** What a notice says of a finding. */
export const briefFinding = { check: z.string().min(1), subject: z.string().min(1), severity, message: text };
/** A finding whole. */
export const finding = z.object({
  ...briefFinding,
  reason: text,
  sources: z.array(z.enum(sources)).readonly(),
  evidence: namedFacts,
});

const namedPartitions = z.object({
  count,
  named: z.array(z.object({ topic: text, partition: count, leaderId: z.int().exactOptional() })).readonly(),
});

/** What a run makes of all that it found. */
export const diagnosis: z.ZodType<Diagnosis> = z.object({
  at: text,
  depth: text,
  worst: severity,
  sources: namedValues(text),
  affected: z.object({
    brokerCount: count.exactOptional(),
    brokers: z.array(z.int()).readonly().exactOptional(),
    topicCount: count.exactOptional(),
    topics: texts.exactOptional(),
    groupCount: count.exactOptional(),
    groups: texts.exactOptional(),
  }),
  offline: namedPartitions.exactOptional(),
  underReplicated: namedPartitions.exactOptional(),
  findings: z.array(finding).readonly(),
  moreFindingCount: count,
  suspected: text.exactOptional(),
  next: text,
});
