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

/** A call to AWS or to a broker did not finish. `call` names it (`kafka:DescribeClusterV2`, `Kafka Metadata broker 2`). */
export class DependencyError extends MskeeperError {
  override readonly name = 'DependencyError';
  readonly call: string;
  readonly failure: DependencyFailure;

  constructor(call: string, failure: DependencyFailure, message: string, options?: ErrorOptions) {
    super(`${call}: ${message}`, options);
    this.call = call;
    this.failure = failure;
  }
}
