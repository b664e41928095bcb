import * as z from 'zod';

/**
 * `CloudWatch Alarm State Change` as EventBridge delivers it (CloudWatch User Guide, "Alarm events and EventBridge").
 * A metric alarm has `metrics`, where with metric math the first entry need not have a `metricStat`; a composite alarm
 * has `alarmRule` instead. Reasons and reason data may be missing, reason data is JSON in a string.
 */
const alarmState = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);
export type AlarmState = z.infer<typeof alarmState>;

/** CloudWatch writes `2019-10-02T17:04:40.989+0000`, which is no ISO 8601 time zone; both spellings are read. */
const timestamp = z.string().transform((text, context) => {
  const atMs = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (!Number.isNaN(atMs)) return atMs;
  context.addIssue({ code: 'custom', message: 'Invalid input: expected a time such as 2026-01-31T12:00:00.000+0000' });
  return z.NEVER;
});

const jsonRecord = z.string().transform((text, context): Readonly<Record<string, unknown>> => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'Invalid input: expected a JSON object in a string' });
    return z.NEVER;
  }
});

export const triggeringAlarms = z.object({
  triggeringAlarms: z.array(
    z.object({ arn: z.string(), state: z.object({ value: alarmState, timestamp: timestamp.optional() }) }),
  ),
});

const stateSchema = z.object({
  value: alarmState,
  reason: z.string().optional(),
  reasonData: jsonRecord.optional(),
  timestamp: timestamp.optional(),
  actionsSuppressedBy: z.string().optional(),
  actionsSuppressedReason: z.string().optional(),
});

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
          dimensions: z.record(z.string(), z.string()).optional(),
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

const alarmDetail = z.object({
  alarmName: z.string().min(1),
  state: stateSchema.extend({ timestamp }),
  previousState: stateSchema.optional(),
  configuration: z
    .object({
      description: z.string().optional(),
      metrics: z.array(metricEntry).min(1).optional(),
      alarmRule: z.string().optional(),
      actionsSuppressor: z.string().optional(),
      actionsSuppressorWaitPeriod: seconds.optional(),
      actionsSuppressorExtensionPeriod: seconds.optional(),
    })
    .refine((configuration) => (configuration.metrics === undefined) !== (configuration.alarmRule === undefined), {
      message: 'Invalid input: expected either metrics (a metric alarm) or alarmRule (a composite alarm)',
    }),
});

export const alarmEventSchema = z.object({
  source: z.literal('aws.cloudwatch'),
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  id: z.string().min(1),
  account: z.string(),
  region: z.string(),
  resources: z.array(z.string()).min(1),
  detail: alarmDetail,
});

export type AlarmDetail = z.infer<typeof alarmDetail>;
