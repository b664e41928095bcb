import { AwsError, type Service } from '../service.ts';

/** Refusals that every service makes have other names in some: by the common code, then by signing name. */
const NAMES: Readonly<Record<string, Readonly<Record<string, readonly [code: string, status: number]>>>> = {
  AccessDeniedException: {
    s3: ['AccessDenied', 403],
    iam: ['AccessDenied', 403],
    sts: ['AccessDenied', 403],
    servicequotas: ['AccessDeniedException', 400],
    sns: ['AuthorizationErrorException', 403],
    events: ['AccessDeniedException', 400],
    ssm: ['AccessDeniedException', 400],
    secretsmanager: ['AccessDeniedException', 400],
  },
  UnrecognizedClientException: {
    s3: ['InvalidAccessKeyId', 403],
    iam: ['InvalidClientTokenId', 403],
    sns: ['InvalidClientTokenId', 403],
    sts: ['InvalidClientTokenId', 403],
  },
  InvalidSignatureException: {
    s3: ['SignatureDoesNotMatch', 403],
    iam: ['SignatureDoesNotMatch', 403],
    sns: ['SignatureDoesNotMatch', 403],
    sts: ['SignatureDoesNotMatch', 403],
  },
  ThrottlingException: {
    kafka: ['TooManyRequestsException', 429],
    lambda: ['TooManyRequestsException', 429],
    s3: ['SlowDown', 503],
    sns: ['ThrottledException', 429],
    iam: ['Throttling', 400],
    sts: ['Throttling', 400],
    servicequotas: ['TooManyRequestsException', 400],
    sqs: ['RequestThrottled', 403],
    monitoring: ['ThrottlingException', 400],
    events: ['ThrottlingException', 400],
    ssm: ['ThrottlingException', 400],
    secretsmanager: ['ThrottlingException', 400],
  },
  InternalFailure: {
    kafka: ['InternalServerErrorException', 500],
    lambda: ['ServiceException', 500],
    s3: ['InternalError', 500],
    sns: ['InternalErrorException', 500],
    iam: ['ServiceFailureException', 500],
    sts: ['InternalFailure', 500],
    servicequotas: ['ServiceException', 500],
    events: ['InternalException', 500],
    ssm: ['InternalServerError', 500],
    secretsmanager: ['InternalServiceError', 500],
    monitoring: ['InternalServiceFault', 500],
  },
};

/** The same refusal under the name and status that this service uses. */
export function inServiceTerms(error: AwsError, service: Service): AwsError {
  const own = NAMES[error.code]?.[service.signingName];
  return own ? new AwsError(own[0], own[1], error.message, error.fields) : error;
}
