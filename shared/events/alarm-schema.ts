import * as z from 'zod';
import { namedValues } from '../text/plain-schemas.ts';

/**
 * `CloudWatch Alarm State Change` as EventBridge delivers it (CloudWatch User Guide, "Alarm events and EventBridge").
 * A metric alarm has `metrics`, where with metric math the first entry need not have a `metricStat`; a composite alarm
 * has `alarmRule` instead. Reasons and reason data may be missing, reason data is JSON in a string.
 */
export const alarmState = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);
export type AlarmState = z.infer<typeof alarmState>;

/** CloudWatch writes `2019-10-02T17:04:40.989+0000`, which is no ISO 8601 time zone; both spellings are read. */
const timestamp = z.string().transform((text, context) => {
  const atMs = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (!Number.isNaN(atMs)) return atMs;
  context.addIssue({ code: 'custom', message: 'Invalid input: expected a time such as 2026-01-31T12:00:00.000+0000' });
  return z.NEVER;
});

/** Reason data is JSON in a string; of a composite alarm it names the alarms that triggered it. */
const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'Invalid input: expected JSON in a string' });
    return z.NEVER;
  }
});

export const triggeringAlarms = jsonText.pipe(z.object({ triggeringAlarms: z.array(z.object({ arn: z.string() })) }));

const metricEntry = z
  .object({
    id: z.string(),
    expression: z.string().optional(),
    label: z.string().optional(),
    returnData: z.boolean().optional(),
    metricStat: z
      .object({
        metric: z.object({
          namespace: z.string().optional(),
          name: z.string(),
          dimensions: namedValues(z.string()).optional(),
        }),
        period: z.number(),
        stat: z.string(),
      })
      .optional(),
  })
  .refine((entry) => entry.expression !== undefined || entry.metricStat !== undefined, {
    message: 'Invalid input: expected metricStat or expression',
  });

const seconds = z.coerce.number().nonnegative();

export const alarmConfiguration = z
  .object({
    metrics: z.array(metricEntry).min(1).optional(),
    alarmRule: z.string().optional(),
    actionsSuppressor: z.string().optional(),
    actionsSuppressorWaitPeriod: seconds.optional(),
    actionsSuppressorExtensionPeriod: seconds.optional(),
  })
  .refine((configuration) => (configuration.metrics === undefined) !== (configuration.alarmRule === undefined), {
    message: 'Invalid input: expected either metrics (a metric alarm) or alarmRule (a composite alarm)',
  });
export type AlarmConfiguration = z.infer<typeof alarmConfiguration>;

/**
 * Whose alarm it is, how it stands, since when: without these an event is none of ours. The rest tells why it changed, which
 * proves nothing and is read where it can be (`readEvidence`).
 */
export const alarmIdentity = z.object({
  source: z.literal('aws.cloudwatch'),
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  id: z.unknown().optional(),
  account: z.string(),
  region: z.string(),
  resources: z.unknown().optional(),
  detail: z.object({
    alarmName: z.string().min(1),
    state: z.looseObject({ value: alarmState, timestamp }),
    previousState: z.unknown().optional(),
    configuration: z.unknown().optional(),
  }),
});
export type AlarmIdentity = z.infer<typeof alarmIdentity>;
