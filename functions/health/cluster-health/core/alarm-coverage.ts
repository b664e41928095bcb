import { adviseBrokerIds } from '../../../../shared/core/broker-ids.ts';
import { counted } from '../../../../shared/core/counted.ts';
import { hasAlarmsOfBrokers } from './broker-rules.ts';
import type { HealthFacts } from './facts.ts';
import { combine, finding, type Judgement, judged, nameFirst, notJudged, unanswered, unwanted } from './judgement.ts';
import type { AlarmObservation, PresentAlarm } from './observation.ts';
import type { ResourcePolicy } from './resources.ts';

/** Alarms of the stack's own list and what CloudWatch has of them: the list is exact, so what it lacks was deleted. */
export function compareWithOwn(
  ownNames: readonly string[],
  present: readonly PresentAlarm[],
): readonly AlarmObservation[] {
  const there = new Set(present.map(({ name }) => name));
  return [
    ...present,
    ...ownNames.filter((name) => !there.has(name)).map((name) => ({ name, state: 'missing' }) as const),
  ];
}

const isPresent = (alarm: AlarmObservation): alarm is PresentAlarm => alarm.state !== 'missing';

/**
 * Every alarm of the stack exists; I9 every broker that lives has an alarm that may act; alarms for brokers that are gone are
 * named.
 */
export function evaluateAlarms(facts: HealthFacts, policy: ResourcePolicy): Judgement {
  const { seen, expected } = facts;
  const check = 'alarm-coverage';
  const { brokerKind, brokerIds } = expected;
  const hasBrokerAlarms = hasAlarmsOfBrokers(policy, expected);
  if (brokerKind === 'serverless') return unwanted(check, 'Serverless has no metrics of a broker');
  // A light run asks only how open alarms stand.
  if (seen.depth === 'light') return notJudged(check, 'judged daily');
  if (!seen.alarms.isKnown) {
    return seen.alarms.isAsked
      ? judged(unanswered(check, 'alarms', 'cloudwatch', seen.alarms))
      : notJudged(check, 'judged daily');
  }
  const missing = judged(...evaluateMissing(seen.alarms.value));
  if (!hasBrokerAlarms)
    return combine(missing, notJudged(check, 'the policy pages for nothing that these brokers send'));
  const alarms = seen.alarms.value.filter(isPresent);
  const promised = seen.nodes.isKnown ? seen.nodes.value : [];
  const live = new Set([...promised, ...(seen.view.isKnown ? seen.view.value.brokers.map(({ id }) => id) : [])]);
  if (live.size === 0) {
    const message = 'No broker is known by id, so coverage cannot be judged.';
    return combine(missing, judged(finding(check, 'alarms', ['unknown', 'no-brokers-known'], message, ['cloudwatch'])));
  }
  const covered = new Set(alarms.flatMap(({ brokerIds }) => brokerIds));
  const perBroker = [...live].map((id) => {
    const subject = `broker ${id}`;
    const alarmCount = alarms.filter(({ brokerIds }) => brokerIds.includes(id)).length;
    return covered.has(id)
      ? finding(check, subject, ['ok', 'covered'], `Alarms watch broker ${id}.`, ['cloudwatch'], { alarmCount })
      : finding(
          check,
          subject,
          ['warning', 'uncovered'],
          `No alarm watches broker ${id}: ${adviseCoverage(id, brokerIds, promised)}.`,
          ['cloudwatch', 'msk'],
          { alarmCount },
        );
  });
  return combine(missing, judged(...perBroker, ...evaluateMuted(alarms)), evaluateOrphans(covered, live, facts));
}

/** A broker of mskeeper.yml has alarms once they are deployed; of another the file must know first. */
const adviseCoverage = (id: number, configured: readonly number[], promised: readonly number[]): string => {
  if (configured.includes(id)) return 'package and deploy again';
  return promised.includes(id) ? adviseBrokerIds(promised) : 'MSK does not list it; ask it again when it does';
};

/** Somebody deleted an alarm, or a deploy is under way: what it watches pages nobody, whatever else watches that broker. */
function evaluateMissing(alarms: readonly AlarmObservation[]) {
  if (alarms.length === 0) return [];
  const missing = alarms.filter((alarm) => !isPresent(alarm)).map(({ name }) => name);
  const subject = 'missing alarms';
  if (missing.length === 0) {
    const message = `CloudWatch has ${counted(alarms.length, 'alarm')} of this stack, as packaged.`;
    return [finding('alarm-coverage', subject, ['ok', 'complete'], message, ['cloudwatch'])];
  }
  const names = nameFirst(missing);
  const message = `${counted(missing.length, 'alarm')} of this stack not in CloudWatch, so that nobody is paged for what they watch: ${names}. CloudTrail's DeleteAlarms says who deleted them; a deploy of the same template does not put them back.`;
  const evidence = { missingCount: missing.length, alarms: names };
  return [finding('alarm-coverage', subject, ['warning', 'missing'], message, ['cloudwatch'], evidence)];
}

/** Somebody switched off the actions of an alarm that tells people by itself. */
function evaluateMuted(alarms: readonly PresentAlarm[]) {
  const muted = alarms.filter(({ isMuted }) => isMuted);
  if (muted.length === 0) return [];
  const names = nameFirst(muted.map(({ name }) => name));
  const message = `${counted(muted.length, 'alarm')} with actions switched off, so that nobody is told: ${names}.`;
  const evidence = { mutedCount: muted.length, alarms: names };
  return [finding('alarm-coverage', 'muted alarms', ['warning', 'actions-off'], message, ['cloudwatch'], evidence)];
}

/** A broker that is dead is in no list of the brokers' own: only MSK's list, where it is whole, says who is gone for good. */
function evaluateOrphans(
  covered: ReadonlySet<number>,
  live: ReadonlySet<number>,
  { seen: { nodes, msk } }: HealthFacts,
): Judgement {
  const orphans = [...covered].filter((id) => !live.has(id)).toSorted((left, right) => left - right);
  if (orphans.length === 0) return judged();
  const isListWhole =
    nodes.isKnown && nodes.value.length > 0 && (!msk.isKnown || nodes.value.length >= msk.value.brokerCount);
  const names = nameFirst(orphans.map(String));
  if (!isListWhole)
    return notJudged(
      'alarm-coverage',
      `MSK did not list all of its nodes: whether broker ${names} is gone is not known`,
    );
  const message = `Alarms watch brokers that are not in the cluster: ${names}: ${adviseBrokerIds([...live])}.`;
  const evidence = { brokers: names };
  return judged(
    finding('alarm-coverage', 'orphan alarms', ['notice', 'no-such-broker'], message, ['cloudwatch'], evidence),
  );
}
