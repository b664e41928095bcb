import type { ClusterView, ViewProblem } from '../../../../shared/core/cluster-view.ts';
import { finding, type Judgement, judged } from './judgement.ts';

/** Every broker turned mskeeper away: that says nothing of how its clients fare. */
export function evaluateRefusal({ kind, message }: ViewProblem): Judgement {
  const text = `No broker let mskeeper look (${kind}): ${message} Nothing is known of their health: check its secret, its role and the certificates.`;
  return judged(
    finding('cluster-answers', 'cluster', ['unknown', kind], text, ['brokers']),
    finding('broker-answers', 'cluster', ['unknown', kind], text, ['brokers']),
  );
}

/**
 * Whole answers that failed at a broker: what they would have told is missing from this look. An address that serves
 * nobody is explained by a broker that does not answer; without one, the list of addresses is stale.
 */
export function evaluateLookProblems(view: ClusterView, unreachableCount: number): Judgement {
  const check = 'look-complete';
  const findings = view.problems
    .filter(({ what }) => what !== 'bootstrap' || unreachableCount === 0)
    .map(({ what, brokerId, problem }, index) => {
      const subject = brokerId === undefined ? `${what} ${index + 1}` : `${what} of broker ${brokerId}`;
      const message = `${subject} not read (${problem.kind}): ${problem.message}`;
      const severity = what === 'bootstrap' ? 'notice' : 'unknown';
      const evidence = problem.code === undefined ? {} : { code: problem.code };
      return finding(check, subject, [severity, problem.kind], message, ['brokers'], evidence);
    });
  if (findings.length > 0) return judged(...findings);
  return judged(finding(check, 'cluster', ['ok', 'complete'], 'Brokers answered every question.', ['brokers']));
}
