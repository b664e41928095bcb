import * as z from 'zod';
import { type Finding, severities, sources } from '../core/finding.ts';
import type { OpenFindings } from '../core/open-findings.ts';
import { atMs, namedFacts } from '../text/plain-schemas.ts';

const text = z.string();
const severity = z.enum(severities);
const timeByCheck = z.array(z.tuple([text, atMs])).readonly();

const finding = z.looseObject({
  reason: text,
  message: text,
  sources: z.array(z.enum(sources)).readonly(),
  evidence: namedFacts,
});

const open = z.looseObject({ severity, reason: text, sinceMs: atMs, finding: finding.exactOptional() });

/** What the key names, as it was last judged. */
function findingOf(key: string, { severity, reason, finding: said }: z.infer<typeof open>): Finding {
  const check = key.slice(0, key.indexOf('|'));
  const subject = key.slice(check.length + 1);
  const {
    message,
    sources: by,
    evidence,
  } = said ?? {
    message: `${subject}: ${check} (${reason}).`,
    sources: [],
    evidence: {},
  };
  return { check, subject, severity, reason: said?.reason ?? reason, message, sources: by, evidence };
}

/**
 * The memory of cluster-health as others read it: what is open, and what was judged. What else it keeps is its own. A memory of
 * the release before tells of no check that it was judged whole: then nothing is known to be over.
 */
export const openFindingsDocument: z.ZodType<OpenFindings> = z
  .looseObject({
    version: z.literal(1),
    runId: text,
    atMs,
    open: z.array(z.tuple([text, open])).readonly(),
    judged: timeByCheck.exactOptional(),
    judgedWhole: timeByCheck.exactOptional(),
    names: z.array(text).readonly().exactOptional(),
  })
  .transform(({ runId, atMs, open, judged, judgedWhole, names = [] }): OpenFindings => {
    const judgedAtMsByCheck = new Map(judged);
    return {
      runId,
      atMs,
      open: open.map(([key, one]) => {
        const found = findingOf(key, one);
        return { key, finding: found, sinceMs: one.sinceMs, seenAtMs: judgedAtMsByCheck.get(found.check) ?? atMs };
      }),
      wholeAtMsByCheck: new Map(judgedWhole),
      names,
    };
  });
