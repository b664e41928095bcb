import type { Finding } from '../../../../shared/core/finding.ts';
import type { HealthFacts } from './facts.ts';
import { finding, type Judgement, judged, severityOf, unanswered, unwanted } from './judgement.ts';
import { describingLooks, isHeard } from './looks.ts';
import { samplesSinceOpened } from './memory.ts';
import { newestValue } from './metrics.ts';
import { isUnreachable } from './roster.ts';

/**
 * H1 the controller. DescribeQuorum proves it. Metadata's controller does on ZooKeeper; on KRaft it is a random live
 * broker, and `ActiveControllerCount` is no proof there either (RUNBOOK section 6.5).
 */
export function evaluateController(facts: HealthFacts): Judgement {
  const { seen, expected } = facts;
  if (expected.brokerKind === 'serverless') return unwanted('controller', 'Serverless shows no controller');
  const metric = newestValue(seen, 'ActiveControllerCount');
  const told = seen.view.isKnown ? seen.view.value.controller : undefined;
  const evidence = {
    ...(told !== undefined && { toldBy: told.toldBy }),
    ...(told?.brokerId !== undefined && { brokerId: told.brokerId }),
    ...(metric !== undefined && { activeControllerCount: metric }),
  };
  const isAnyBrokerHeard = seen.view.isKnown && seen.view.value.brokers.some(isHeard);
  const isProof =
    isAnyBrokerHeard &&
    told?.problem === undefined &&
    (told?.toldBy === 'quorum' || expected.metadataMode === 'zookeeper');
  if (told !== undefined && isProof) {
    if (told.brokerId === undefined) {
      const message = 'The brokers know no controller: no leader can be elected, topics cannot be changed.';
      return judged(finding('controller', 'cluster', ['emergency', 'none'], message, ['brokers'], evidence));
    }
    if (told.toldBy === 'metadata' && isSilentController(told.brokerId, facts))
      return evaluateSilentController(facts, evidence);
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
  if (!seen.view.isKnown && seen.view.isAsked) return judged(unanswered('controller', 'cluster', 'brokers', seen.view));
  if (isAnyBrokerHeard && told?.toldBy === 'quorum' && told.problem?.kind === 'timed-out') {
    return evaluateHangingQuorum(facts, told.problem.message, evidence);
  }
  const message =
    told?.problem === undefined
      ? 'Only Metadata named a controller, which proves nothing on KRaft.'
      : `The quorum did not tell its leader (${told.problem.kind}): ${told.problem.message}`;
  const reason = told?.problem === undefined ? 'not-proven' : 'quorum-silent';
  return judged(finding('controller', 'cluster', ['unknown', reason], message, ['brokers'], evidence));
}

const isSilentController = (brokerId: number, { roster }: HealthFacts): boolean =>
  roster?.entries.some((entry) => entry.id === brokerId && isUnreachable(entry)) === true;

/** The silent broker itself pages; that nobody else was elected in five minutes is worth a look of its own. */
const silentLimit = { notice: 0, warning: 0, warningForMinutes: 5 };

/**
 * With ZooKeeper brokers go on naming the controller that they were told last, also one that is dead: until another one is
 * elected nobody tells them otherwise. It may as well live, and be cut off from mskeeper alone.
 */
function evaluateSilentController(facts: HealthFacts, evidence: Finding['evidence']): Judgement {
  const { seen, previous } = facts;
  const elected = describingLooks(seen).at(-1)?.controller.brokerId;
  if (elected !== undefined && !isSilentController(elected, facts)) {
    const message = `Node ${elected} is the controller, elected since the first look.`;
    const since = { ...evidence, brokerId: elected };
    return judged(finding('controller', 'cluster', ['ok', 'elected'], message, ['brokers'], since));
  }
  const subject = { check: 'controller', subject: 'cluster' };
  const [severity] = severityOf(silentLimit, samplesSinceOpened(subject, 1, previous, seen.nowMs));
  const message = `The brokers name broker ${evidence.brokerId} as the controller, which does not answer mskeeper: where it is dead, no leader is elected until another controller is.`;
  return judged(finding('controller', 'cluster', [severity, 'controller-silent'], message, ['brokers'], evidence));
}

/** A moment's election may look like it; longer, and nobody elects leaders. */
const hangingLimit = { warning: 0, critical: 0, criticalForMinutes: 5 };

/**
 * Brokers forward the question to the active controller: where they answer everything else and this times out, there is
 * none, or it is frozen. That is no proof of P0, and too much to wait three runs for.
 */
function evaluateHangingQuorum({ seen, previous }: HealthFacts, why: string, evidence: Finding['evidence']): Judgement {
  const subject = { check: 'controller', subject: 'cluster' };
  const [severity] = severityOf(hangingLimit, samplesSinceOpened(subject, 1, previous, seen.nowMs));
  const message = `The brokers answer, but the active controller does not (${why}): there is none, or it hangs.`;
  return judged(finding('controller', 'cluster', [severity, 'quorum-hangs'], message, ['brokers'], evidence));
}
