import type * as z from 'zod';
import { InvalidEventError } from '../core/errors.ts';
import { listIssues } from '../text/issues.ts';
import { findRun, type Middleware } from './run.ts';

/** Parses an event once, for a handler or a test. @throws InvalidEventError listing what was expected at which path */
export function parseEvent<Event>(schema: z.ZodType<Event>, rawEvent: unknown): Event {
  const parsed = schema.safeParse(rawEvent);
  if (parsed.success) return parsed.data;
  throw new InvalidEventError(
    `The event is not one that this function accepts. ${listIssues(parsed.error.issues).join('; ')}`,
  );
}

/** What a schema noted of an event's evidence (shared/events/evidence.ts). */
const unreadFieldsOf = (event: unknown): readonly string[] | undefined => {
  const fields: unknown = typeof event === 'object' && event !== null ? Reflect.get(event, 'unreadFields') : undefined;
  return Array.isArray(fields) ? fields.map(String) : undefined;
};

/** The event is parsed here and nowhere else: what follows sees the schema's output. */
export const eventParser = <Event>(schema: z.ZodType<Event>): Middleware => ({
  before: (request) => {
    const event = parseEvent(schema, request.event);
    request.event = event;
    const run = findRun(request.context);
    const unread = unreadFieldsOf(event);
    if (run !== undefined && unread !== undefined) run.unreadEventFields = unread;
  },
});
