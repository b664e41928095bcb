/** One published state of a function: `$LATEST` or a numbered version. */
export type FunctionConfiguration = {
  readonly name: string;
  /** Without a qualifier. */
  readonly arn: string;
  readonly version: string;
  readonly description: string;
  readonly handler: string;
  readonly runtime: string;
  readonly roleArn: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logFormat: 'Text' | 'JSON';
  readonly isInVpc: boolean;
  readonly deadLetterArn: string | undefined;
  /** Of a durable function: how long an execution may take, and how long it is kept after its end. */
  readonly durable: { readonly executionTimeoutSeconds: number; readonly retentionDays: number } | undefined;
  /** The unpacked package. */
  readonly taskRoot: string;
};

/** What happens to asynchronous invocations of one qualifier. */
export type AsyncSettings = {
  readonly maxRetryAttempts: number;
  readonly maxEventAgeSeconds: number;
  readonly onSuccessArn: string | undefined;
  readonly onFailureArn: string | undefined;
};

/** Lambda's own settings where no AWS::Lambda::EventInvokeConfig says otherwise. */
export const defaultAsyncSettings: AsyncSettings = {
  maxRetryAttempts: 2,
  maxEventAgeSeconds: 21_600,
  onSuccessArn: undefined,
  onFailureArn: undefined,
};

/** A function with all its versions. */
export type LambdaFunction = {
  readonly latest: FunctionConfiguration;
  readonly reservedConcurrency: number | undefined;
  /** When it was made: nothing here changes it after. */
  readonly modifiedMs: number;
  readonly versions: Map<string, FunctionConfiguration>;
  /** Version by alias. */
  readonly aliases: Map<string, string>;
  /** By qualifier, `$LATEST` for none. */
  readonly asyncSettings: Map<string, AsyncSettings>;
  runningCount: number;
};

/** An invocation that ended, for drills, reports and tests. */
export type InvocationRecord = {
  readonly requestId: string;
  readonly functionName: string;
  readonly version: string;
  readonly kind: 'sync' | 'async' | 'durable';
  /** The ARN of the caller, or of the rule, schedule, topic or alarm that woke it; empty for the local world itself. */
  readonly invokedBy: string;
  /** Of an asynchronous event or a durable execution: 1 for the first. */
  readonly attempt: number;
  /** World time. */
  readonly atMs: number;
  readonly status: 'success' | 'error' | 'timeout' | 'out-of-memory';
  readonly errorType: string | undefined;
  readonly errorMessage: string | undefined;
  /** Real time. */
  readonly durationMs: number;
  readonly initMs: number | undefined;
  readonly maxMemoryMb: number;
  readonly memoryMb: number;
};
