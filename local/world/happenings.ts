import type { StandIn } from '../aws/stand-in.ts';
import type { Moment, Tone } from '../drill/timeline.ts';

/** Something that the world did by itself, as the timeline shows it. */
export type Happening = Omit<Moment, 'atMs' | 'clockMs'> & { readonly startedMsAgo?: number };

const toneBySeverity: Readonly<Record<string, Tone>> = {
  ok: 'good',
  unknown: 'neutral',
  notice: 'neutral',
  warning: 'warn',
  critical: 'bad',
  emergency: 'bad',
};

const toneByAlarmState = { OK: 'good', ALARM: 'bad', INSUFFICIENT_DATA: 'neutral' } as const satisfies Record<
  string,
  Tone
>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/**
 * Reads what is new in the stand-in since the last call: invocations, alarm states, events of mskeeper, notifications.
 * Alarms are told once they have left INSUFFICIENT_DATA for the first time only where they went to ALARM: fifty alarms
 * that find their first datapoints are no news.
 */
export const watchStandIn = (standIn: StandIn): (() => readonly Happening[]) => {
  const invocations = newOf(() => standIn.lambda.invocations);
  const history = newOf(() => standIn.cloudWatch.history);
  const events = newOf(() => standIn.eventBridge.events);
  const inbox = newOf(() => standIn.sns.inbox);
  return () => [
    ...invocations().map(
      ({ functionName, status, durationMs, initMs = 0, maxMemoryMb, errorMessage }): Happening => ({
        lane: 'functions',
        subject: functionName,
        label: `${functionName} ${status === 'success' ? 'ran' : `ended: ${errorMessage ?? status}`}, ${Math.round(durationMs)} ms, ${maxMemoryMb} MB`,
        tone: status === 'success' ? 'good' : 'bad',
        durationMs: durationMs + initMs,
        startedMsAgo: durationMs + initMs,
      }),
    ),
    ...history().flatMap((item): readonly Happening[] => {
      const change = /^Alarm updated from (\w+) to (OK|ALARM|INSUFFICIENT_DATA)$/.exec(item.summary);
      const to = change?.[2];
      if (to !== 'OK' && to !== 'ALARM') return [];
      if (to === 'OK' && change?.[1] !== 'ALARM') return [];
      return [
        {
          lane: 'alarms',
          subject: item.alarmName,
          label: `alarm ${item.alarmName}: ${to}`,
          tone: toneByAlarmState[to],
        },
      ];
    }),
    ...events().flatMap(({ event }): readonly Happening[] => {
      if (event['detail-type'] !== 'mskeeper finding') return [];
      const finding = recordOf(recordOf(event.detail).finding);
      const severity = textOf(finding.severity);
      return [
        {
          lane: 'findings',
          subject: `${textOf(finding.check)}: ${textOf(finding.subject)}`,
          label: `${severity}: ${textOf(finding.message)}`,
          tone: toneBySeverity[severity] ?? 'neutral',
        },
      ];
    }),
    ...inbox().map(({ protocol, topicArn, subject, message }): Happening => {
      const topic = topicArn.slice(topicArn.lastIndexOf('-') + 1);
      return {
        lane: 'notifications',
        subject: `${topic} (${protocol})`,
        label: `told ${protocol} on ${topic}: ${subject ?? message.split('\n')[0] ?? ''}`,
        tone: topic === 'warning' ? 'warn' : 'bad',
      };
    }),
  ];
};

/** Each call gives what was added to the list since the call before. */
const newOf = <Item>(list: () => readonly Item[]): (() => readonly Item[]) => {
  let seen = list().length;
  return () => {
    const added = list().slice(seen);
    seen += added.length;
    return added;
  };
};
