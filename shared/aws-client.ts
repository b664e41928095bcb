/**
 * What every SDK client is made with. The SDK's defaults wait without end for an answer; a run has seconds. Retries
 * back off exponentially with jitter (the SDK's standard mode) and end with the run's signal.
 */
type AwsClientSettings = {
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    /** Without this the SDK only writes a warning when `requestTimeout` has passed. */
    readonly throwOnRequestTimeout: true;
  };
};

const connectMs = 2_000;
const requestMs = 5_000;
const maxAttempts = 3;

/** Region, credentials and endpoint come from the environment, as on Lambda. `limits` is for calls that take longer. */
const awsClientSettings = (
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
