import * as z from 'zod';
import type { LookRequest } from './cluster-view.ts';

/** What a look should contain, as it travels. */
const lookRequest: z.ZodType<LookRequest> = z.strictObject({
  groups: z.boolean(),
  commits: z.boolean(),
  ends: z.enum(['none', 'latest', 'both']),
  logDirectories: z.boolean(),
  topicSettings: z.array(z.string().min(1).max(249)).max(50).readonly(),
  expectedBrokerIds: z.array(z.int().nonnegative()).max(1_000).readonly(),
});

/** 2020-01-01: an earlier "moment" is a duration by mistake. */
const earliestMomentMs = 1_577_836_800_000;

/**
 * What kafka/read accepts, version 1. `bootstrapServers` are what the MSK API told the caller, who is outside of the VPC;
 * `deadlineMs` is the moment (ms since 1970) by which the caller wants the answer.
 */
export const readInvocation = z.strictObject({
  version: z.literal(1),
  operation: z.literal('look'),
  bootstrapServers: z.array(z.string().min(3).max(300)).min(1).max(50).readonly(),
  request: lookRequest,
  deadlineMs: z.int().min(earliestMomentMs, 'must be a moment in ms since 1970, not a duration'),
});

export type ReadInvocation = z.infer<typeof readInvocation>;
