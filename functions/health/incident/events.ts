import * as z from 'zod';
import type { OwnAlarms } from '../../../shared/core/own-alarms.ts';
import { type AlarmWake, alarmEvent } from '../../../shared/events/alarm.ts';
import { type BusHome, type BusWord, busWordOf } from '../../../shared/events/bus-events.ts';
import { fromHome } from '../../../shared/events/home.ts';
import { type IncidentRequest, incidentCommandEvent } from '../../../shared/events/incident-command.ts';
import { listIssues } from '../../../shared/text/issues.ts';
import { jsonIn } from '../../../shared/text/json.ts';

/** One message of incident's queue: what EventBridge put there, or why it is none that we know. */
export type Queued = { readonly messageId: string } & (
  | { readonly said: AlarmWake | BusWord }
  | { readonly problem: string }
);

/** What comes by itself; a command is a person's. */
export type WakeEvent = { readonly kind: 'queue'; readonly queued: readonly Queued[] } | { readonly kind: 'minute' };
export type IncidentEvent = WakeEvent | IncidentRequest;

const minute = z
  .object({ source: z.literal('mskeeper.schedule'), procedure: z.literal('incident'), scope: z.literal('minute') })
  .transform((): IncidentEvent => ({ kind: 'minute' }));

const sqsBatch = z.object({
  Records: z
    .array(z.object({ messageId: z.string().min(1), eventSource: z.literal('aws:sqs'), body: z.string() }))
    .min(1),
});

const sourced = z.looseObject({ source: z.string() });
const mayHaveSource = z.looseObject({ source: z.unknown().optional() });

/**
 * What incident is woken by: its minute, its queue, and people. A message that is none of ours is a problem of its own, and of no other.
 *
 * @param home asked for at the first message
 */
export const incidentEvent = (home: () => BusHome, own: () => OwnAlarms): z.ZodType<IncidentEvent> => {
  const alarm = fromHome(alarmEvent, own);
  let word: z.ZodType<BusWord> | undefined;
  const read = (body: string): { readonly said: AlarmWake | BusWord } | { readonly problem: string } => {
    const event = jsonIn(body);
    word ??= busWordOf(home());
    const source = sourced.safeParse(event);
    const parsed =
      source.success && source.data.source === 'aws.cloudwatch' ? alarm.safeParse(event) : word.safeParse(event);
    return parsed.success ? { said: parsed.data } : { problem: listIssues(parsed.error.issues).join('; ') };
  };
  const batch = sqsBatch.transform(
    ({ Records }): IncidentEvent => ({
      kind: 'queue',
      queued: Records.map(({ messageId, body }) => ({ messageId, ...read(body) })),
    }),
  );
  const byItself = z.union([minute, batch]);
  return mayHaveSource.transform((event, context): IncidentEvent => {
    const parsed = (event.source === 'mskeeper.manual' ? incidentCommandEvent : byItself).safeParse(event);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });
};
