import type { Finding } from '../../../../shared/core/finding.ts';
import type { HealthFacts } from './facts.ts';
import { finding, type Judgement, judged, type Ruling, unwanted } from './judgement.ts';
import type { EndpointObservation } from './observation.ts';

/** H10 Schema Registry answers, H15 the applications' own health endpoints, shown beside the cluster's. */
export function evaluateEndpoints({ seen }: HealthFacts): Judgement {
  if (seen.endpoints.length === 0) return unwanted('endpoint', 'no endpoint is configured');
  return judged(...seen.endpoints.map(evaluateEndpoint));
}

function evaluateEndpoint({ name, kind, answer }: EndpointObservation): Finding {
  const what = kind === 'schema-registry' ? `Schema Registry ${name}` : `Application ${name}`;
  const report = (verdict: Ruling, message: string, more: Finding['evidence'] = {}) =>
    finding('endpoint', `endpoint ${name}`, verdict, message, ['endpoint'], { kind, ...more });
  if (!answer.isKnown) {
    return answer.isAsked
      ? report(['warning', answer.failure], `${what} does not answer (${answer.failure}): ${answer.why}`)
      : report(['unknown', 'not-asked'], `${what} was not asked.`);
  }
  const { status, answerMs, redirectHost } = answer.value;
  const evidence = { status, answerMs, ...(redirectHost !== undefined && { redirectHost }) };
  if (redirectHost !== undefined) {
    const message = `${what} redirects to ${redirectHost}, another host, which is not followed: configure the final address.`;
    return report(['warning', 'redirected'], message, evidence);
  }
  if (status >= 200 && status < 300) return report(['ok', 'answers'], `${what} answers ${status}.`, evidence);
  return report(['warning', 'bad-status'], `${what} answers ${status}.`, evidence);
}
