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

const triggeringAlarms = z.object({
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

const detailSchema = z.object({
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

const schema = z.object({
  source: z.literal('aws.cloudwatch'),
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  id: z.string().min(1),
  account: z.string(),
  region: z.string(),
  resources: z.array(z.string()).min(1),
  detail: detailSchema,
});

export type AlarmMetric = {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodSeconds: number;
  readonly statistic: string;
};

export type AlarmSubject =
  | { readonly kind: 'metric'; readonly metrics: readonly AlarmMetric[] }
  | { readonly kind: 'math'; readonly expressions: readonly string[]; readonly metrics: readonly AlarmMetric[] }
  | {
      readonly kind: 'composite';
      readonly rule: string;
      readonly triggeringAlarmArns: readonly string[];
      readonly suppressorAlarm?: string;
      readonly suppressorWaitSeconds?: number;
      readonly suppressorExtensionSeconds?: number;
    };

/** An alarm's change of state. It wakes and never proves: the procedure looks for itself. */
export type AlarmWake = {
  readonly kind: 'alarm';
  readonly eventId: string;
  readonly alarmName: string;
  readonly alarmArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly state: AlarmState;
  readonly reason: string;
  readonly changedAtMs: number;
  readonly previousState?: AlarmState;
  readonly subject: AlarmSubject;
  /** Present while a suppressor holds the alarm's actions back. */
  readonly suppressedBy?: string;
  readonly suppressedReason?: string;
};

export const alarmEvent = schema.transform((event, context): AlarmWake => {
  const { state, previousState, configuration, alarmName } = event.detail;
  const subject =
    configuration.metrics === undefined
      ? compositeSubject(configuration, state.reasonData)
      : metricSubject(configuration.metrics);
  if (subject === undefined) {
    const message = 'Invalid input: expected {"triggeringAlarms":[{"arn","state":{"value"}}]} in a string';
    context.addIssue({ code: 'custom', path: ['detail', 'state', 'reasonData'], message });
    return z.NEVER;
  }
  return {
    kind: 'alarm',
    eventId: event.id,
    alarmName,
    alarmArn: event.resources[0] ?? alarmName,
    accountId: event.account,
    region: event.region,
    state: state.value,
    reason: state.reason ?? '',
    changedAtMs: state.timestamp,
    ...(previousState === undefined ? {} : { previousState: previousState.value }),
    subject,
    ...(state.actionsSuppressedBy === undefined ? {} : { suppressedBy: state.actionsSuppressedBy }),
    ...(state.actionsSuppressedReason === undefined ? {} : { suppressedReason: state.actionsSuppressedReason }),
  };
});

type Detail = z.infer<typeof detailSchema>;

function metricSubject(entries: NonNullable<Detail['configuration']['metrics']>): AlarmSubject {
  const metrics = entries.flatMap(({ id, metricStat }): AlarmMetric[] => {
    if (metricStat === undefined) return [];
    const { metric, period, stat } = metricStat;
    const { namespace = '', name, dimensions = {} } = metric;
    return [{ id, namespace, name, dimensions, periodSeconds: period, statistic: stat }];
  });
  const expressions = entries.flatMap(({ expression }) => (expression === undefined ? [] : [expression]));
  return expressions.length === 0 ? { kind: 'metric', metrics } : { kind: 'math', expressions, metrics };
}

function compositeSubject(
  configuration: Detail['configuration'],
  reasonData: Detail['state']['reasonData'],
): AlarmSubject | undefined {
  const triggers = reasonData === undefined ? { triggeringAlarms: [] } : triggeringAlarms.safeParse(reasonData).data;
  if (triggers === undefined) return undefined;
  const {
    alarmRule = '',
    actionsSuppressor,
    actionsSuppressorWaitPeriod,
    actionsSuppressorExtensionPeriod,
  } = configuration;
  return {
    kind: 'composite',
    rule: alarmRule,
    triggeringAlarmArns: triggers.triggeringAlarms.map(({ arn }) => arn),
    ...(actionsSuppressor === undefined ? {} : { suppressorAlarm: actionsSuppressor }),
    ...(actionsSuppressorWaitPeriod === undefined ? {} : { suppressorWaitSeconds: actionsSuppressorWaitPeriod }),
    ...(actionsSuppressorExtensionPeriod === undefined
      ? {}
      : { suppressorExtensionSeconds: actionsSuppressorExtensionPeriod }),
  };
}
