import * as z from 'zod';
import { readJson, type Store, type Stored, writeJson } from '../aws/store.ts';
import { slugSchema } from '../configuration/schema.ts';
import { DependencyError } from '../core/errors.ts';
import { digestPattern } from '../text/digest.ts';
import { atMs, namedFacts, plainJson } from '../text/plain-schemas.ts';
import { auditKey, claimKey } from './core/keys.ts';
import type { ActRecord } from './core/record.ts';
import { stopReasons } from './core/request.ts';
import type { AuditPorts, Claim } from './door.ts';

const cause = z.string().regex(/^[a-z0-9][a-z0-9-]{0,127}$/);
const frame = { id: z.string().min(1), atMs, execution: z.string().min(1) };
const requestId = z.string().exactOptional();

const end = z.discriminatedUnion('decision', [
  z.strictObject({ ...frame, decision: z.enum(['acted', 'adopted']), outcome: plainJson, requestId }),
  z.strictObject({ ...frame, decision: z.literal('would-act') }),
  z.strictObject({
    ...frame,
    decision: z.literal('stopped'),
    reason: z.enum(stopReasons),
    message: z.string(),
    refusal: z.string().exactOptional(),
    requestId,
  }),
]);

const aTry = z.strictObject({
  ...frame,
  seenState: plainJson,
  withdrawn: z.strictObject({ atMs, reason: z.enum(stopReasons), message: z.string() }).exactOptional(),
});

const decision = {
  by: z.string(),
  atMs,
  comment: z.string().exactOptional(),
  digest: z.string().regex(digestPattern).exactOptional(),
  isProven: z.boolean().exactOptional(),
};

/** A record of `audit/`. What is not exactly of this shape is damaged, and is never written over. */
export const actRecordDocument: z.ZodType<ActRecord> = z.strictObject({
  version: z.literal(1),
  cluster: z.string().min(1),
  procedure: slugSchema,
  cause,
  mode: z.enum(['plan', 'act']),
  plan: z.strictObject({
    action: z.string(),
    reason: z.string(),
    message: z.string(),
    evidence: namedFacts,
  }),
  target: namedFacts,
  plannedAtMs: atMs,
  plannedState: plainJson,
  isDisruptive: z.boolean(),
  isLocked: z.boolean(),
  approval: z
    .strictObject({
      ...decision,
      isRefused: z.literal(true).exactOptional(),
      earlier: z.array(z.strictObject(decision)).exactOptional(),
    })
    .exactOptional(),
  voidAnswers: z
    .array(z.strictObject({ because: z.string(), by: z.string().exactOptional(), askedAtMs: atMs }))
    .exactOptional(),
  tries: z.array(aTry),
  end: end.exactOptional(),
});

/** Where a cause's record lies: under the day on which it was first planned. */
export const actClaimDocument = z.strictObject({
  version: z.literal(1),
  procedure: slugSchema,
  cause,
  plannedAtMs: atMs,
});

const requireSame = (key: string, isSame: boolean): void => {
  if (isSame) return;
  throw new DependencyError('s3:GetObject', 'bad-answer', `bad answer: ${key} is about something else`);
};

/**
 * Reads one record.
 *
 * @throws DependencyError `bad-answer` for a damaged one
 */
export const fetchActRecord = (store: Store, key: string): Promise<Stored<ActRecord> | undefined> =>
  readJson(store, key, actRecordDocument);

/** The audit of one cluster in the bucket. The store's prefixes must hold `audit/<cluster>/`. */
export const openAudit = (store: Store, cluster: string): AuditPorts => {
  const keyOf = (claim: Claim) => auditKey(cluster, claim.procedure, claim.plannedAtMs, claim.cause);
  return {
    fetchClaim: async (procedure, cause) => {
      const key = claimKey(cluster, procedure, cause);
      const stored = await readJson(store, key, actClaimDocument);
      if (stored === undefined) return undefined;
      requireSame(key, stored.value.procedure === procedure && stored.value.cause === cause);
      return { procedure, cause, plannedAtMs: stored.value.plannedAtMs };
    },
    applyClaim: async (claim) => {
      const key = claimKey(cluster, claim.procedure, claim.cause);
      await writeJson(store, key, { version: 1, ...claim }, 'absent', actClaimDocument);
    },
    fetchRecord: async (claim) => {
      const key = keyOf(claim);
      const stored = await fetchActRecord(store, key);
      if (stored === undefined) return undefined;
      const { value } = stored;
      requireSame(key, value.cluster === cluster && value.procedure === claim.procedure && value.cause === claim.cause);
      return stored;
    },
    applyRecord: (claim, record, condition) => writeJson(store, keyOf(claim), record, condition, actRecordDocument),
  };
};
