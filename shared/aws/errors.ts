import { type AnswerFacts, DependencyError, type DependencyFailure } from '../core/errors.ts';
import { attempt, isError, textAtKey, textOfAny } from '../text/any-value.ts';
import { redactText } from '../text/redaction.ts';

/**
 * AWS SDK errors as ours. Names are those of the services used here: MSK answers `UnauthorizedException` and
 * `ForbiddenException`, SNS `AuthorizationError`, S3 `SlowDown` and `PreconditionFailed`.
 */
const failureByName: Readonly<Record<string, DependencyFailure>> = {
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  AuthorizationError: 'denied',
  AuthorizationErrorException: 'denied',
  ForbiddenException: 'denied',
  UnauthorizedException: 'denied',
  KMSAccessDenied: 'denied',
  KMSAccessDeniedException: 'denied',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  ThrottledException: 'throttled',
  TooManyRequestsException: 'throttled',
  TooManyRequests: 'throttled',
  RequestLimitExceeded: 'throttled',
  RequestThrottled: 'throttled',
  RequestThrottledException: 'throttled',
  SlowDown: 'throttled',
  LimitExceededException: 'throttled',
  AbortError: 'timed-out',
  TimeoutError: 'timed-out',
  RequestTimeout: 'timed-out',
  RequestTimeoutException: 'timed-out',
  ETIMEDOUT: 'timed-out',
  ECONNREFUSED: 'unreachable',
  ECONNRESET: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EPIPE: 'unreachable',
  CredentialsProviderError: 'authentication-failed',
  ExpiredToken: 'authentication-failed',
  ExpiredTokenException: 'authentication-failed',
  IncompleteSignature: 'authentication-failed',
  InvalidAccessKeyId: 'authentication-failed',
  InvalidClientTokenId: 'authentication-failed',
  InvalidSignatureException: 'authentication-failed',
  InvalidToken: 'authentication-failed',
  MissingAuthenticationToken: 'authentication-failed',
  SignatureDoesNotMatch: 'authentication-failed',
  UnrecognizedClientException: 'authentication-failed',
  NotFound: 'not-found',
  NotFoundException: 'not-found',
  ResourceNotFound: 'not-found',
  ResourceNotFoundException: 'not-found',
  NoSuchBucket: 'not-found',
  NoSuchKey: 'not-found',
  ParameterNotFound: 'not-found',
  ConflictException: 'conflict',
  ConditionalRequestConflict: 'conflict',
  PreconditionFailed: 'conflict',
  ResourceConflictException: 'conflict',
  SyntaxError: 'bad-answer',
};

/** What an error's name means, in an answer that no SDK reads; undefined for one that we do not know. */
export const failureOfName = (name: string): DependencyFailure | undefined =>
  Object.hasOwn(failureByName, name) ? failureByName[name] : undefined;

const failureByStatus: Readonly<Record<number, DependencyFailure>> = {
  401: 'denied',
  403: 'denied',
  404: 'not-found',
  408: 'timed-out',
  409: 'conflict',
  412: 'conflict',
  429: 'throttled',
  504: 'timed-out',
};

const tlsCode = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_)/;

const textAt = (value: unknown, key: string): string | undefined => {
  return typeof value === 'object' && value !== null ? textAtKey(value, key) : undefined;
};

const metadataOf = (error: unknown): object => {
  const metadata = isError(error) ? attempt((): unknown => Reflect.get(error, '$metadata')) : undefined;
  return typeof metadata === 'object' && metadata !== null ? metadata : {};
};

const numberAt = (value: object, key: string): number | undefined => {
  const found = attempt((): unknown => Reflect.get(value, key));
  return typeof found === 'number' ? found : undefined;
};

/** Requests that a failed call sent; one where the SDK does not tell. */
export const attemptsOf = (error: unknown): number => numberAt(metadataOf(error), 'attempts') ?? 1;

/** What the SDK's error tells of the answer. */
function answerFactsOf(error: unknown): AnswerFacts {
  const metadata = metadataOf(error);
  const [httpStatus, attempts] = [numberAt(metadata, 'httpStatusCode'), numberAt(metadata, 'attempts')];
  const [errorName, requestId] = [textAt(error, 'name'), textAt(metadata, 'requestId')];
  return {
    ...(httpStatus !== undefined && { httpStatus }),
    ...(attempts !== undefined && { attempts }),
    ...(errorName !== undefined && { errorName }),
    ...(requestId !== undefined && { requestId }),
  };
}

/** Why the call failed, by the error's name, then its code, then the answer's status. Never thrown itself. */
export function classifyAwsError(error: unknown): DependencyFailure {
  for (const name of [textAt(error, 'name'), textAt(error, 'code'), textAt(error, 'Code')]) {
    if (name === undefined) continue;
    if (tlsCode.test(name)) return 'tls-failed';
    const known = Object.hasOwn(failureByName, name) ? failureByName[name] : undefined;
    if (known !== undefined) return known;
  }
  const status = numberAt(metadataOf(error), 'httpStatusCode');
  const byStatus = status === undefined ? undefined : failureByStatus[status];
  if (byStatus !== undefined) return byStatus;
  // A success that could not be read: what answered is no AWS API.
  return status !== undefined && status < 300 ? 'bad-answer' : 'failed';
}

/** AWS says who may not do what, and leaves what to do about it to the reader. */
export const denialAdvice = ': allow that, or mend what forbids it';

/**
 * The error as a DependencyError that names the call, with its facts and its cause; a DependencyError stays what it is.
 * Its words are somebody else's: they come in without secrets, so that no document has to be searched for them.
 */
export function toDependencyError(call: string, error: unknown): DependencyError {
  if (isError(error) && error instanceof DependencyError) return error;
  const failure = classifyAwsError(error);
  const facts = answerFactsOf(error);
  const { errorName = 'Error', requestId } = facts;
  const message = redactText((textAt(error, 'message') ?? textOfAny(error)).split('\n', 1)[0] ?? '');
  const suffix = requestId === undefined ? '' : ` (request ${requestId})`;
  const advice = failure === 'denied' ? denialAdvice : '';
  const detail = `${failure}: ${errorName}: ${message}${suffix}${advice}`;
  return new DependencyError(call, failure, detail, { cause: error, facts });
}
