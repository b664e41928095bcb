/** Who signed a call. `principalArn` is the session's ARN as AWS prints it in a denial. */
export type Caller = { readonly principalArn: string; readonly roleName?: string; readonly isAdmin: boolean };

/** The circumstances of one API call. */
export type Call = {
  readonly caller: Caller;
  readonly region: string;
  readonly accountId: string;
  readonly requestId: string;
  /** By the signature's own date; NaN where it has none. */
  readonly signedAtMs: number;
};

/** One permission that a call needs: `s3:PutObject` on an ARN. `context` holds IAM condition keys (`s3:prefix`). */
export type Permission = {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
};

/**
 * An operation of a service. Input and output have the SDK command's own shapes (Dates, Uint8Arrays), since the SDK's
 * schemas decode and encode them.
 */
export type OperationHandler<Input = never, Output = unknown> = {
  /** Every permission that the caller's role must allow; evaluated before `run`. */
  authorize(input: Input, call: Call): readonly Permission[];
  /** Throws AwsError for what the service refuses. */
  run(input: Input, call: Call): Promise<Output> | Output;
};

export type Protocol = 'rest-json' | 'aws-json-1.0' | 'aws-json-1.1' | 'query' | 'rest-xml';

/** A service of the stand-in: which signature scope reaches it, how it speaks, what it can do. */
export type Service = {
  readonly signingName: string;
  readonly protocol: Protocol;
  /** The SDK client's exports (`import * as Sns from '@aws-sdk/client-sns'`): its operation schemas drive the codecs. */
  readonly clientModule: Readonly<Record<string, unknown>>;
  /** By operation name, `PutEvents`. */
  readonly operations: Readonly<Record<string, OperationHandler>>;
};

/** The caller's connection breaks before it gets an answer, whatever became of its request. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** A refusal in AWS's own terms. `code` is the error's name for the SDK (`NotFoundException`), `fields` its members. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, status: number, message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}
