import type * as z from 'zod';
import { InvalidEventError } from '../core/errors.ts';
import { listIssues } from '../text/issues.ts';
import type { Middleware } from './run.ts';

/** Parses an event once, for a handler or a test. @throws InvalidEventError listing what was expected at which path */
export function parseEvent<Event>(schema: z.ZodType<Event>, rawEvent: unknown): Event {
  const parsed = schema.safeParse(rawEvent);
  if (parsed.success) return parsed.data;
  throw new InvalidEventError(
    `The event is not one that this function accepts. ${listIssues(parsed.error.issues).join('; ')}`,
  );
}

/** The event is parsed here and nowhere else: what follows sees the schema's output. */
export const eventParser = <Event>(schema: z.ZodType<Event>): Middleware => ({
  before: (request) => {
    request.event = parseEvent(schema, request.event);
  },
});
