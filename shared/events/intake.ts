import * as z from 'zod';
import type { OwnAlarms } from '../core/own-alarms.ts';
import type { AlarmWake } from './alarm.ts';
import { type Noted, notedOf, openEvidence } from './evidence.ts';
import { type ManualWake, wakeEventOf } from './wake.ts';

/** What wakes the intake of a durable procedure. It wakes and never proves: the run looks for itself. */
export type IntakeEvent = AlarmWake | ManualWake | ForecastWake | RunEndedWake;

/** A forecast on mskeeper's own bus. What it foresees is not read: the run makes its own. */
type ForecastWake = Noted & { readonly kind: 'forecast'; readonly eventId: string; readonly cluster: string };

/** Lambda's word that a durable execution ended badly, of which it tells nobody else. */
export type RunEndedWake = Noted & {
  readonly kind: 'run-ended';
  readonly eventId: string;
  readonly executionName: string;
  readonly executionArn: string;
  readonly status: 'FAILED' | 'TIMED_OUT';
  /** Absent where the event does not say it in a form that we know. */
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
};

export type IntakeOptions = {
  /** The intake's own slug, which a person names. */
  readonly slug: string;
  readonly cluster: string;
  /** The stack's own alarms, asked for when an alarm comes. */
  readonly ownAlarms: () => OwnAlarms;
  /** `mskeeper storage forecast`. */
  readonly forecastType: string;
  /** The name of the durable function that the intake starts. */
  readonly runFunction: string;
};

const time = z.iso
  .datetime({ offset: true, error: 'Invalid input: expected a time such as 2026-01-31T12:00:00Z' })
  .transform((text) => Date.parse(text));

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

const runEndedEvent = ({ runFunction }: IntakeOptions) =>
  z
    .looseObject({
      source: z.literal('aws.lambda'),
      'detail-type': z.literal('Durable Execution Status Change'),
      id: z.unknown().optional(),
      time: z.unknown().optional(),
      detail: z.looseObject({
        durableExecutionArn: z.string().refine((arn) => arn.split(':')[6] === runFunction, {
          error: `Invalid input: expected a run of ${runFunction}`,
        }),
        durableExecutionName: z.string().min(1),
        status: z.enum(['FAILED', 'TIMED_OUT']),
        startTimestamp: z.unknown().optional(),
        endTimestamp: z.unknown().optional(),
      }),
    })
    .transform(({ id, time: sentAt, detail }): RunEndedWake => {
      const { durableExecutionName: executionName, durableExecutionArn: executionArn, status } = detail;
      const evidence = openEvidence();
      const startedAtMs = evidence.read('detail.startTimestamp', time, detail.startTimestamp);
      const sentAtMs = evidence.read('time', time, sentAt);
      const endedAtMs = evidence.read('detail.endTimestamp', time, detail.endTimestamp) ?? sentAtMs;
      return {
        kind: 'run-ended',
        eventId: evidence.read('id', name, id) ?? `${executionArn} ${status}`,
        executionName,
        executionArn,
        status,
        ...(startedAtMs !== undefined && { startedAtMs }),
        ...(endedAtMs !== undefined && { endedAtMs }),
        ...notedOf(evidence),
      };
    });

const wake = ({ slug, ownAlarms }: IntakeOptions) =>
  wakeEventOf(slug, ownAlarms).transform((event, context): AlarmWake | ManualWake => {
    if (event.kind === 'alarm') return event;
    if (event.kind === 'manual' && event.scope === 'light') return event;
    const isSchedule = event.kind === 'schedule';
    const message = isSchedule ? `${slug} has no schedule` : 'Invalid input: expected "light", the only scope there is';
    context.addIssue({ code: 'custom', path: [isSchedule ? 'source' : 'scope'], message });
    return z.NEVER;
  });

/** The events that one intake accepts: its alarms, a person, a forecast for its cluster, and the end of its own runs. */
export const intakeEventOf = (options: IntakeOptions): z.ZodType<IntakeEvent> => {
  const schemas: Readonly<Record<string, z.ZodType<IntakeEvent>>> = {
    mskeeper: forecastEvent(options),
    'aws.lambda': runEndedEvent(options),
  };
  const others = wake(options);
  return z.looseObject({ source: z.string() }).transform((event, context): IntakeEvent => {
    const schema = Object.hasOwn(schemas, event.source) ? schemas[event.source] : undefined;
    const parsed = (schema ?? others).safeParse(event);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });
};
