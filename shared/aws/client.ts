/** Of a role that a program took; else the environment has them. */
type ClientCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

/**
 * What every SDK client is made with. The SDK's defaults wait without end for an answer; a run has seconds. Retries
 * back off exponentially with jitter (the SDK's standard mode) and end with the run's signal.
 */
type AwsClientSettings = {
  readonly region?: string;
  readonly credentials?: ClientCredentials;
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

/** What differs by call or by caller. `region` is for a program that runs elsewhere; on Lambda the environment names it. */
export type ClientLimits = {
  readonly region?: string;
  readonly credentials?: ClientCredentials;
  readonly requestMs?: number;
  readonly maxAttempts?: number;
};

/** Region, credentials and endpoint come from the environment, as on Lambda. `limits` is for calls that take longer. */
const awsClientSettings = (limits: ClientLimits = {}): AwsClientSettings => ({
  ...(limits.region !== undefined && { region: limits.region }),
  ...(limits.credentials !== undefined && { credentials: limits.credentials }),
  maxAttempts: limits.maxAttempts ?? maxAttempts,
  requestHandler: {
    connectionTimeout: connectMs,
    requestTimeout: limits.requestMs ?? requestMs,
    throwOnRequestTimeout: true,
  },
});

/** The constructor of an SDK client: `KafkaClient`. */
export type ClientClass<Client> = new (settings: AwsClientSettings) => Client;

/** Makes a client of any service: `createClient(KafkaClient)`. Once a cold start, outside of the handler. */
export const createClient = <Client>(Client: ClientClass<Client>, limits?: ClientLimits): Client =>
  new Client(awsClientSettings(limits));
