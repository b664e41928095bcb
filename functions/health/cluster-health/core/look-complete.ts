import type { ClusterView, ViewProblem } from '../../../../shared/core/cluster-view.ts';
import { counted } from '../../../../shared/core/counted.ts';
import { finding, type Judgement, judged, nameFirst, notJudged } from './judgement.ts';
import { isHeard } from './looks.ts';
import { isSaidMissing } from './named-topic.ts';

/** Every broker turned mskeeper away: that says nothing of how its clients fare. */
export function evaluateRefusal({ kind, message }: ViewProblem): Judgement {
  const text = `No broker let mskeeper look (${kind}): ${message}. Nothing is known of their health: check its secret, its role and the certificates.`;
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
  return findings.length > 0 ? judged(...findings) : evaluateQuestions(view);
}

/** Single questions that failed: the check that each was for is unknown by itself, and this says why in one place. */
function evaluateQuestions(view: ClusterView): Judgement {
  const check = 'look-complete';
  const failed = findUnanswered(view).toSorted((left, right) => (left.what < right.what ? -1 : 1));
  const [first] = failed;
  if (first !== undefined) {
    const names = nameFirst(failed.map(({ what, problem }) => `${what} (${problem.kind})`));
    const reason = failed.some(({ problem }) => problem.kind === 'denied') ? 'denied' : 'not-all-answered';
    const message = `Brokers did not answer every question: ${names}. The first said: ${first.problem.message}`;
    const evidence = { unansweredCount: failed.length };
    return judged(finding(check, 'cluster', ['unknown', reason], message, ['brokers'], evidence));
  }
  if (!view.brokers.some(isHeard)) return notJudged(check, 'no broker answered');
  return judged(finding(check, 'cluster', ['ok', 'complete'], 'Brokers answered every question.', ['brokers']));
}

type Unanswered = { readonly what: string; readonly problem: ViewProblem };

/** What a broker of that version cannot be asked is no question; a broker that is silent is told as that. */
function findUnanswered(view: ClusterView): readonly Unanswered[] {
  const { controller, brokers, topics, groups = [], unlistedTopics = [], reassignmentsProblem } = view;
  const undescribed = groups.flatMap(({ problem }) => problem ?? []);
  const of = (what: string, problem: ViewProblem | undefined): readonly Unanswered[] =>
    problem === undefined || problem.kind === 'unsupported' ? [] : [{ what, problem }];
  return [
    ...of('the controller', controller.problem),
    ...brokers
      .filter(isHeard)
      .flatMap(({ id, logDirectoriesProblem }) => of(`log directories of broker ${id}`, logDirectoriesProblem)),
    ...of('reassignments', reassignmentsProblem),
    ...unlistedTopics
      .filter(({ problem }) => !isSaidMissing(problem))
      .flatMap(({ name, problem }) => of(`topic ${name}`, problem)),
    ...topics.flatMap(({ name, problem, settingsProblem }) => [
      ...of(`topic ${name}`, problem),
      ...of(`settings of topic ${name}`, settingsProblem),
    ]),
    // Groups are counted and never named.
    ...of(`descriptions of ${counted(undescribed.length, 'group')}`, undescribed[0]),
  ];
}
