import type { Alarm } from '../../shared/deployment/alarm.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { functionNameOf, type StackContext } from '../../shared/deployment/names.ts';

/**
 * A durable run that ends badly has no destination and leaves no failed invocation: its own metrics tell. Critical, since
 * a run that acted may have left the cluster half-way and nobody watches it any more.
 */
export const durableAlarms = (context: StackContext, { slug }: FunctionDefinition): readonly Alarm[] => {
  const endings = [
    { slug: 'run-failed', name: 'DurableExecutionFailed', how: 'failed' },
    { slug: 'run-timed-out', name: 'DurableExecutionTimedOut', how: 'timed out' },
  ] as const;
  return endings.map((ending) => ({
    owner: 'self',
    section: 'mskeeper-itself',
    slug: ending.slug,
    severity: 'critical',
    subject: slug,
    signal: {
      kind: 'metric',
      metric: {
        namespace: 'AWS/Lambda',
        name: ending.name,
        dimensions: { FunctionName: functionNameOf(context, slug) },
        statistic: 'Sum',
      },
    },
    comparison: 'GreaterThanThreshold',
    threshold: 0,
    periodSeconds: 60,
    evaluationPeriods: 1,
    missing: { treatment: 'notBreaching', because: 'fine: no run ended' },
    sentence: `a run of ${slug} ${ending.how}: what it began is watched by nobody.`,
  }));
};
