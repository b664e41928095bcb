import * as z from 'zod';
import { commandsAlias } from '../../../shared/core/incident-command.ts';
import type { OwnAlarms } from '../../../shared/core/own-alarms.ts';
import { type AlarmWake, alarmEvent } from '../../../shared/events/alarm.ts';
import { type BusHome, type BusWord, busWordOf } from '../../../shared/events/bus-events.ts';
import { fromHome } from '../../../shared/events/home.ts';
import type { IncidentRequest } from '../../../shared/events/incident-command.ts';
import { listIssues } from '../../../shared/text/issues.ts';
import { jsonIn } from '../../../shared/text/json.ts';

import { type Scope, scopes } from './core/scopes.ts';

/** One message of incident's queue: what EventBridge put there, or why it is none that we know. */
export type Queued = { readonly messageId: string } & (
  | { readonly said: AlarmWake | BusWord }
  | { readonly problem: string }
);

/** What comes by itself. `daily`: what a minute does, and a look at the channels. */
export type WakeEvent = { readonly kind: 'queue'; readonly queued: readonly Queued[] } | { readonly kind: Scope };
/** A person's commands come by an alias of the function (`commandsAlias`), and nothing else comes by that. */
export type IncidentEvent = WakeEvent | IncidentRequest;

const scheduled = z
  .object({ source: z.literal('mskeeper.schedule'), procedure: z.literal('incident'), scope: z.enum(scopes) })
  .transform(({ scope }): WakeEvent => ({ kind: scope }));

const sqsBatch = z.object({
  Records: z
    .array(z.object({ messageId: z.string().min(1), eventSource: z.literal('aws:sqs'), body: z.string() }))
    .min(1),
});

const sourced = z.looseObject({ source: z.string() });

/** Whoever sends a command here is told where it comes in. */
const noCommand = z.unknown().refine((event) => sourced.safeParse(event).data?.source !== 'mskeeper.manual', {
  error: `a command comes by the function’s alias ${commandsAlias}, as npm run mskeeper -- incidents sends it`,
});

/**
 * What incident is woken by: its schedules and its queue. A message that is none of ours is a problem of its own, and of no other.
 *
 * @param home asked for at the first message
 */
export const wakeEvent = (home: () => BusHome, own: () => OwnAlarms): z.ZodType<WakeEvent> => {
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
    ({ Records }): WakeEvent => ({
      kind: 'queue',
      queued: Records.map(({ messageId, body }) => ({ messageId, ...read(body) })),
    }),
  );
  return noCommand.pipe(z.union([scheduled, batch]));
};
