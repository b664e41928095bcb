/** Who delivers without signing: an AWS service for one of its resources, or the scheduler with a role it assumed. */
export type Sender =
  | { readonly kind: 'service'; readonly service: string; readonly sourceArn: string }
  | { readonly kind: 'role'; readonly roleArn: string; readonly service: string; readonly sourceArn: string };

/** A message on its way from one service to a resource of another one. */
export type Delivery = {
  readonly sender: Sender;
  readonly targetArn: string;
  readonly payload: string;
  /** SNS subject, SQS message attributes (as strings) and the like. */
  readonly attributes?: Readonly<Record<string, string>>;
};

/**
 * Takes deliveries for one kind of ARN (`lambda`, `sns`, `sqs`, `events`). Resolves when the target has accepted the
 * message, which for an asynchronous invocation is before it ran.
 * Rejects with AwsError: AccessDeniedException and not-found codes are final, everything else may be tried again.
 */
export type Receiver = (delivery: Delivery) => Promise<void>;
