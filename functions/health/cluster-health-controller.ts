import { finding, type Judgement, judged, notJudged, unanswered } from './cluster-health-judgement.ts';
import { newestValue } from './cluster-health-metrics.ts';
import type { HealthExpectation, HealthObservation } from './cluster-health-observation.ts';
import { isHeard } from './cluster-health-roster.ts';

/**
 * H1 the controller. DescribeQuorum proves it. Metadata's controller does on ZooKeeper; on KRaft it is a random live
 * broker, and `ActiveControllerCount` is no proof there either (RUNBOOK section 6.5).
 */
export function evaluateController(seen: HealthObservation, expected: HealthExpectation): Judgement {
  if (expected.brokerKind === 'serverless') return notJudged('controller', 'Serverless shows no controller');
  const metric = newestValue(seen, 'ActiveControllerCount');
  const told = seen.view.isAnswered ? seen.view.value.controller : undefined;
  const evidence = {
    ...(told !== undefined && { toldBy: told.toldBy }),
    ...(told?.brokerId !== undefined && { brokerId: told.brokerId }),
    ...(metric !== undefined && { activeControllerCount: metric }),
  };
  const isAnyBrokerHeard = seen.view.isAnswered && seen.view.value.brokers.some(isHeard);
  const isProof =
    isAnyBrokerHeard &&
    told?.problem === undefined &&
    (told?.toldBy === 'quorum' || expected.metadataMode === 'zookeeper');
  if (told !== undefined && isProof) {
    if (told.brokerId === undefined) {
      const message = 'The brokers know no controller: no leader can be elected, topics cannot be changed.';
      return judged(finding('controller', 'cluster', ['emergency', 'none'], message, ['brokers'], evidence));
    }
    const message = `Node ${told.brokerId} is the controller.`;
    return judged(finding('controller', 'cluster', ['ok', 'elected'], message, ['brokers'], evidence));
  }
  if (expected.metadataMode === 'zookeeper' && metric !== undefined) {
    return metric >= 1
      ? judged(
          finding(
            'controller',
            'cluster',
            ['ok', 'elected'],
            'CloudWatch counts a controller.',
            ['cloudwatch'],
            evidence,
          ),
        )
      : judged(
          finding(
            'controller',
            'cluster',
            ['emergency', 'none'],
            'CloudWatch counts no controller: no leader can be elected.',
            ['cloudwatch'],
            evidence,
          ),
        );
  }
  if (!seen.view.isAnswered && seen.view.isAsked)
    return judged(unanswered('controller', 'cluster', 'brokers', seen.view));
  const message =
    told?.problem === undefined
      ? 'Only Metadata named a controller, which proves nothing on KRaft.'
      : `The quorum did not tell its leader (${told.problem.kind}): ${told.problem.message}`;
  const reason = told?.problem === undefined ? 'not-proven' : 'quorum-silent';
  return judged(finding('controller', 'cluster', ['unknown', reason], message, ['brokers'], evidence));
}
