import type { Finding } from '../../../../shared/core/finding.ts';
import { runbookPageOf } from '../../../../shared/core/runbook.ts';
import { shellWordOf } from '../../../../shared/core/shell-word.ts';

/**
 * What a person does first about a finding. `{cluster}` is the cluster's ARN, `{of}` the broker or topic that the finding is of; `$AT` is set as
 * the runbook says.
 */
type Step = { readonly before?: string; readonly command: string; readonly after?: string };

const describeCluster = 'aws kafka describe-cluster-v2 --cluster-arn {cluster}';
const listOperations = 'aws kafka list-cluster-operations-v2 --cluster-arn {cluster}';

/** By check, the words of its row in docs/runbook/cluster-health.md. */
export const stepByCheck: Readonly<Record<string, Step>> = {
  'cluster-answers': {
    before: 'Ask a client whether it works: the path of kafka-read alone may be cut.',
    command: describeCluster,
    after: 'Open a severe support case, and prepare the failover.',
  },
  'broker-answers': {
    before: `While MSK is HEALING, wait (${describeCluster}).`,
    command: 'aws kafka reboot-broker --cluster-arn {cluster} --broker-ids {of}',
    after: 'Open a support case when it does not return.',
  },
  controller: {
    command: 'kafka-metadata-quorum.sh $AT describe --status',
    after: 'MSK owns the controllers: open a support case.',
  },
  'cluster-state': { before: 'See what MSK does.', command: listOperations },
  'offline-partitions': {
    command: 'kafka-topics.sh $AT --describe --unavailable-partitions',
    after: 'Bring back a broker that holds a copy.',
  },
  'below-min-isr': {
    command: 'kafka-topics.sh $AT --describe --under-min-isr-partitions',
    after: 'Bring the copies back, and never lower min.insync.replicas.',
  },
  'under-replicated': {
    command: 'kafka-topics.sh $AT --describe --under-replicated-partitions',
    after: 'One broker in all of them: that broker.',
  },
  'log-directory': { command: 'kafka-log-dirs.sh $AT --describe --broker-list {of}', after: 'Reboot the broker.' },
  'log-directories': { command: 'kafka-log-dirs.sh $AT --describe --broker-list {of}', after: 'Reboot the broker.' },
  'broker-count': { before: 'Correct mskeeper.yml.', command: 'aws kafka list-nodes --cluster-arn {cluster}' },
  'topic-flow': { before: 'Ask its producers.', command: 'kafka-get-offsets.sh $AT --topic {of}' },
  'source-agreement': {
    before: 'Ask the broker yourself, from the VPC.',
    command: 'kafka-broker-api-versions.sh $AT',
    after: 'If it answers you, the path of kafka-read is cut.',
  },
};

/** @returns one sentence or three, with the command in them */
export function planNextStep(
  { check, subject }: Pick<Finding, 'check' | 'subject'>,
  { clusterArn, procedure }: { readonly clusterArn: string; readonly procedure: string },
): string {
  const step = Object.hasOwn(stepByCheck, check) ? stepByCheck[check] : undefined;
  const page = runbookPageOf(procedure);
  if (step === undefined) return `Do what the row of ${check} in ${page} says.`;
  const said = [step.before, step.command, step.after, `Row ${check} of ${page}.`];
  // No dot behind a command: it would be pasted with it.
  const text = said.filter((part) => part !== undefined).join(' · ');
  const [what = '', of = ''] = subject.split(' ');
  return text.replaceAll('{cluster}', clusterArn).replaceAll('{of}', shellWordOf(of, what));
}
