import * as z from 'zod';
import { severities } from '../core/finding.ts';
import type { OpenFindings } from '../core/open-findings.ts';
import { atMs } from '../text/plain-schemas.ts';

const text = z.string();
const timeByCheck = z.array(z.tuple([text, atMs])).readonly();

/**
 * The memory of cluster-health as others read it: what is open, and what was judged. What else it keeps is its own. A memory of
 * the release before tells of no check that it was judged whole: then nothing is known to be over.
 */
export const openFindingsDocument: z.ZodType<OpenFindings> = z
  .looseObject({
    version: z.literal(1),
    runId: text,
    atMs,
    open: z
      .array(z.tuple([text, z.looseObject({ severity: z.enum(severities), reason: text, sinceMs: atMs })]))
      .readonly(),
    judged: timeByCheck.exactOptional(),
    judgedWhole: timeByCheck.exactOptional(),
  })
  .transform(({ runId, atMs, open, judged, judgedWhole }): OpenFindings => {
    const judgedAtMsByCheck = new Map(judged);
    return {
      runId,
      atMs,
      open: open.map(([key, { severity, reason, sinceMs }]) => {
        const check = key.slice(0, key.indexOf('|'));
        const subject = key.slice(check.length + 1);
        return { key, check, subject, severity, reason, sinceMs, seenAtMs: judgedAtMsByCheck.get(check) ?? atMs };
      }),
      wholeAtMsByCheck: new Map(judgedWhole),
    };
  });
