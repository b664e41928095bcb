import * as z from 'zod';
import type { OwnAlarms } from '../core/own-alarms.ts';
import { type ParameterOperation, parameterOperations } from '../core/parameter-change.ts';
import type { AlarmWake } from './alarm.ts';
import { type Noted, notedOf, openEvidence } from './evidence.ts';
import { fromHome } from './home.ts';
import { type ManualWake, scopedWakeEventOf } from './wake.ts';

/** What wakes the intake of a durable procedure. It wakes and never proves: the run looks for itself. */
export type IntakeEvent = AlarmWake | ManualWake | ForecastWake | RunEndedWake | WatchWake | SwitchWake;

/** Parameter Store's word that the kill switch was changed. How, and by whom, it is asked itself. */
type SwitchWake = Noted & {
  readonly kind: 'kill-switch';
  readonly eventId: string;
  readonly operation: ParameterOperation;
};

/** An hour's wake-up: the alarms' own states are read. */
type WatchWake = Noted & { readonly kind: 'schedule'; readonly scope: 'watch' };

/** A forecast on mskeeper's own bus. What it foresees is not read: the run makes its own. */
type ForecastWake = Noted & { readonly kind: 'forecast'; readonly eventId: string; readonly cluster: string };

/**
 * Lambda's word that an episode's run ended badly, of which it tells nobody else: which, and no more. How it ended, and when,
 * Lambda is asked for, since anybody who may invoke the intake may write an event.
 */
export type RunEndedWake = Noted & {
  readonly kind: 'run-ended';
  readonly eventId: string;
  readonly executionName: string;
  readonly executionArn: string;
};

export type IntakeOptions = {
  /** The intake's own slug, which a person names. */
  readonly slug: string;
  readonly cluster: string;
  /** The stack's own alarms, asked for when an alarm comes. */
  readonly ownAlarms: () => OwnAlarms;
  /** The name of the kill switch's parameter, asked for when its event comes. */
  readonly killSwitch: () => string;
  /** `mskeeper storage forecast`. */
  readonly forecastType: string;
  /** The name of the durable function that the intake starts. */
  readonly runFunction: string;
};

const name = z.string().min(1);

const forecastEvent = ({ cluster, forecastType }: IntakeOptions) =>
  z
    .looseObject({
      source: z.literal('mskeeper'),
      'detail-type': z.literal(forecastType),
      id: z.unknown().optional(),
      detail: z.looseObject({ cluster: z.literal(cluster) }),
    })
    .transform(({ id, detail }): ForecastWake => {
      const evidence = openEvidence();
      const eventId = evidence.read('id', name, id) ?? 'a forecast without an id';
      return { kind: 'forecast', eventId, cluster: detail.cluster, ...notedOf(evidence) };
    });

/** Ways in which a run ends of which somebody has to hear: by itself, by its time, by a person's hand. */
export const badStatuses = ['FAILED', 'TIMED_OUT', 'STOPPED'] as const;

/** Lambda API Reference, GetDurableExecution: the version is a number or $LATEST, never an alias. */
const executionArn =
  /^arn:[a-z-]+:lambda:([a-z0-9-]+):(\d{12}):function:([\w-]+):(?:\$LATEST|\d+)\/durable-execution\/([\w-]+)\/[\w-]+$/;

/** Whether an execution is one of this stack's own episodes, by every part of its ARN. */
const isOwnEpisode = (arn: string, { slug, cluster, ownAlarms, runFunction }: IntakeOptions): boolean => {
  const { accountId, region } = ownAlarms();
  const [, itsRegion, itsAccount, itsFunction, itsName = ''] = executionArn.exec(arn) ?? [];
  const [, number] = itsName.startsWith(`${cluster}-${slug}-`) ? (/-([1-9]\d{0,8})$/.exec(itsName) ?? []) : [];
  const isHere = itsRegion === region && itsAccount === accountId && itsFunction === runFunction;
  return isHere && itsName === `${cluster}-${slug}-${number}`;
};

const runEndedEvent = (options: IntakeOptions) =>
  z
    .looseObject({
      source: z.literal('aws.lambda'),
      'detail-type': z.literal('Durable Execution Status Change'),
      id: z.unknown().optional(),
      detail: z.looseObject({
        durableExecutionArn: z
          .string()
          .max(1_024)
          .refine((arn) => isOwnEpisode(arn, options), {
            error: `Invalid input: expected a run of ${options.runFunction} that an episode of ${options.cluster} named`,
          }),
        status: z.enum(badStatuses),
      }),
    })
    .transform(({ id, detail }): RunEndedWake => {
      const { durableExecutionArn: arn, status } = detail;
      const evidence = openEvidence();
      return {
        kind: 'run-ended',
        eventId: evidence.read('id', name, id) ?? `${arn} ${status}`,
        executionName: arn.split('/').at(-2) ?? '',
        executionArn: arn,
        ...notedOf(evidence),
      };
    });

/** A plain scheduled rule means the first, which is none of its schedules. */
const scopes = ['light', 'watch'] as const;
/** What somebody may call himself who wakes by hand: as IAM takes the names of sessions. */
const plainName = /^[\w+=,.@-]{1,64}$/;

const switchEvent = ({ killSwitch }: IntakeOptions) =>
  z
    .looseObject({
      source: z.literal('aws.ssm'),
      'detail-type': z.literal('Parameter Store Change'),
      id: z.unknown().optional(),
      detail: z.looseObject({
        name: z.string().refine((parameter) => parameter === killSwitch(), 'Invalid input: expected the kill switch'),
        operation: z.enum(parameterOperations),
      }),
    })
    .transform(({ id, detail: { operation } }): SwitchWake => {
      const evidence = openEvidence();
      const eventId = evidence.read('id', name, id) ?? `kill switch ${operation}`;
      return { kind: 'kill-switch', eventId, operation, ...notedOf(evidence) };
    });

const wake = ({ slug, ownAlarms }: IntakeOptions) =>
  scopedWakeEventOf(slug, ownAlarms, scopes).transform((event, context): AlarmWake | ManualWake | WatchWake => {
    if (event.kind === 'alarm') return event;
    if (event.kind === 'manual' && event.requestedBy !== undefined && !plainName.test(event.requestedBy)) {
      const message = 'Invalid input: expected a name of 64 letters, digits and + = , . @ - at most';
      context.addIssue({ code: 'custom', path: ['requestedBy'], message });
      return z.NEVER;
    }
    if (event.kind === 'manual' && event.scope === 'light') return { ...event, scope: event.scope };
    if (event.kind === 'schedule' && event.scope === 'watch') return { ...event, scope: event.scope };
    const isSchedule = event.kind === 'schedule';
    const wanted = isSchedule ? '"watch", its only schedule' : '"light", the only scope that a person wakes';
    context.addIssue({ code: 'custom', path: ['scope'], message: `Invalid input: expected ${wanted}` });
    return z.NEVER;
  });

/** The events that one intake accepts: its alarms, its schedule, a person, a forecast for its cluster, and the end of its own runs. */
export const intakeEventOf = (options: IntakeOptions): z.ZodType<IntakeEvent> => {
  const schemas: Readonly<Record<string, z.ZodType<IntakeEvent>>> = {
    mskeeper: forecastEvent(options),
    'aws.lambda': runEndedEvent(options),
    'aws.ssm': switchEvent(options),
  };
  const others = wake(options);
  const bySource = z.looseObject({ source: z.string() }).transform((event, context): IntakeEvent => {
    const schema = Object.hasOwn(schemas, event.source) ? schemas[event.source] : undefined;
    const parsed = (schema ?? others).safeParse(event);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });
  return fromHome(bySource, options.ownAlarms);
};
