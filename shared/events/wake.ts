import * as z from 'zod';
import { type OwnAlarms, recognise } from '../core/own-alarms.ts';
import { type AlarmWake, alarmEvent } from './alarm.ts';

/** What may wake a procedure: its schedule, an alarm, a person or a drill. Every input is parsed to one of these. */
export type WakeEvent = ScheduledWake | AlarmWake | ManualWake;

const scopes = ['light', 'full'] as const;
type Scope = (typeof scopes)[number];

type ScheduledWake = {
  readonly kind: 'schedule';
  /** Absent for a plain EventBridge rule, which cannot say. */
  readonly procedure?: string;
  readonly scope: Scope;
  /** When it was due, not when it ran. */
  readonly scheduledAtMs: number;
};

export type ManualWake = {
  readonly kind: 'manual';
  readonly procedure: string;
  readonly scope: Scope;
  readonly requestedBy?: string;
};

const procedure = z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'Invalid input: expected a procedure such as cluster-health');
const time = z.iso
  .datetime({ offset: true, error: 'Invalid input: expected a time such as 2026-01-31T12:00:00Z' })
  .transform((text) => Date.parse(text));

/** EventBridge Scheduler with mskeeper's input; `<aws.scheduler.scheduled-time>` arrives replaced. */
const schedulerInput = z
  .strictObject({ source: z.literal('mskeeper.schedule'), procedure, scope: z.enum(scopes), scheduledTime: time })
  .transform(
    (event): ScheduledWake => ({
      kind: 'schedule',
      procedure: event.procedure,
      scope: event.scope,
      scheduledAtMs: event.scheduledTime,
    }),
  );

/** A scheduled EventBridge rule without an input of its own: a light run. */
const scheduledRule = z
  .object({ source: z.literal('aws.events'), 'detail-type': z.literal('Scheduled Event'), time })
  .transform((event): ScheduledWake => ({ kind: 'schedule', scope: 'light', scheduledAtMs: event.time }));

const manualInvocation = z
  .strictObject({
    source: z.literal('mskeeper.manual'),
    procedure,
    scope: z.enum(scopes),
    requestedBy: z.string().min(1).max(200).optional(),
  })
  .transform(
    (event): ManualWake => ({
      kind: 'manual',
      procedure: event.procedure,
      scope: event.scope,
      ...(event.requestedBy === undefined ? {} : { requestedBy: event.requestedBy }),
    }),
  );

const sources = {
  'mskeeper.schedule': schedulerInput,
  'aws.events': scheduledRule,
  'aws.cloudwatch': alarmEvent,
  'mskeeper.manual': manualInvocation,
} as const satisfies Record<string, z.ZodType<WakeEvent>>;

const knownSources = Object.keys(sources).map((source) => JSON.stringify(source));
const isKnownSource = (source: string): source is keyof typeof sources => Object.hasOwn(sources, source);

/** Any event that mskeeper knows, chosen by its `source`. */
export const wakeEvent: z.ZodType<WakeEvent> = z
  .looseObject({
    source: z
      .string({ error: `Invalid input: expected one of ${knownSources.join(', ')}` })
      .refine(isKnownSource, { error: `Invalid input: expected one of ${knownSources.join(', ')}` }),
  })
  .transform((event, context): WakeEvent => {
    const chosen = isKnownSource(event.source) ? sources[event.source].safeParse(event) : undefined;
    if (chosen?.success === true) return chosen.data;
    for (const issue of chosen?.error.issues ?? []) {
      context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
    }
    return z.NEVER;
  });

const strangers = {
  account: "is not this stack's account",
  region: "is not this stack's Region",
  alarmName: 'is no alarm of this stack that wakes',
} as const;

/**
 * The events of one procedure: those that name it, plain scheduled rules, and the stack's own alarms that wake it.
 *
 * @param own the stack's own alarms, asked for when an alarm comes; see `readOwnAlarms`
 */
export const wakeEventOf = (slug: string, own: () => OwnAlarms): z.ZodType<WakeEvent> =>
  wakeEvent.transform((event, context): WakeEvent => {
    if (event.kind === 'alarm') {
      const recognised = recognise(own(), slug, event);
      if (recognised.kind === 'own') return { ...event, rule: recognised.rule };
      if (recognised.kind === 'other-deploy') return event;
      const { because } = recognised;
      const quoted = { account: event.accountId, region: event.region, alarmName: event.alarmName }[because];
      const message = `${JSON.stringify(quoted.slice(0, 255))} ${strangers[because]}${because === 'alarmName' ? ` ${slug}` : ''}`;
      context.addIssue({ code: 'custom', path: because === 'alarmName' ? ['detail', because] : [because], message });
      return z.NEVER;
    }
    if (event.procedure !== undefined && event.procedure !== slug) {
      const message = `Invalid input: expected "${slug}", this function's own procedure`;
      context.addIssue({ code: 'custom', path: ['procedure'], message });
      return z.NEVER;
    }
    return event;
  });
