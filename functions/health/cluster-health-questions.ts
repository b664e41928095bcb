import type { LookRequest } from '../../shared/kafka/cluster-view.ts';
import type { HealthExpectation, HealthObservation } from './cluster-health-observation.ts';

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
  ends: expected.hasDeadLetterPatterns || expected.flowingTopics.length > 0 ? 'latest' : 'none',
  logDirectories: depth === 'full' && expected.brokerKind === 'standard',
  topicSettings: depth === 'full' ? ['min.insync.replicas'] : [],
  expectedBrokerIds: nodes.isAnswered ? nodes.value : [],
});

/**
 * Whose metrics to ask for: the brokers that MSK lists. Where it does not answer, 1 to the configured count, as MSK
 * numbers them at creation.
 */
export const planBrokerIds = (nodes: HealthObservation['nodes'], { brokerCount }: HealthExpectation) =>
  nodes.isAnswered ? nodes.value : Array.from({ length: brokerCount }, (_, index) => index + 1);
