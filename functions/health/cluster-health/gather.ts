import type { LookRequest } from '../../../shared/core/cluster-view.ts';
import { ask, type Known, notKnown } from '../../../shared/core/known.ts';
import { planHalfHour } from './core/half-hour.ts';
import { planMetricRange, planMetrics } from './core/metrics.ts';
import type { HealthExpectation, HealthObservation, MetricQuestions } from './core/observation.ts';
import { compareLooks, mayLookAgain, pausesMs, planBrokerIds, planLook, planNextLook } from './core/questions.ts';
import { longestMinutes } from './core/resources.ts';
import { isThroughputLeftToLook } from './core/throughput-rules.ts';
import { openAlarmsWith, planRules } from './core/wakes.ts';
import type { Ports } from './ports.ts';
import type { StoredState } from './tell-once.ts';

/** A source that this depth, or this kind of cluster, leaves out. */
const notAsked = notKnown('not asked');

/** What a look is for, and what it starts from. */
type Look = Pick<HealthObservation, 'depth' | 'wakes' | 'mayWakesWait' | 'unclaimed'> & {
  /** The run before, read already. */
  readonly stored: StoredState;
};

/**
 * Asks every source at once; only the look and the metrics wait for the broker ids that MSK promises. Alarms are asked for
 * daily, and while one that woke a look is open.
 */
export async function fetchObservation(
  look: Look,
  expected: HealthExpectation,
  ports: Ports,
): Promise<Omit<HealthObservation, 'previous'>> {
  const { depth, wakes, mayWakesWait, unclaimed, stored } = look;
  const nowMs = ports.nowMs();
  const hasNodes = expected.brokerKind !== 'serverless';
  const previous = stored.isKnown ? stored.value?.value : undefined;
  const openAlarms = openAlarmsWith(previous?.openAlarms ?? {}, wakes, nowMs);
  const halfHour = planHalfHour(depth, previous, nowMs);
  const asked = {
    depth,
    rules: planRules(depth, openAlarms, previous),
    ...(halfHour !== undefined && {
      halfHour,
      isThroughputAsked: isThroughputLeftToLook(ports.configuration.configuration.policy, expected),
    }),
  };
  const nodesAsked: Promise<Known<readonly number[]>> = hasNodes ? ask(ports.fetchNodeIds) : Promise.resolve(notAsked);
  const areAlarmsAsked = hasNodes && (depth === 'full' || Object.keys(openAlarms).length > 0);
  const [msk, nodes, looks, metrics, alarms, endpoints] = await Promise.all([
    ask(ports.fetchMsk),
    nodesAsked,
    nodesAsked.then((nodes) => fetchLooks(planLook(depth, nodes, expected), ports)),
    nodesAsked.then((nodes) => fetchMetrics(asked, nodes, expected, ports, nowMs)),
    areAlarmsAsked ? ask(ports.fetchAlarms) : notAsked,
    Promise.all(
      ports.configuration.cluster.endpoints.map(async (endpoint) => ({
        name: endpoint.name,
        kind: endpoint.kind,
        answer: await ask(() => ports.fetchEndpoint(endpoint)),
      })),
    ),
  ]);
  const { runId } = ports.run;
  const claim = { mayWakesWait, ...(unclaimed && { unclaimed }) };
  return { runId, nowMs, ...asked, wakes, ...claim, msk, nodes, ...looks, metrics, alarms, endpoints };
}

/**
 * Looks again where somebody was silent, after a pause: a broker is called dead on two looks, not on one lost packet (I6), and
 * two that follow each other at once see the same moment. A third where the second did not find all, and time allows.
 */
async function fetchLooks(request: LookRequest, ports: Ports) {
  const view = await ask(() => ports.fetchView(request));
  const later: HealthObservation['view'][] = [];
  for (const pauseMs of pausesMs) {
    const again = planNextLook(view, later, request);
    if (again === undefined || (later.length > 0 && !mayLookAgain(ports.remainingMs(), pauseMs, again))) break;
    await ports.wait(pauseMs);
    later.push(await ask(() => ports.fetchView(again)));
  }
  return compareLooks(view, later[0] ?? notAsked, later[1]);
}

function fetchMetrics(
  asked: MetricQuestions,
  nodes: HealthObservation['nodes'],
  expected: HealthExpectation,
  ports: Ports,
  nowMs: number,
): Promise<HealthObservation['metrics']> {
  const requests = planMetrics(asked, expected, planBrokerIds(nodes, expected));
  if (requests.length === 0) return Promise.resolve(notAsked);
  const range = planMetricRange(nowMs, longestMinutes(asked, ports.configuration.configuration.policy), asked.halfHour);
  return ask(() => ports.fetchMetrics(requests, range));
}
