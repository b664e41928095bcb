import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createClient } from '../../../shared/aws/client.ts';
import { fetchSecret } from '../../../shared/aws/secrets.ts';
import { type BundledConfiguration, readBundledConfiguration } from '../../../shared/configuration/bundled.ts';
import type { ClusterView, LookRequest } from '../../../shared/core/cluster-view.ts';
import { fetchAuthentication } from '../../../shared/kafka/credentials.ts';
import { keptFor } from '../../../shared/kafka/kept-for.ts';
import { lookAtCluster } from '../../../shared/kafka/look/look.ts';
import type { LookOptions } from '../../../shared/kafka/look/options.ts';
import type { KafkaAuthentication } from '../../../shared/kafka/wire/authentication.ts';
import type { CallScope } from '../../../shared/run/call-scope.ts';
import type { RunContext } from '../../../shared/run/run-context.ts';
import type { BootstrapRule } from './core/bootstrap.ts';

/** Everything outside of the run. */
export type Ports = {
  readonly bootstrapRule: BootstrapRule;
  /** The look must be over by then (ms since 1970), with time left to pack the answer. */
  readonly latestEndAtMs: number;
  readonly nowMs: () => number;
  readonly fetchAuthentication: () => Promise<KafkaAuthentication>;
  /** The next run reads the credentials anew: they may have been rotated. */
  readonly forgetAuthentication: () => void;
  readonly look: (
    request: LookRequest,
    where: {
      readonly bootstrapServers: readonly string[];
      readonly authentication: KafkaAuthentication;
      readonly deadlineAtMs: number;
      readonly refusalOf: NonNullable<LookOptions['refusalOf']>;
    },
  ) => Promise<ClusterView>;
};

/** Connections live for one look: what a frozen sandbox keeps open is dead when it wakes. Credentials live longer. */
const credentialsKeptMs = 600_000;
/** Time to pack a large view, and to send it. */
const packingReserveMs = 3_000;

const secretsManager = createClient(SecretsManagerClient);
let bundled: BundledConfiguration | undefined;

const fetchCredentials = (calls: CallScope) => {
  bundled ??= readBundledConfiguration();
  const { authentication, region } = bundled.cluster;
  return fetchAuthentication(authentication, region, (secretId, schema) =>
    fetchSecret(secretsManager, calls, secretId, schema),
  );
};

const credentials = keptFor(credentialsKeptMs, fetchCredentials);

/** The ports of one run on Lambda. @throws ConfigError where the configuration is wrong */
export const openPorts = ({ calls, remainingMs }: RunContext): Ports => {
  bundled ??= readBundledConfiguration();
  const { region, bootstrap } = bundled.cluster;
  return {
    bootstrapRule: { region, ...(bootstrap === undefined ? {} : { bootstrap }) },
    latestEndAtMs: Date.now() + remainingMs() - packingReserveMs,
    nowMs: () => Date.now(),
    fetchAuthentication: () => credentials.fetch(calls),
    forgetAuthentication: credentials.forget,
    look: (request, where) => calls.track('Kafka look', () => lookAtCluster(request, where)),
  };
};
