import type { LookRequest } from '../../../shared/core/cluster-view.ts';
import { ask, type Known, notKnown } from '../../../shared/core/known.ts';
import { planMetrics } from './core/metrics.ts';
import type { HealthExpectation, HealthObservation } from './core/observation.ts';
import { compareLooks, planBrokerIds, planLook, planSecondLook } from './core/questions.ts';
import type { Ports } from './ports.ts';

/** A source that this depth, or this kind of cluster, leaves out. */
const notAsked = notKnown('not asked');

/** Asks every source at once; only the look and the metrics wait for the broker ids that MSK promises. */
export async function fetchObservation(
  depth: HealthObservation['depth'],
  expected: HealthExpectation,
  ports: Ports,
): Promise<Omit<HealthObservation, 'previous'>> {
  const nowMs = ports.nowMs();
  const hasNodes = expected.brokerKind !== 'serverless';
  const nodesAsked: Promise<Known<readonly number[]>> = hasNodes ? ask(ports.fetchNodeIds) : Promise.resolve(notAsked);
  const [msk, nodes, looks, metrics, alarms, endpoints] = await Promise.all([
    ask(ports.fetchMsk),
    nodesAsked,
    nodesAsked.then((nodes) => fetchLooks(planLook(depth, nodes, expected), ports)),
    nodesAsked.then((nodes) => fetchMetrics(depth, nodes, expected, ports, nowMs)),
    depth === 'full' && hasNodes ? ask(ports.fetchAlarms) : notAsked,
    Promise.all(
      ports.configuration.cluster.endpoints.map(async (endpoint) => ({
        name: endpoint.name,
        kind: endpoint.kind,
        answer: await ask(() => ports.fetchEndpoint(endpoint)),
      })),
    ),
  ]);
  return { nowMs, depth, msk, nodes, ...looks, metrics, alarms, endpoints };
}

/** Looks twice where somebody was silent: a broker is called dead on two looks, not on one lost packet (I6). */
async function fetchLooks(request: LookRequest, ports: Ports) {
  const view = await ask(() => ports.fetchView(request));
  const again = planSecondLook(view, request);
  const secondView = again === undefined ? notAsked : await ask(() => ports.fetchView(again));
  return compareLooks(view, secondView);
}

function fetchMetrics(
  depth: HealthObservation['depth'],
  nodes: HealthObservation['nodes'],
  expected: HealthExpectation,
  ports: Ports,
  nowMs: number,
): Promise<HealthObservation['metrics']> {
  const requests = planMetrics(depth, expected, planBrokerIds(nodes, expected));
  return requests.length === 0 ? Promise.resolve(notAsked) : ask(() => ports.fetchMetrics(requests, nowMs));
}
