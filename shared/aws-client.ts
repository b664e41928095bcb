/**
 * What every SDK client is made with. The SDK's defaults wait without end for an answer; a run has seconds. Retries
 * back off exponentially with jitter (the SDK's standard mode) and end with the run's signal.
 */
export type AwsClientSettings = {
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    /** Without this the SDK only writes a warning when `requestTimeout` has passed. */
    readonly throwOnRequestTimeout: true;
  };
};

export const connectMs = 2_000;
export const requestMs = 5_000;
export const maxAttempts = 3;

/** Region, credentials and endpoint come from the environment, as on Lambda. `limits` is for calls that take longer. */
export const awsClientSettings = (
  limits: { readonly requestMs?: number; readonly maxAttempts?: number } = {},
): AwsClientSettings => ({
  maxAttempts: limits.maxAttempts ?? maxAttempts,
  requestHandler: {
    connectionTimeout: connectMs,
    requestTimeout: limits.requestMs ?? requestMs,
    throwOnRequestTimeout: true,
  },
});

/** Makes a client of any service: `createClient(KafkaClient)`. Once a cold start, outside of the handler. */
export const createClient = <Client>(
  Client: new (settings: AwsClientSettings) => Client,
  limits?: { readonly requestMs?: number; readonly maxAttempts?: number },
): Client => new Client(awsClientSettings(limits));
