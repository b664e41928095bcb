import * as z from 'zod';
import { atMs } from '../../../shared/text/plain-schemas.ts';
import { verbatim } from '../../../shared/text/redaction.ts';
import { freeClaim, type LookClaim } from './core/claim.ts';

/** The claim of the look as it is kept in the bucket: so small that it is read and written whole. */
const wake = z.strictObject({
  alarmName: z.string(),
  rule: z.string().exactOptional(),
  changedAtMs: atMs,
  eventId: z.string(),
});

const wakeList = z.strictObject({
  wakes: z.array(wake).readonly(),
  beyondCount: z.int().nonnegative(),
  beyondRules: z.array(z.string()).readonly(),
});

export const claimDocument: z.ZodType<LookClaim> = z.strictObject({
  version: z.literal(freeClaim.version),
  holder: z.strictObject({ runId: z.string(), sinceMs: atMs }).exactOptional(),
  round: z.int().nonnegative(),
  beganAtMs: atMs,
  serving: wakeList,
  waiting: wakeList,
});

/** As it is kept: ids, times and names of alarms, which hold names of topics and groups and are found again by the letter. */
export const encodeClaim = (claim: LookClaim): object => verbatim(claim);
