import { UsageError } from '../infra/command-line.ts';
import { resolveConfiguration } from '../infra/configuration/resolve-configuration.ts';
import { findNearest } from '../infra/configuration/suggestion.ts';
import { stackContextOf } from '../infra/stack/context.ts';
import { type ClientClass, type ClientLimits, createClient } from '../shared/aws/client.ts';
import type { StackContext } from '../shared/deployment/names.ts';
import { type CallScope, openCallScope } from '../shared/run/call-scope.ts';

/** How long all of a command's calls may take together. */
const longestMs = 10 * 60_000;

/** The one cluster that a command is about, and how to speak to its Region. */
export type Target = {
  readonly context: StackContext;
  readonly calls: CallScope;
  /**
   * A client of any service in the cluster's Region: `clientOf(SNSClient)`. Credentials come from the SDK's default chain,
   * the endpoint from `AWS_ENDPOINT_URL` where that is set.
   */
  readonly clientOf: <Client>(Client: ClientClass<Client>, limits?: Omit<ClientLimits, 'region'>) => Client;
};

const keyOf = (clusterKey: string | undefined, known: readonly string[], file: string): string => {
  const [only, ...others] = known;
  if (clusterKey === undefined) {
    if (only !== undefined && others.length === 0) return only;
    throw new UsageError(`name a cluster of ${file}: ${known.join(', ') || 'it has none'}`);
  }
  if (known.includes(clusterKey)) return clusterKey;
  const nearest = findNearest(clusterKey, known);
  const hint = nearest === undefined ? `it has ${known.join(', ') || 'none'}` : `did you mean ${nearest}?`;
  throw new UsageError(`${file} has no cluster ${JSON.stringify(clusterKey)}; ${hint}`);
};

/**
 * Reads mskeeper.yml and picks the cluster: the named one, or the only one.
 *
 * @throws ConfigError that lists every mistake of the file; UsageError for a key that it does not have
 */
export const openTarget = (file: string, clusterKey: string | undefined): Target => {
  const configuration = resolveConfiguration(file);
  const key = keyOf(clusterKey, Object.keys(configuration.clusters), file);
  const context = stackContextOf(configuration, key);
  const { region } = context.cluster;
  return {
    context,
    calls: openCallScope(AbortSignal.timeout(longestMs)),
    clientOf: (Client, limits) => createClient(Client, { ...limits, region }),
  };
};
