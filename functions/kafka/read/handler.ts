import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createClient } from '../../../shared/aws/client.ts';
import { fetchSecret } from '../../../shared/aws/secrets.ts';
import { type BundledConfiguration, readBundledConfiguration } from '../../../shared/configuration/bundled.ts';
import type { ClusterView, LookRequest } from '../../../shared/core/cluster-view.ts';
import { DependencyError, InvalidEventError } from '../../../shared/core/errors.ts';
import { fetchAuthentication } from '../../../shared/kafka/credentials.ts';
import { keptFor } from '../../../shared/kafka/kept-for.ts';
import { lookAtCluster } from '../../../shared/kafka/look/look.ts';
import { type ReadInvocation, readInvocation } from '../../../shared/kafka/read-invocation.ts';
import { encodeClusterView, type ViewPayload } from '../../../shared/kafka/view/payload.ts';
import type { KafkaAuthentication } from '../../../shared/kafka/wire/authentication.ts';
import { defineHandler } from '../../../shared/lambda/handler.ts';
import type { CallScope } from '../../../shared/run/call-scope.ts';
import type { RunContext, RunSummary } from '../../../shared/run/run-context.ts';
import { type BootstrapRule, planBootstrap } from './core/bootstrap.ts';

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
    },
  ) => Promise<ClusterView>;
};

/** RUNBOOK H1: a broker may take 5 s to answer, where the caller does not grant another time. */
const usualAnswerMs = 5_000;

/**
 * Looks at the cluster for a function outside of the VPC, which gets the view as the return value.
 *
 * @throws InvalidEventError where a bootstrap server does not belong to the configured cluster
 * @throws DependencyError where a secret cannot be read, the view does not fit into an answer, or so little time is left
 *   that a broker's silence would prove nothing. Brokers that do not answer are part of the view.
 */
export const readCluster = async (invocation: ReadInvocation, ports: Ports): Promise<ViewPayload> => {
  const plan = planBootstrap(invocation.bootstrapServers, ports.bootstrapRule);
  if (plan.action === 'refuse') {
    throw new InvalidEventError(`bootstrapServers: ${plan.strangers.join(', ')}: ${plan.reason}`);
  }
  const authentication = await ports.fetchAuthentication();
  const nowMs = ports.nowMs();
  const deadlineAtMs = Math.min(nowMs + invocation.withinMs, ports.latestEndAtMs);
  const { answerTimeoutMs = usualAnswerMs } = invocation.request;
  if (deadlineAtMs - nowMs < answerTimeoutMs) {
    const left = `${Math.max(0, deadlineAtMs - nowMs)} ms are left for the look, and a broker may take ${answerTimeoutMs}`;
    throw new DependencyError('Kafka look', 'timed-out', `timed-out: ${left}`);
  }
  const view = await ports.look(invocation.request, { bootstrapServers: plan.servers, authentication, deadlineAtMs });
  if (hasRefusal(view)) ports.forgetAuthentication();
  return encodeClusterView(view);
};

const hasRefusal = ({ brokers, problems }: ClusterView): boolean =>
  [...brokers, ...problems].some(({ problem }) => problem?.kind === 'authentication-failed');

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

const portsOf = ({ calls, remainingMs }: RunContext): Ports => {
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

const summaryOf = ({ counts, body, uncompressedBytes }: ViewPayload): RunSummary => ({
  observation: { ...counts, packedBytes: body.length, uncompressedBytes },
  decision: {},
  outcome: 'answered',
});

export const handler = defineHandler({
  procedure: 'kafka-read',
  schema: readInvocation,
  ports: portsOf,
  run: readCluster,
  summary: summaryOf,
  isAnswerVerbatim: true,
});
