/** An invocation as the API or another service asks for it. */
export type InvokeRequest = {
  /** A name or an ARN, with or without a qualifier. */
  readonly functionName: string;
  readonly qualifier?: string | undefined;
  /** JSON; nothing counts as `{}`. */
  readonly payload: Uint8Array | undefined;
  readonly invocationType: 'RequestResponse' | 'Event' | 'DryRun';
  readonly requestId?: string;
  /** Whose wish it is, for the record: an ARN. */
  readonly invokedBy?: string;
  readonly clientContext?: string | undefined;
  /** Of a durable function's execution: starts it or joins it. */
  readonly durableExecutionName?: string | undefined;
};

/** What whoever asked is told. */
export type InvokeAnswer = {
  readonly status: 200 | 202 | 204;
  readonly functionError: 'Unhandled' | undefined;
  /** JSON; undefined unless the invocation was synchronous. */
  readonly payload: Uint8Array | undefined;
  readonly executedVersion: string | undefined;
  readonly durableExecutionArn?: string | undefined;
  /** The whole log of a synchronous invocation. */
  readonly log: string;
};
