import type { KafkaAuthentication } from '../wire/authentication.ts';
import type { ConnectionOptions, KafkaConnection } from '../wire/transport.ts';

export type LookOptions = {
  /** `host:port` each; asked in order, the next a second after the last if nobody has answered, then all. */
  readonly bootstrapServers: readonly string[];
  readonly authentication: KafkaAuthentication;
  /** When the look must be over (ms since 1970): what has not answered by then is a problem in the view. */
  readonly deadlineAtMs: number;
  /** Default: what the request says, else 10 s, since TLS with IAM takes long on a small broker. */
  readonly connectTimeoutMs?: number;
  /** Default 10 s. */
  readonly requestTimeoutMs?: number;
  /** Why an address that a broker advertises must not be connected to: credentials would go there. Default: any may be. */
  readonly refusalOf?: (address: BrokerAddress) => string | undefined;
  /** How brokers are reached; tests give another one. */
  readonly open?: (options: ConnectionOptions) => Promise<KafkaConnection>;
};

export const defaultConnectTimeoutMs = 10_000;
export const defaultRequestTimeoutMs = 10_000;

/** A bootstrap server's address, or one that a broker advertises. */
export type BrokerAddress = { readonly host: string; readonly port: number };

/** One address in one way of writing it. */
export const keyOf = ({ host, port }: BrokerAddress): string => `${host.toLowerCase()}:${port}`;

/** Undefined for text that is no `host:port`. IPv6 hosts are in brackets. */
export const parseBrokerAddress = (text: string): BrokerAddress | undefined => {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
};
