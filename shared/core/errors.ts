/**
 * A run that could not finish. A sick cluster is a Finding, never an error. Errors are rethrown by every handler, so
 * that Lambda's own Errors metric counts them.
 */
abstract class MskeeperError extends Error {}

/** mskeeper.yml, a preset or an `MSKEEPER_*` variable is wrong. The message lists every mistake with its path. */
export class ConfigError extends MskeeperError {
  override readonly name = 'ConfigError';
}

/** The event that woke a function has a shape that the function does not accept. */
export class InvalidEventError extends MskeeperError {
  override readonly name = 'InvalidEventError';
}

/**
 * A run did all that it was to do, and could not tell it: it fails, so that Lambda tells of it. Of an error that passes on type
 * and message alone, so what it came to stands first, `[expanded] …`, where `readDone` finds it.
 *
 * @property outcome one of the run's own, a word of small letters and hyphens
 */
export class NotToldError extends MskeeperError {
  override readonly name = 'NotToldError';

  constructor(outcome: string, untold: readonly string[]) {
    super(`[${outcome}] not told: ${untold.join('; ')}`);
  }
}

/** What a run of which Lambda says that it failed with such an error came to; undefined of any other error. */
export function readDone(
  errorType: string,
  message: string,
): { readonly outcome: string; readonly message: string } | undefined {
  const [, outcome, rest] = (errorType === 'NotToldError' && /^\[([a-z-]+)\] (.*)$/s.exec(message)) || [];
  return outcome === undefined || rest === undefined ? undefined : { outcome, message: rest };
}

/** Why a dependency did not give a usable answer. `unreachable` covers refused connections and names not found. The rest is `failed`. */
export const dependencyFailures = [
  'denied',
  'throttled',
  'timed-out',
  'unreachable',
  'tls-failed',
  'authentication-failed',
  'bad-answer',
  'not-found',
  'conflict',
  'failed',
] as const;
export type DependencyFailure = (typeof dependencyFailures)[number];

/**
 * What the answer to a failed call said beside its message: empty where none came. Plain data, so that a durable run's
 * history keeps it.
 *
 * @property attempts requests that were sent; after more than one nobody knows what became of the first
 * @property errorName as the service calls it: `ResourceNotFoundException`
 * @property requestId the service's, for its support
 * @property refusal what a refusal means, a word of the call's own closed set: `storage-optimizing`
 */
export type AnswerFacts = {
  readonly httpStatus?: number;
  readonly attempts?: number;
  readonly errorName?: string;
  readonly requestId?: string;
  readonly refusal?: string;
};

/** The same facts, every text of them changed: redacted, cut. */
export const changeTexts = (facts: AnswerFacts, change: (text: string) => string): AnswerFacts => {
  const { errorName, requestId, refusal } = facts;
  return {
    ...facts,
    ...(errorName !== undefined && { errorName: change(errorName) }),
    ...(requestId !== undefined && { requestId: change(requestId) }),
    ...(refusal !== undefined && { refusal: change(refusal) }),
  };
};

/**
 * A call to AWS or to a broker did not finish.
 *
 * @property call names it: `kafka:DescribeClusterV2`, `Kafka Metadata broker 2`
 * @property detail the message without the call
 * @property facts what code may need to know of the answer: nobody reads it out of `cause` or the message
 */
export class DependencyError extends MskeeperError {
  override readonly name = 'DependencyError';
  readonly call: string;
  readonly failure: DependencyFailure;
  readonly detail: string;
  readonly facts: AnswerFacts;

  constructor(
    call: string,
    failure: DependencyFailure,
    detail: string,
    { facts = {}, ...options }: ErrorOptions & { readonly facts?: AnswerFacts } = {},
  ) {
    super(`${call}: ${detail}`, options);
    this.call = call;
    this.failure = failure;
    this.detail = detail;
    this.facts = facts;
  }
}

/**
 * What a function hands to its invoker of a call that failed: of an error Lambda passes on type and message alone, so the
 * failure stands first in it, `[timed-out] Kafka look: …`, where no word of the rest is taken for it.
 */
export const tellFailure = ({ failure, message }: DependencyError): string => `[${failure}] ${message}`;

/** `tellFailure` read back; undefined where a message does not begin with a failure that we know. */
export function readFailure(
  told: string,
): { readonly failure: DependencyFailure; readonly message: string } | undefined {
  const failure = dependencyFailures.find((one) => told.startsWith(`[${one}] `));
  return failure === undefined ? undefined : { failure, message: told.slice(failure.length + 3) };
}
