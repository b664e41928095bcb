import type { ClusterView, TopicView, ViewProblem } from '../../../../shared/core/cluster-view.ts';

/** UNKNOWN_TOPIC_OR_PARTITION: said by name only to whom may describe the topic, so it is the proof that there is none. */
const unknownTopic = 3;

/** Whether a broker said of a topic, by its name, that there is none. */
export const isSaidMissing = ({ code }: ViewProblem): boolean => code === unknownTopic;

/**
 * A topic that mskeeper.yml names. `missing` is only what a broker said so by name: a list leaves out, without an error, what
 * may not be described (RUNBOOK section 6, 22).
 */
export type NamedTopic =
  | { readonly kind: 'listed'; readonly topic: TopicView }
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-known'; readonly reason: string; readonly why: string };

/** What the look tells of it. @param topics a look that described the cluster */
export function findNamedTopic(name: string, topics: ClusterView): NamedTopic {
  const topic = topics.topics.find((one) => one.name === name);
  if (topic !== undefined) return { kind: 'listed', topic };
  const problem = topics.unlistedTopics?.find((one) => one.name === name)?.problem;
  if (problem === undefined) {
    const why = `Topic ${name} is not in the brokers' list, and none was asked for it by name: it may be gone, or mskeeper may not describe it.`;
    return { kind: 'not-known', reason: 'not-listed', why };
  }
  if (isSaidMissing(problem)) return { kind: 'missing' };
  if (problem.kind === 'denied') {
    const why = `mskeeper may not describe topic ${name}, so nobody knows here whether it exists: give it Describe on the topic (with IAM kafka-cluster:DescribeTopic, else an ACL).`;
    return { kind: 'not-known', reason: 'denied', why };
  }
  const why = `Topic ${name} is not in the brokers' list, and was not told by name (${problem.kind}): ${problem.message}`;
  return { kind: 'not-known', reason: problem.kind, why };
}
