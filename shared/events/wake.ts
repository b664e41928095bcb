import * as z from 'zod';
import { type OwnAlarms, recognise } from '../core/own-alarms.ts';
import { beginningOf } from '../text/utf8.ts';
import { type AlarmWake, alarmEvent } from './alarm.ts';
import { type CallerProof, callerProof } from './caller-proof.ts';
import { type Noted, notedOf, openEvidence } from './evidence.ts';
import { fromHome, strangers } from './home.ts';

/** What may wake a procedure: its schedule, an alarm, a person or a drill. Every input is parsed to one of these. */
export type WakeEvent<Scope extends string = UsualScope> = ScheduledWake<Scope> | AlarmWake | ManualWake<Scope>;

/** The scopes of a check that names no others, the first of which a plain scheduled rule means. */
const usualScopes = ['light', 'full'] as const;
type UsualScope = (typeof usualScopes)[number];

/** The scopes of a procedure's schedules, in the order of its deployment.ts. */
type Scopes<Scope extends string> = readonly [Scope, ...Scope[]];

/** What a run leaves that did what a schedule asks; its value is the place of its scope, since each does more than the one before. */
export const scheduledRunCompleted = 'ScheduledRunCompleted';

/** @returns 1 for the first of the procedure's scopes */
export const placeOfScope = <Scope extends string>(scopes: Scopes<Scope>, scope: Scope): number =>
  scopes.indexOf(scope) + 1;

type ScheduledWake<Scope extends string> = Noted & {
  readonly kind: 'schedule';
  /** Absent for a plain EventBridge rule, which cannot say. */
  readonly procedure?: string;
  readonly scope: Scope;
  /** When it was due, not when it ran; absent where the event does not say it in a form that we know. */
  readonly scheduledAtMs?: number;
};

export type ManualWake<Scope extends string = UsualScope> = {
  readonly kind: 'manual';
  readonly procedure: string;
  readonly scope: Scope;
  readonly requestedBy?: string;
  /** Who wakes, for STS to say: signed over this very wake. */
  readonly signed?: SignedWake;
};

/** @property wakeId drawn anew for each wake, which counts once */
export type SignedWake = { readonly wakeId: string; readonly proof: CallerProof };

const procedure = z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'Invalid input: expected a procedure such as cluster-health');
const time = z.iso
  .datetime({ offset: true, error: 'Invalid input: expected a time such as 2026-01-31T12:00:00Z' })
  .transform((text) => Date.parse(text));

/** EventBridge Scheduler with mskeeper's input; `<aws.scheduler.scheduled-time>` arrives replaced. */
const schedulerInput = <Scope extends string>(scopes: Scopes<Scope>) =>
  z
    .object({
      source: z.literal('mskeeper.schedule'),
      procedure,
      scope: z.enum(scopes),
      scheduledTime: z.unknown().optional(),
    })
    .transform(
      (event): ScheduledWake<Scope> => ({
        kind: 'schedule',
        procedure: event.procedure,
        scope: event.scope,
        ...dueAt('scheduledTime', event.scheduledTime),
      }),
    );

/** When a schedule was due: it says nothing of what to do, so a run that is due without its time is due all the same. */
const dueAt = (path: string, value: unknown): Noted & { readonly scheduledAtMs?: number } => {
  const evidence = openEvidence();
  const scheduledAtMs = evidence.read(path, time, value);
  return { ...(scheduledAtMs !== undefined && { scheduledAtMs }), ...notedOf(evidence) };
};

/** A scheduled EventBridge rule without an input of its own: a run of the first scope. */
const scheduledRule = <Scope extends string>([scope]: Scopes<Scope>) =>
  z
    .object({
      source: z.literal('aws.events'),
      'detail-type': z.literal('Scheduled Event'),
      time: z.unknown().optional(),
    })
    .transform((event): ScheduledWake<Scope> => ({ kind: 'schedule', scope, ...dueAt('time', event.time) }));

const manualInvocation = <Scope extends string>(scopes: Scopes<Scope>) =>
  z
    .strictObject({
      source: z.literal('mskeeper.manual'),
      procedure,
      scope: z.enum(scopes),
      requestedBy: z.string().min(1).max(200).optional(),
      signed: z.strictObject({ wakeId: z.string().regex(/^[0-9a-f-]{36}$/), proof: callerProof }).exactOptional(),
    })
    .transform(
      (event): ManualWake<Scope> => ({
        kind: 'manual',
        procedure: event.procedure,
        scope: event.scope,
        ...(event.requestedBy === undefined ? {} : { requestedBy: event.requestedBy }),
        ...(event.signed !== undefined && { signed: event.signed }),
      }),
    );

const sourcesOf = <Scope extends string>(scopes: Scopes<Scope>) =>
  ({
    'mskeeper.schedule': schedulerInput(scopes),
    'aws.events': scheduledRule(scopes),
    'aws.cloudwatch': alarmEvent,
    'mskeeper.manual': manualInvocation(scopes),
  }) as const satisfies Record<string, z.ZodType<WakeEvent<Scope>>>;

type Source = keyof ReturnType<typeof sourcesOf>;
const knownSources = [
  'mskeeper.schedule',
  'aws.events',
  'aws.cloudwatch',
  'mskeeper.manual',
] as const satisfies Source[];
const quotedSources = knownSources.map((source) => JSON.stringify(source)).join(', ');
const isKnownSource = (source: string): source is Source => knownSources.some((known) => known === source);

/** Any event that wakes a procedure with these scopes, chosen by its `source`. */
const wakeEventWith = <Scope extends string>(scopes: Scopes<Scope>): z.ZodType<WakeEvent<Scope>> => {
  const sources = sourcesOf(scopes);
  return z
    .looseObject({
      source: z
        .string({ error: `Invalid input: expected one of ${quotedSources}` })
        .refine(isKnownSource, { error: `Invalid input: expected one of ${quotedSources}` }),
    })
    .transform((event, context): WakeEvent<Scope> => {
      const chosen = isKnownSource(event.source) ? sources[event.source].safeParse(event) : undefined;
      if (chosen?.success === true) return chosen.data;
      for (const issue of chosen?.error.issues ?? []) {
        context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
      }
      return z.NEVER;
    });
};

/** Any event of a procedure that checks, light or full. */
export const wakeEvent: z.ZodType<WakeEvent> = wakeEventWith(usualScopes);

const because = { ...strangers, alarmName: 'is no alarm of this stack that wakes' } as const;

/**
 * The events of one procedure: those that name it, plain scheduled rules, and the stack's own alarms that wake it.
 *
 * @param own the stack's own alarms, asked for when an alarm comes; see `readOwnAlarms`
 */
export const wakeEventOf = (slug: string, own: () => OwnAlarms): z.ZodType<WakeEvent> =>
  scopedWakeEventOf(slug, own, usualScopes);

/** The same for a procedure with scopes of its own, those of its schedules. */
export const scopedWakeEventOf = <Scope extends string>(
  slug: string,
  own: () => OwnAlarms,
  scopes: Scopes<Scope>,
): z.ZodType<WakeEvent<Scope>> => fromHome(ownWakeEventOf(slug, own, scopes), own);

const ownWakeEventOf = <Scope extends string>(
  slug: string,
  own: () => OwnAlarms,
  scopes: Scopes<Scope>,
): z.ZodType<WakeEvent<Scope>> =>
  wakeEventWith(scopes).transform((event, context): WakeEvent<Scope> => {
    if (event.kind === 'alarm') {
      const recognised = recognise(own(), slug, event);
      if (recognised.kind === 'own') return { ...event, rule: recognised.rule };
      if (recognised.kind === 'other-deploy') return event;
      const { because: which } = recognised;
      const quoted = { account: event.accountId, region: event.region, alarmName: event.alarmName }[which];
      const message = `${JSON.stringify(beginningOf(quoted, 255))} ${because[which]}${which === 'alarmName' ? ` ${slug}` : ''}`;
      context.addIssue({ code: 'custom', path: which === 'alarmName' ? ['detail', which] : [which], message });
      return z.NEVER;
    }
    if (event.procedure !== undefined && event.procedure !== slug) {
      const message = `Invalid input: expected "${slug}", this function's own procedure`;
      context.addIssue({ code: 'custom', path: ['procedure'], message });
      return z.NEVER;
    }
    return event;
  });
