import { counted } from '../../../../shared/core/counted.ts';
import type { Finding } from '../../../../shared/core/finding.ts';
import { evaluateBroker } from './broker-answers.ts';
import { evaluateWhole } from './cluster-answers.ts';
import type { HealthFacts } from './facts.ts';
import { combine, finding, type Judgement, judged, notJudged, type Ruling, unanswered } from './judgement.ts';
import { evaluateLookProblems, evaluateRefusal } from './look-complete.ts';
import { whyUnproven } from './looks.ts';
import type { HealthObservation } from './observation.ts';
import { countSilentOnce, type Roster, silentOnce, unnamed } from './roster.ts';

/** H1 each broker answers in time, H2 also those that no metric misses yet; the whole cluster silent is P0. */
export function evaluateBrokers(facts: HealthFacts): Judgement {
  const { seen, roster, unreachableCount } = facts;
  if (!seen.view.isKnown) {
    if (!seen.view.isAsked) return notJudged('broker-answers', 'the brokers were not looked at');
    return judged(
      unanswered('cluster-answers', 'cluster', 'brokers', seen.view),
      unanswered('broker-answers', 'cluster', 'brokers', seen.view),
    );
  }
  if (roster === undefined) return notJudged('broker-answers', 'the brokers were not looked at');
  if (roster.refusal !== undefined) return evaluateRefusal(roster.refusal);
  const perBroker = roster.entries.map((entry) => evaluateBroker(entry, facts, roster));
  const nameless = roster.namelessMissingCount > 0 ? [evaluateNameless(roster, seen)] : [];
  return combine(
    judged(evaluateWhole(facts, roster), ...perBroker, ...nameless),
    leaveOutNameless(seen),
    evaluateLookProblems(seen.view.value, (unreachableCount ?? 0) + countSilentOnce(roster)),
  );
}

function evaluateNameless(
  { namelessMissingCount: missingCount, isNamelessOnce, expectedCount }: Roster,
  seen: HealthObservation,
): Finding {
  const evidence = { missingCount, expectedCount };
  const report = (verdict: Ruling, message: string): Finding =>
    finding('broker-answers', unnamed, verdict, message, ['brokers', 'msk'], evidence);
  if (isNamelessOnce) {
    const said = `Of ${counted(missingCount, 'broker')} that nobody names none answered, and the second look failed (${whyUnproven(seen)}): the next run judges.`;
    return report(['notice', silentOnce], said);
  }
  const message = `${counted(missingCount, 'broker')} of ${expectedCount} not in the cluster; which ones is not known, since MSK's node list names none.`;
  return report(['critical', 'fewer-than-configured'], message);
}

/** A dead broker is in no Metadata: where nobody promises it, what was said of it before is not over. */
const leaveOutNameless = ({ nodes }: HealthObservation): Judgement =>
  !nodes.isKnown && nodes.isAsked
    ? notJudged('broker-answers', 'MSK did not list its nodes: a broker that the others do not name is not judged')
    : judged();
