import type { InvocationRecord } from '../aws/services/lambda/function.ts';
import type { StandIn } from '../aws/stand-in.ts';
import type { ToldMoment, Tone } from '../drill/timeline.ts';
import { newOf } from './newly.ts';
import { type WatchedOutside, watchOutside } from './outside-happenings.ts';
import { actOf, recordOf, textOf, watchExecutions } from './run-happenings.ts';

/** What of the stand-in is watched. */
export type Watched = {
  readonly lambda: Pick<StandIn['lambda'], 'invocations' | 'durable'>;
  readonly cloudWatch: Pick<StandIn['cloudWatch'], 'history'>;
  readonly eventBridge: Pick<StandIn['eventBridge'], 'events'>;
  readonly sns: Pick<StandIn['sns'], 'inbox'>;
  readonly outside: WatchedOutside;
};

const toneBySeverity: Readonly<Record<string, Tone>> = {
  ok: 'good',
  unknown: 'neutral',
  notice: 'neutral',
  warning: 'warn',
  critical: 'bad',
  emergency: 'bad',
};

/**
 * Reads what is new in the stand-in since the last call: schedules that fired, invocations, durable runs, alarm states,
 * findings, plans and acts on mskeeper's bus, notifications to people, by SNS and outside of AWS.
 */
export const watchStandIn = (standIn: Watched): (() => readonly ToldMoment[]) => {
  const invocations = newOf(() => standIn.lambda.invocations);
  const history = newOf(() => standIn.cloudWatch.history);
  const events = newOf(() => standIn.eventBridge.events);
  const inbox = newOf(() => standIn.sns.inbox);
  const executions = watchExecutions(standIn.lambda.durable);
  const outside = watchOutside(standIn.outside);
  return () => [
    ...invocations().flatMap((invocation) => [...firingOf(invocation), runOf(invocation)]),
    ...executions(),
    ...history().flatMap(alarmChange),
    ...events().flatMap(({ event }) => {
      if (event['detail-type'] === 'mskeeper finding') return [findingOf(event.detail)];
      return ['mskeeper plan', 'mskeeper act'].includes(event['detail-type']) ? [actOf(event.detail)] : [];
    }),
    ...inbox().map(({ protocol, topicArn, subject, message, atMs }): ToldMoment => {
      const topic = topicArn.slice(topicArn.lastIndexOf('-') + 1);
      const title = subject ?? message.split('\n')[0] ?? '';
      return {
        lane: 'notifications',
        subject: `${topic} (${protocol})`,
        label: `told ${protocol} on ${topic}: ${title}`,
        tone: isRelief(title) ? 'good' : topic === 'warning' ? 'warn' : 'bad',
        clockMs: atMs,
      };
    }),
    ...outside(),
  ];
};

/** An alarm's OK, or mskeeper's word that something is over. */
const isRelief = (title: string): boolean => /^OK: |^\[\w+\] [^:]+: over: /.test(title);

const lastPart = (arn: string): string => arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);

/** A schedule is seen by what it woke: its first attempt begins when it fires. */
const firingOf = ({ invokedBy, attempt, atMs }: InvocationRecord): readonly ToldMoment[] => {
  if (!invokedBy.includes(':schedule/') || attempt > 1) return [];
  const subject = lastPart(invokedBy);
  return [{ lane: 'schedules', subject, label: `schedule ${subject} fired`, tone: 'neutral', clockMs: atMs }];
};

/** `mskeeper-drill-cluster-health ran, woken by rule …, 310 ms, 113 MB` */
const runOf = (invocation: InvocationRecord): ToldMoment => {
  const { functionName, status, durationMs, initMs = 0, maxMemoryMb, errorMessage, invokedBy, atMs } = invocation;
  const kind = /:(schedule|rule|alarm)[/:]/.exec(invokedBy)?.[1];
  const how = status === 'success' ? 'ran' : `ended: ${errorMessage ?? status}`;
  const wokenBy = kind === undefined ? '' : `, woken by ${kind} ${lastPart(invokedBy)}`;
  return {
    lane: 'functions',
    subject: functionName,
    label: `${functionName} ${how}${wokenBy}, ${Math.round(durationMs)} ms, ${maxMemoryMb} MB`,
    tone: status === 'success' ? 'good' : 'bad',
    durationMs: durationMs + initMs,
    clockMs: atMs,
  };
};

/**
 * Alarms that leave INSUFFICIENT_DATA for the first time are told only where they went to ALARM: fifty alarms that find
 * their first datapoints are no news.
 */
const alarmChange = ({ summary, alarmName, atMs }: StandIn['cloudWatch']['history'][number]): readonly ToldMoment[] => {
  const [, from, to] = /^Alarm updated from (\w+) to (OK|ALARM)$/.exec(summary) ?? [];
  if (to === undefined || (to === 'OK' && from !== 'ALARM')) return [];
  const tone = to === 'ALARM' ? 'bad' : 'good';
  return [{ lane: 'alarms', subject: alarmName, label: `alarm ${alarmName}: ${to}`, tone, clockMs: atMs }];
};

const findingOf = (detail: unknown): ToldMoment => {
  const finding = recordOf(recordOf(detail).finding);
  const severity = textOf(finding.severity);
  return {
    lane: 'findings',
    subject: `${textOf(finding.check)}: ${textOf(finding.subject)}`,
    label: `${severity}: ${textOf(finding.message)}`,
    tone: toneBySeverity[severity] ?? 'neutral',
  };
};
