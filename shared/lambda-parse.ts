import type * as z from 'zod';
import { InvalidEventError } from './errors.ts';
import type { Middleware } from './lambda-run.ts';

/** Every problem of a value as `path: what was expected`, worst nesting first; values themselves are never quoted. */
export function listIssues(issues: readonly z.core.$ZodIssue[], parentPath: readonly PropertyKey[] = []): string[] {
  return issues.flatMap((issue) => {
    const path = [...parentPath, ...issue.path];
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const [closest] = [...issue.errors].sort((left, right) => left.length - right.length);
      return listIssues(closest ?? [], path);
    }
    return [`${path.length === 0 ? 'event' : path.map(String).join('.')}: ${issue.message}`];
  });
}

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
