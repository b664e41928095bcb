import { DurableOperationError, StepError } from '@aws/durable-execution-sdk-js';
import * as z from 'zod';
import {
  type AnswerFacts,
  ConfigError,
  changeTexts,
  DependencyError,
  dependencyFailures,
  InvalidEventError,
} from '../core/errors.ts';
import { isError, textAtKey, textOfAny, unreadable } from '../text/any-value.ts';
import { jsonIn } from '../text/json.ts';
import { redactText } from '../text/redaction.ts';
import { beginningOf } from '../text/utf8.ts';

const answerFacts: z.ZodType<AnswerFacts> = z.strictObject({
  httpStatus: z.number().exactOptional(),
  attempts: z.number().exactOptional(),
  errorName: z.string().exactOptional(),
  requestId: z.string().exactOptional(),
  refusal: z.string().exactOptional(),
});

/**
 * An error as the history keeps it: the SDK gives a replay its type's name and message, and one string of ours beside
 * them. The history can be read by people, so it is redacted, and so are texts that the caller names.
 */
const keptError = z.strictObject({
  kind: z.enum(['ConfigError', 'InvalidEventError', 'DependencyError', 'Error']),
  name: z.string(),
  message: z.string(),
  call: z.string().optional(),
  failure: z.enum(dependencyFailures).optional(),
  facts: answerFacts.optional(),
});
export type KeptError = z.infer<typeof keptError>;

/** @param hidden texts that must not be kept, such as a callback id */
export function keepError(error: unknown, hidden: readonly string[] = []): KeptError {
  const clean = (text: string) =>
    beginningOf(redactText(hidden.reduce((left, secret) => left.replaceAll(secret, '[redacted]'), text)), 2_000);
  if (!isError(error)) return { kind: 'Error', name: 'NotAnError', message: clean(textOfAny(error)) };
  const name = textAtKey(error, 'name') ?? 'Error';
  if (error instanceof DependencyError) {
    const { call, failure, detail, facts } = error;
    const kept = { message: clean(detail), call: clean(call), failure, facts: changeTexts(facts, clean) };
    return { kind: 'DependencyError', name, ...kept };
  }
  const message = clean(textAtKey(error, 'message') ?? unreadable);
  if (error instanceof ConfigError) return { kind: 'ConfigError', name, message };
  if (error instanceof InvalidEventError) return { kind: 'InvalidEventError', name, message };
  return { kind: 'Error', name: clean(name), message };
}

/** The error that was kept: our classes are what they were, others a plain Error under their name. */
export function restoreError({ kind, name, message, call = '', failure = 'failed', facts = {} }: KeptError): Error {
  switch (kind) {
    case 'DependencyError':
      return new DependencyError(call, failure, message, { facts });
    case 'ConfigError':
      return new ConfigError(message);
    case 'InvalidEventError':
      return new InvalidEventError(message);
    case 'Error': {
      const error = new Error(message);
      error.name = name;
      return error;
    }
    default:
      return kind satisfies never;
  }
}

/** For the SDK: an error that it writes into the history with everything that `restoreKeptError` needs. */
export const toStepError = (kept: KeptError): StepError =>
  new StepError(`${kept.name}: ${kept.message}`, undefined, JSON.stringify(kept));

/** What an operation of the SDK threw, live or replayed, as the error that the step threw. */
export function restoreStepError(thrown: unknown): unknown {
  const kept = keptError.safeParse(jsonIn(errorDataOf(thrown)));
  // Data that is not ours: the SDK's own error says more than we could.
  return kept.success ? restoreError(kept.data) : thrown;
}

/** A callback's error wraps that of its submitting step. */
function errorDataOf(thrown: unknown, depth = 0): string | undefined {
  if (!(thrown instanceof DurableOperationError) || depth > 5) return undefined;
  return thrown.errorData ?? errorDataOf(thrown.cause, depth + 1);
}
