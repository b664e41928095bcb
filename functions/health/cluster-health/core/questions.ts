import type { LookRequest } from '../../../../shared/core/cluster-view.ts';
import type { HealthExpectation, HealthObservation } from './observation.ts';
import { isSilence, isSilent } from './roster.ts';

/**
 * What to ask the brokers. Light: metadata, the controller, and ends only where growth is judged. Full: also groups, log
 * directories, and the setting that says how many copies a write needs.
 */
export const planLook = (
  depth: HealthObservation['depth'],
  nodes: HealthObservation['nodes'],
  expected: HealthExpectation,
): LookRequest => ({
  groups: depth === 'full',
  commits: false,
  // Groups are counted by the states that their listing tells: 60,000 members are half of an answer's room.
  members: 'none',
  ends: expected.hasDeadLetterPatterns || expected.flowingTopics.length > 0 ? 'latest' : 'none',
  logDirectories: depth === 'full' && expected.brokerKind === 'standard',
  topicSettings: depth === 'full' ? ['min.insync.replicas'] : [],
  expectedBrokerIds: nodes.isKnown ? nodes.value : [],
  answerTimeoutMs: expected.brokerAnswerTimeoutMs,
});

/** Whose metrics to ask for: the brokers that MSK lists. Where it does not answer, those of mskeeper.yml. */
export const planBrokerIds = (nodes: HealthObservation['nodes'], { brokerIds }: HealthExpectation) =>
  nodes.isKnown ? nodes.value : brokerIds;

/**
 * The second look, where the first found somebody silent or missing: only who answers, and with twice the time, so that a
 * slow broker is told from a dead one. `undefined` where nobody is, or where the first look itself could not be done.
 */
export function planSecondLook(view: HealthObservation['view'], request: LookRequest): LookRequest | undefined {
  if (!view.isKnown) return undefined;
  const { brokers, absentBrokerIds, problems } = view.value;
  const isNobodyHeard = problems.some(({ what, problem }) => what === 'metadata' && isSilence(problem));
  if (!isNobodyHeard && absentBrokerIds.length === 0 && !brokers.some(isSilent)) return undefined;
  const patience = request.answerTimeoutMs === undefined ? {} : { answerTimeoutMs: 2 * request.answerTimeoutMs };
  return { ...request, ...patience, groups: false, ends: 'none', logDirectories: false, topicSettings: [] };
}

/** Of two looks the first is judged, unless it heard nobody and the second somebody. */
export function compareLooks(
  view: HealthObservation['view'],
  secondView: HealthObservation['view'],
): Pick<HealthObservation, 'view' | 'secondView'> {
  const isBlind = view.isKnown && view.value.problems.some(({ what }) => what === 'metadata');
  const isSeeing = secondView.isKnown && secondView.value.problems.every(({ what }) => what !== 'metadata');
  return isBlind && isSeeing ? { view: secondView, secondView } : { view, secondView };
}

/** No look takes longer, whatever hangs. */
const longestLookMs = 45_000;
/** What an invocation may take beside its look: a cold start inside the VPC, the credentials, packing, the way. */
const invocationMs = 15_000;
/** Kept back to remember and to tell: the state, three topics, the bus and the report, each called again if need be. */
const tellingMs = 20_000;

/**
 * How long a look may take, and how long to wait for its answer, so that two looks of which each hangs still leave time to
 * tell what the other sources said.
 *
 * @param remainingMs until the run must be over
 */
export const planLookTime = (remainingMs: number): { readonly withinMs: number; readonly patienceMs: number } => {
  const withinMs = Math.max(1, Math.floor(Math.min(longestLookMs, (remainingMs - tellingMs) / 2)));
  return { withinMs, patienceMs: withinMs + invocationMs };
};
