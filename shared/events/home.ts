import * as z from 'zod';
import type { OwnAlarms } from '../core/own-alarms.ts';
import { beginningOf } from '../text/utf8.ts';

type Home = Pick<OwnAlarms, 'accountId' | 'region'>;

/** Why an event of another account or Region is refused. */
export const strangers = {
  account: "is not this stack's account",
  region: "is not this stack's Region",
} as const;

const envelope = z.looseObject({
  'detail-type': z.unknown().optional(),
  account: z.unknown().optional(),
  region: z.unknown().optional(),
});

const quoted = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(beginningOf(value, 255)) : 'what it says';

/**
 * An event that came by EventBridge, of whatever kind, must be of this stack's own account and Region: a bus may gather those
 * of many. A Region lies in one partition, so that it says this, too. What nobody can send by a bus (a schedule, a person) has
 * no envelope, and nothing to compare.
 *
 * @param home asked only for what has an envelope
 */
export const fromHome = <Event>(schema: z.ZodType<Event>, home: () => Home): z.ZodType<Event> =>
  z.unknown().transform((event, context): Event => {
    const found = envelope.safeParse(event);
    if (found.success && found.data['detail-type'] !== undefined) {
      const { accountId, region } = home();
      const issues = [
        ...(found.data.account === accountId ? [] : (['account'] as const)),
        ...(found.data.region === region ? [] : (['region'] as const)),
      ];
      for (const key of issues)
        context.addIssue({ code: 'custom', path: [key], message: `${quoted(found.data[key])} ${strangers[key]}` });
      if (issues.length > 0) return z.NEVER;
    }
    const parsed = schema.safeParse(event);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });
