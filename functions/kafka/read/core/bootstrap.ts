import { splitServers } from '../../../../shared/core/bootstrap-servers.ts';
import { partitionOfRegion } from '../../../../shared/core/partitions.ts';

/** Which brokers credentials may be sent to, whatever an event says. */
export type BootstrapRule = {
  readonly region: string;
  /** `host:port` with commas, from mskeeper.yml: then these and no others. */
  readonly bootstrap?: string;
};

/** A decision about an invocation's bootstrap servers: all of them, or none where one is a stranger. */
export type BootstrapPlan =
  | { readonly action: 'connect'; readonly servers: readonly string[] }
  | { readonly action: 'refuse'; readonly strangers: readonly string[]; readonly reason: string };

const hostOf = (server: string): string =>
  server
    .trim()
    .toLowerCase()
    .replace(/:\d{1,5}$/, '');

/**
 * Whether a host, in small letters, is one of MSK's in a Region. MSK's names end like this: `b-1.<name>.<id>.c2.kafka.<region>.amazonaws.com`, `boot-<id>.c1.kafka-serverless.…`, under the
 * domain of the Region's partition. The
 * label with the cluster's name is MSK's own rendering of it, and is not compared. Nobody but AWS can make such a name
 * point anywhere; another MSK cluster of the Region would pass, and fail to authenticate us.
 */
export const isMskHost = (host: string, region: string): boolean =>
  ['kafka', 'kafka-serverless'].some((service) => {
    const suffix = `.${service}.${region}.${partitionOfRegion(region).dnsSuffix}`;
    return host.endsWith(suffix) && /^[a-z0-9.-]+$/.test(host.slice(0, -suffix.length));
  });

/**
 * Decides whether to connect to the servers that an invocation names. An event wakes, it never proves: credentials go to
 * the configured cluster only.
 */
export const planBootstrap = (servers: readonly string[], { region, bootstrap }: BootstrapRule): BootstrapPlan => {
  const configured = bootstrap === undefined ? undefined : splitServers(bootstrap.toLowerCase());
  const isOurs = (server: string): boolean =>
    configured === undefined ? isMskHost(hostOf(server), region) : configured.includes(server.trim().toLowerCase());
  const strangers = servers.filter((server) => !isOurs(server));
  if (strangers.length === 0) return { action: 'connect', servers };
  const reason =
    configured === undefined
      ? `no broker of an MSK cluster in ${region}`
      : 'not in the bootstrap setting of the configured cluster';
  return { action: 'refuse', strangers, reason };
};
