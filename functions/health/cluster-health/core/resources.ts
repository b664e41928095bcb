import type { Finding } from '../../../../shared/core/finding.ts';
import type { Limit } from '../../../../shared/core/policy.ts';
import { combine, finding, type Judgement, judged, notJudged, unanswered } from './judgement.ts';
import { severityOf } from './limit.ts';
import { brokersOfMetrics, findLeftOut, freshSamples } from './metrics.ts';
import type { HealthExpectation, HealthObservation } from './observation.ts';
import { type Resource, type ResourceLimits, resources } from './resource-list.ts';

/** H1 disk, CPU, heap of each broker, from CloudWatch. */
export function evaluateResources(
  seen: HealthObservation,
  expected: HealthExpectation,
  limits: ResourceLimits,
): Judgement {
  return combine(...resources.map((resource) => evaluateResource(resource, seen, expected, limits)));
}

function evaluateResource(
  resource: Resource,
  seen: HealthObservation,
  expected: HealthExpectation,
  limits: ResourceLimits,
): Judgement {
  const { check, metrics } = resource;
  const limit = limits[resource.limit];
  const leftOut = metrics.map((metric) => findLeftOut(metric, seen.depth, expected)).find((why) => why !== undefined);
  if (leftOut !== undefined) return notJudged(check, leftOut);
  if (limit === undefined) return notJudged(check, `the policy names no ${resource.limit}`);
  if (!seen.metrics.isAnswered) {
    if (!seen.metrics.isAsked) return notJudged(check, 'CloudWatch was not asked');
    return judged(unanswered(check, 'brokers', 'cloudwatch', seen.metrics));
  }
  const brokerIds = brokersOfMetrics(seen);
  if (brokerIds.length === 0) {
    const message = 'No broker is known by id, so CloudWatch could not be asked.';
    return judged(finding(check, 'brokers', ['unknown', 'no-brokers-known'], message, ['cloudwatch']));
  }
  return judged(...brokerIds.map((id) => evaluateOnBroker(resource, limit, id, seen)));
}

function evaluateOnBroker(resource: Resource, limit: Limit, id: number, seen: HealthObservation): Finding {
  const { check, metrics, derive, what, advice } = resource;
  const samples = derive(metrics.map((metric) => freshSamples(seen, metric, id)));
  const newest = samples.at(-1)?.value;
  const subject = `broker ${id}`;
  const verdict = severityOf(limit, samples);
  const unit = resource.limit === 'partitionsPerBroker' ? '' : ' %';
  const evidence = newest === undefined || Number.isNaN(newest) ? {} : { [resource.limit]: newest };
  const named = { ...evidence, metrics: metrics.join(' + ') };
  if (newest === undefined || verdict[0] === 'unknown') {
    const message = `${subject}: CloudWatch has no fresh ${metrics.join(', ')}, so its ${what} is not known.`;
    return finding(check, subject, verdict, message, ['cloudwatch'], named);
  }
  const level = `${subject}: ${what} at ${Math.round(newest * 10) / 10}${unit}`;
  const message = verdict[0] === 'ok' ? `${level}.` : `${level}, above the policy. ${advice}`;
  return finding(check, subject, verdict, message, ['cloudwatch'], named);
}
