import { toDependencyError } from '../aws/errors.ts';
import { ConfigError, changeTexts, DependencyError, InvalidEventError, tellFailure } from '../core/errors.ts';
import { attempt, isError, textAtKey, textOfAny, unreadable } from '../text/any-value.ts';
import { printableLines } from '../text/printable.ts';
import { redactText } from '../text/redaction.ts';
import type { Middleware } from './run.ts';

/**
 * Maps what was thrown to our errors and takes the secrets out of it: Lambda's own runtime prints an uncaught error with
 * its stack into the log and hands its message to the invoker, past our logger.
 */
export const errorMapper = (): Middleware => ({
  onError: (request) => {
    request.error = redactError(mapError(request.error));
  },
});

/** Puts the failure first into the message that the invoker reads: see `tellFailure`. After the log, which names it anyway. */
export const failureTeller = (): Middleware => ({
  onError: ({ error }) => {
    if (error instanceof DependencyError) error.message = tellFailure(error);
  },
});

const isOurs = (error: Error): boolean =>
  error instanceof ConfigError || error instanceof InvalidEventError || error instanceof DependencyError;

/** Errors of the SDK that passed nobody on their way become DependencyErrors; a defect of ours stays what it is. */
function mapError(error: unknown): unknown {
  if (!isError(error) || isOurs(error)) return error;
  return attempt(() => '$metadata' in error) === true ? toDependencyError('aws', error) : error;
}

/**
 * A copy without secrets in message, stack and causes, escaped; our classes keep their type, others their name. Whatever
 * was thrown: it throws nothing itself.
 */
function redactError(error: unknown, depth = 0): Error {
  if (!isError(error)) return new Error(clean(textOfAny(error)));
  const copy = attempt(() => copyOf(error));
  if (copy === unreadable) return new Error(unreadable);
  copy.stack = clean(textAtKey(error, 'stack') ?? `${copy.name}: ${copy.message}`);
  const cause = attempt((): unknown => error.cause);
  if (cause !== undefined && depth < 5) copy.cause = redactError(cause, depth + 1);
  return copy;
}

/** Lambda's runtime writes JSON, which leaves bidi marks and Unicode's line separators as they are. */
const clean = (text: string): string => printableLines(redactText(text));

function copyOf(error: Error): Error {
  if (error instanceof DependencyError) {
    const { call, failure, detail, facts } = error;
    return new DependencyError(clean(call), failure, clean(detail), { facts: changeTexts(facts, clean) });
  }
  const message = clean(textAtKey(error, 'message') ?? unreadable);
  if (error instanceof ConfigError) return new ConfigError(message);
  if (error instanceof InvalidEventError) return new InvalidEventError(message);
  const copy = new Error(message);
  copy.name = clean(textAtKey(error, 'name') ?? 'Error');
  return copy;
}
