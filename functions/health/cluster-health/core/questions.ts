import type { ClusterView, LookRequest } from '../../../../shared/core/cluster-view.ts';
import { isDescribed, isHeard, isSilence, isSilent } from './looks.ts';
import type { HealthExpectation, HealthObservation } from './observation.ts';
import { isAnyOffline } from './partition-state.ts';

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
  ...planTopicNames(expected),
  expectedBrokerIds: nodes.isKnown ? nodes.value : [],
  answerTimeoutMs: expected.brokerAnswerTimeoutMs,
});

/** Whose metrics to ask for: the brokers that MSK lists. Where it does not answer, those of mskeeper.yml. */
export const planBrokerIds = (nodes: HealthObservation['nodes'], { brokerIds }: HealthExpectation) =>
  nodes.isKnown ? nodes.value : brokerIds;

/** So many the function that looks takes; those that matter most come first. */
const mostTopicNames = 1_000;

/** Topics that matter by name: what a list leaves out is gone only where a broker says so of its name. */
function planTopicNames({ criticalTopics, flowingTopics, plainTopics }: HealthExpectation) {
  const names = [...criticalTopics.map(({ name }) => name), ...flowingTopics.map(({ name }) => name), ...plainTopics];
  const topicNames = [...new Set(names)].slice(0, mostTopicNames);
  return topicNames.length === 0 ? {} : { topicNames };
}

/** A silence of a moment is over after the first pause, a broker that begins after the second. */
export const pausesMs = [1_000, 3_000] as const;

/**
 * The next look, where those before did not find all brokers: only who answers, and with twice the time, so that a
 * slow broker is told from a dead one. One that let us in and then answered nothing is asked the same again: who it is, it
 * would tell. A partition without a leader is looked at a second time, too, since an election takes a moment. `undefined`
 * where nobody is missing, or where the first look itself could not be done.
 *
 * @param later the looks after the first, in their order
 */
export function planNextLook(
  first: HealthObservation['view'],
  later: readonly HealthObservation['view'][],
  request: LookRequest,
): LookRequest | undefined {
  if (!first.isKnown || !isLeftOpen(first.value, later)) return undefined;
  const patience = request.answerTimeoutMs === undefined ? {} : { answerTimeoutMs: 2 * request.answerTimeoutMs };
  const { topicNames: _names, ...rest } = request;
  const questions = isAnyoneSilentInside(first.value) ? {} : ({ groups: false, ends: 'none' } as const);
  return { ...rest, ...patience, ...questions, logDirectories: false, topicSettings: [] };
}

const isLeftOpen = (first: ClusterView, later: readonly HealthObservation['view'][]): boolean =>
  isAnyoneMissing(first)
    ? !later.some((look) => look.isKnown && isEveryoneFound(look.value, first))
    : later.length === 0 && isAnyOffline(first);

/** It told who it is, and nothing that it was asked then. */
const isAnyoneSilentInside = ({ brokers }: ClusterView): boolean =>
  brokers.some((broker) => isSilent(broker) && broker.requestCount > 1);

/** An answer that lists no broker describes nothing: it is asked again, too. */
function isAnyoneMissing({ brokers, absentBrokerIds, problems }: ClusterView): boolean {
  const metadata = problems.find(({ what }) => what === 'metadata');
  if (metadata !== undefined) return isSilence(metadata.problem);
  return brokers.length === 0 || absentBrokerIds.length > 0 || brokers.some(isSilent);
}

/** Whoever the first look missed answers now. */
function isEveryoneFound(later: ClusterView, first: ClusterView): boolean {
  if (!isDescribed(later)) return false;
  const heard = new Set(later.brokers.filter(isHeard).map(({ id }) => id));
  const silent = first.brokers.filter(isSilent).map(({ id }) => id);
  if (first.brokers.length + first.absentBrokerIds.length === 0) return !isAnyoneMissing(later);
  return [...silent, ...first.absentBrokerIds].every((id) => heard.has(id));
}

/** Of all looks the first is judged, unless it heard nobody and a later one somebody. */
export function compareLooks(
  view: HealthObservation['view'],
  secondView: HealthObservation['view'],
  thirdView?: HealthObservation['view'],
): Pick<HealthObservation, 'view' | 'secondView' | 'thirdView'> {
  const later = { secondView, ...(thirdView !== undefined && { thirdView }) };
  if (!view.isKnown || isDescribed(view.value)) return { view, ...later };
  const seeing = [secondView, thirdView].find((look) => look?.isKnown === true && isDescribed(look.value));
  return { view: seeing ?? view, ...later };
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

/** What telling takes at the end of a run that a look left little time: the least that a look must leave. */
const leastTellingMs = 15_000;

/**
 * Whether a third look fits: its brokers get the time that it asks for, and even where it hangs there is time to tell.
 *
 * @param remainingMs until the run must be over
 */
export function mayLookAgain(remainingMs: number, pauseMs: number, { answerTimeoutMs = 0 }: LookRequest): boolean {
  const { withinMs, patienceMs } = planLookTime(remainingMs - pauseMs);
  return withinMs >= answerTimeoutMs && remainingMs - pauseMs - patienceMs >= leastTellingMs;
}
