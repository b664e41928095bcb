import { toDependencyError } from '../aws/errors.ts';
import { ConfigError, changeTexts, DependencyError, InvalidEventError, tellFailure } from '../core/errors.ts';
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

const isOurs = (error: unknown): error is Error =>
  error instanceof ConfigError || error instanceof InvalidEventError || error instanceof DependencyError;

/** Errors of the SDK that passed nobody on their way become DependencyErrors; a defect of ours stays what it is. */
function mapError(error: unknown): unknown {
  if (isOurs(error)) return error;
  return error instanceof Error && '$metadata' in error ? toDependencyError('aws', error) : error;
}

/** A copy without secrets in message, stack and causes; our classes keep their type, others their name. */
function redactError(error: unknown, depth = 0): Error {
  if (!(error instanceof Error)) return new Error(redactText(String(error)));
  const copy = copyOf(error);
  copy.stack = redactText(error.stack ?? `${error.name}: ${error.message}`);
  if (error.cause !== undefined && depth < 5) copy.cause = redactError(error.cause, depth + 1);
  return copy;
}

function copyOf(error: Error): Error {
  if (error instanceof DependencyError) {
    const { call, failure, detail, facts } = error;
    return new DependencyError(redactText(call), failure, redactText(detail), {
      facts: changeTexts(facts, redactText),
    });
  }
  const message = redactText(error.message);
  if (error instanceof ConfigError) return new ConfigError(message);
  if (error instanceof InvalidEventError) return new InvalidEventError(message);
  const copy = new Error(message);
  copy.name = redactText(error.name);
  return copy;
}
