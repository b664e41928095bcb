import type { ClusterView } from '../../../shared/core/cluster-view.ts';
import { DependencyError, InvalidEventError } from '../../../shared/core/errors.ts';
import { type ReadInvocation, readInvocation } from '../../../shared/kafka/read-invocation.ts';
import { encodeClusterView, type ViewPayload } from '../../../shared/kafka/view/payload.ts';
import { defineHandler } from '../../../shared/lambda/handler.ts';
import type { RunSummary } from '../../../shared/run/run-context.ts';
import { refusalOfAdvertised } from './core/advertised.ts';
import { planBootstrap } from './core/bootstrap.ts';
import { openPorts, type Ports } from './ports.ts';

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
  const view = await ports.look(invocation.request, {
    bootstrapServers: plan.servers,
    authentication,
    deadlineAtMs,
    refusalOf: (address) => refusalOfAdvertised(address, ports.bootstrapRule),
  });
  if (hasRefusal(view)) ports.forgetAuthentication();
  return encodeClusterView(view);
};

const hasRefusal = ({ brokers, problems }: ClusterView): boolean =>
  [...brokers, ...problems].some(({ problem }) => problem?.kind === 'authentication-failed');

const summaryOf = ({ counts, body, uncompressedBytes }: ViewPayload): RunSummary => ({
  observation: { ...counts, packedBytes: body.length, uncompressedBytes },
  decision: {},
  outcome: 'answered',
});

export const handler = defineHandler({
  procedure: 'kafka-read',
  schema: readInvocation,
  ports: openPorts,
  run: readCluster,
  summary: summaryOf,
  isAnswerVerbatim: true,
});
