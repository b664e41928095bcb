import type { Context } from 'aws-lambda';
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

/** The alias by which a function was invoked: behind its name, in the ARN that it was invoked by (Lambda guide, "Context object"). */
const aliasOf = ({ invokedFunctionArn }: Context): string | undefined => invokedFunctionArn.split(':')[7];

/**
 * The event is parsed here and nowhere else: what follows sees the schema's output.
 *
 * @param schemaByAlias what alone may come by an alias
 */
export const eventParser = <Event>(
  schema: z.ZodType<Event>,
  schemaByAlias: Readonly<Record<string, z.ZodType<Event>>> = {},
): Middleware => ({
  before: (request) => {
    const ofAlias = Object.entries(schemaByAlias).find(([alias]) => alias === aliasOf(request.context));
    const event = parseEvent(ofAlias?.[1] ?? schema, request.event);
    request.event = event;
    const run = findRun(request.context);
    const unread = unreadFieldsOf(event);
    if (run !== undefined && unread !== undefined) run.unreadEventFields = unread;
  },
});
