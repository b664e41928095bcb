import type { HealthExpectation, HealthObservation } from './observation.ts';

/**
 * Every name that a finding's sentence or evidence may hold: topics as the brokers list them, as mskeeper.yml promises them,
 * and as the run before knew or named them, and alarms. Groups are counted and never named.
 */
export const namesSeen = (seen: HealthObservation, expected: HealthExpectation): readonly string[] => [
  ...new Set([
    ...(seen.view.isKnown ? seen.view.value.topics.map(({ name }) => name) : []),
    ...expected.criticalTopics.map(({ name }) => name),
    ...expected.flowingTopics.map(({ name }) => name),
    ...expected.plainTopics,
    ...(seen.previous.isKnown ? Object.keys(seen.previous.value?.offsetsByTopic ?? {}) : []),
    ...(seen.previous.isKnown ? (seen.previous.value?.names ?? []) : []),
    ...(seen.alarms.isKnown ? seen.alarms.value.map(({ name }) => name) : []),
    ...seen.wakes.map(({ alarmName }) => alarmName),
  ]),
];
