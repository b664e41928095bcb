import * as z from 'zod';
import type { LookRequest } from '../core/cluster-view.ts';

/** What a look should contain, as it travels. */
const lookRequest: z.ZodType<LookRequest> = z.strictObject({
  groups: z.boolean(),
  commits: z.boolean(),
  members: z.enum(['none', 'all']).exactOptional(),
  ends: z.enum(['none', 'latest', 'both']),
  logDirectories: z.boolean(),
  topicBytes: z.boolean().exactOptional(),
  topicSettings: z.array(z.string().min(1).max(249)).max(50).readonly(),
  topicNames: z.array(z.string().min(1).max(249)).max(1_000).readonly().exactOptional(),
  expectedBrokerIds: z.array(z.int().nonnegative()).max(1_000).readonly(),
  answerTimeoutMs: z.int().min(100).max(120_000).exactOptional(),
});

/** Lambda lets nothing run longer: a larger number is a moment by mistake. */
const longestRunMs = 900_000;

/**
 * What kafka/read accepts, version 1; raised when the shape changes after a release. `bootstrapServers` are what the MSK API told the caller, who is outside of the VPC;
 * `withinMs` is how long the look may take. It is a duration and no moment, since two machines' clocks need not agree, and
 * the function's own start must not eat the time in which brokers may answer.
 */
export const readInvocation = z.strictObject({
  version: z.literal(
    1,
    'is not 1: who asks was deployed at another time than this function. While a deploy is under way the next run is understood; else deploy the stack again',
  ),
  operation: z.literal('look'),
  bootstrapServers: z.array(z.string().min(3).max(300)).min(1).max(50).readonly(),
  request: lookRequest,
  withinMs: z.int().min(1).max(longestRunMs, 'must be a duration in ms, not a moment'),
});

export type ReadInvocation = z.infer<typeof readInvocation>;
