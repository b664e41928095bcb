import type { TopicView } from '../../../../shared/core/cluster-view.ts';
import { counted } from '../../../../shared/core/counted.ts';
import type { Finding } from '../../../../shared/core/finding.ts';
import type { HealthFacts } from './facts.ts';
import { combine, finding, type Judgement, judged, nameFirst, notJudged, unanswered } from './judgement.ts';
import type { HealthObservation } from './observation.ts';
import { compareEnds, isLongEnough, markOf } from './offset-marks.ts';

/** H10 dead-letter topics do not grow. */
export function evaluateDeadLetters({ seen, expected, topics: view }: HealthFacts): Judgement {
  const check = 'dead-letter';
  if (!expected.hasDeadLetterPatterns) return notJudged(check, 'no dead-letter topic is configured');
  if (view === undefined) return judged(unseenTopics(seen, check, 'dead-letter topics'));
  const topics = view.topics.filter(({ name }) => expected.isDeadLetterTopic(name));
  if (topics.length === 0) {
    const message = 'No topic matches the dead-letter patterns.';
    return judged(finding(check, 'dead-letter topics', ['ok', 'none'], message, ['brokers', 'configuration']));
  }
  return combine(
    ...topics.map((topic) =>
      evaluateMovement(check, topic, seen, (messages, minutes) => {
        if (messages > 0n) {
          const advice = 'read them, find the consumer that gives up.';
          return [['warning', 'growing'], `${messages} new messages in dead-letter topic ${topic.name}: ${advice}`];
        }
        return isLongEnough(minutes) ? [['ok', 'quiet'], `Dead-letter topic ${topic.name} does not grow.`] : undefined;
      }),
    ),
  );
}

/** H10 named business topics flow: at least so many messages a minute since the run before. */
export function evaluateFlow({ seen, expected, topics: view }: HealthFacts): Judgement {
  const check = 'topic-flow';
  if (expected.flowingTopics.length === 0) return notJudged(check, 'no flowing topic is configured');
  return combine(
    ...expected.flowingTopics.map(({ name, minMessagesPerMinute }): Judgement => {
      const subject = `topic ${name}`;
      if (view === undefined) return judged(unseenTopics(seen, check, subject));
      const topic = view.topics.find((one) => one.name === name);
      if (topic === undefined) {
        const message = `Topic ${name} should flow and is not in the cluster's list.`;
        return judged(finding(check, subject, ['critical', 'missing'], message, ['brokers', 'configuration']));
      }
      return evaluateMovement(check, topic, seen, (messages, minutes) => {
        if (!isLongEnough(minutes)) return undefined;
        const perMinute = Number(messages) / minutes;
        const rate = `${Math.round(perMinute * 10) / 10} messages a minute, at least ${minMessagesPerMinute} expected`;
        if (messages === 0n && minMessagesPerMinute > 0)
          return [['critical', 'stopped'], `Topic ${name} stopped: ${rate}.`];
        return perMinute < minMessagesPerMinute
          ? [['warning', 'too-slow'], `Topic ${name} flows too slowly: ${rate}.`]
          : [['ok', 'flowing'], `Topic ${name} flows: ${rate}.`];
      });
    }),
  );
}

const unseenTopics = (seen: HealthObservation, check: string, subject: string): Finding =>
  !seen.view.isKnown && seen.view.isAsked
    ? unanswered(check, subject, 'brokers', seen.view)
    : finding(check, subject, ['unknown', 'not-listed'], `${subject}: the brokers did not list their topics.`, [
        'brokers',
      ]);

type Told = readonly [readonly [Finding['severity'], string], string];

function evaluateMovement(
  check: string,
  topic: TopicView,
  seen: HealthObservation,
  /** `undefined` where too little time passed to say it. */
  judge: (messages: bigint, minutes: number) => Told | undefined,
): Judgement {
  const subject = `topic ${topic.name}`;
  const report = ([verdict, message]: Told, evidence: Finding['evidence'] = {}): Judgement =>
    judged(finding(check, subject, verdict, message, ['brokers', 'mskeeper'], evidence));
  if (!seen.previous.isKnown) {
    return report([
      ['unknown', 'state-unreadable'],
      `${subject}: the run before cannot be read, so growth is not known.`,
    ]);
  }
  const movement = compareEnds(topic, markOf(topic.name, seen.previous.value), seen.nowMs);
  switch (movement.kind) {
    case 'baseline':
      return report([['unknown', 'baseline'], `${subject}: first look at its ends; the next run judges.`]);
    case 'recreated':
      return report([
        ['notice', 'recreated'],
        `${subject}: an end went back, so the topic was made anew; this is its new baseline.`,
      ]);
    case 'unreadable': {
      const names = nameFirst(movement.partitions.map(String));
      const count = counted(movement.partitions.length, 'partition');
      return report([['unknown', 'ends-unreadable'], `${subject}: ends of ${count} not read: ${names}.`]);
    }
    case 'overtaken':
      return notJudged(check, `${subject}: a look that began later has marked its ends already`);
    case 'moved': {
      const evidence = { messages: Number(movement.messages), minutes: Math.round(movement.minutes * 10) / 10 };
      const told = judge(movement.messages, movement.minutes);
      if (told !== undefined) return report(told, evidence);
      return notJudged(check, `${subject}: its last mark is only ${evidence.minutes} minutes old`);
    }
    default:
      return movement satisfies never;
  }
}
