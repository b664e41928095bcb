import type { ClusterView, TopicView } from '../../../../shared/core/cluster-view.ts';
import { counted } from '../../../../shared/core/counted.ts';
import type { Finding } from '../../../../shared/core/finding.ts';
import type { HealthFacts } from './facts.ts';
import { combine, finding, type Judgement, judged, nameFirst, notJudged, type Ruling, unwanted } from './judgement.ts';
import { findNamedTopic } from './named-topic.ts';
import type { HealthObservation } from './observation.ts';
import { compareEnds, isLongEnough, markOf } from './offset-marks.ts';
import { ofWholeList, unreadTopics } from './topic-list.ts';

/** H10 dead-letter topics do not grow; where the list of topics may leave some out, "none" and "no other" are not known. */
export function evaluateDeadLetters({ seen, expected, topics: view, topicGap }: HealthFacts): Judgement {
  const check = 'dead-letter';
  const all = 'dead-letter topics';
  if (!expected.hasDeadLetterPatterns) return unwanted(check, 'no dead-letter topic is configured');
  if (view === undefined) return judged(unreadTopics(check, all, seen));
  const topics = view.topics.filter(({ name }) => expected.isDeadLetterTopic(name));
  const unlisted = expected.plainTopics
    .filter((name) => expected.isDeadLetterTopic(name) && topics.every((topic) => topic.name !== name))
    .flatMap((name) => evaluateUnlisted(check, name, view));
  const movements = topics.map((topic) => evaluateMovement(check, topic, seen, judgeDeadLetters(topic.name)));
  if (topics.length + unlisted.length === 0) {
    const message = 'No listed topic matches the dead-letter patterns.';
    const none = finding(check, all, ['ok', 'none'], message, ['brokers', 'configuration']);
    return judged(ofWholeList(none, topicGap));
  }
  const leftOut = topicGap === undefined ? [] : [notJudged(check, `topics that are not listed: ${topicGap.why}`)];
  return combine(...movements, judged(...unlisted), ...leftOut);
}

/** A dead-letter topic is often made by its first record: that there is none is no fault. */
function evaluateUnlisted(check: string, name: string, view: ClusterView): readonly Finding[] {
  const found = findNamedTopic(name, view);
  const report = (verdict: Ruling, message: string) => [
    finding(check, `topic ${name}`, verdict, message, ['brokers', 'configuration']),
  ];
  if (found.kind === 'missing') return report(['ok', 'none'], `Dead-letter topic ${name} does not exist.`);
  return found.kind === 'not-known' ? report(['unknown', found.reason], found.why) : [];
}

/** So few may be no records at all. */
const fewOffsets = 3n;

const judgeDeadLetters =
  (name: string): Judge =>
  (offsets, minutes) => {
    if (offsets > 0n) {
      const few =
        offsets <= fewOffsets
          ? ' So few may be markers of transactions, or records of one that was aborted: read committed ones to be sure.'
          : '';
      const message = `Dead-letter topic ${name} went on by ${counted(Number(offsets), 'offset')}: read its records, find the consumer that gives up.${few}`;
      return [['warning', 'growing'], message];
    }
    return isLongEnough(minutes) ? [['ok', 'quiet'], `Dead-letter topic ${name} does not grow.`] : undefined;
  };

/** H10 named business topics flow: at least so many offsets a minute since the run before. */
export function evaluateFlow({ seen, expected, topics: view }: HealthFacts): Judgement {
  const check = 'topic-flow';
  if (expected.flowingTopics.length === 0) return unwanted(check, 'no flowing topic is configured');
  return combine(
    ...expected.flowingTopics.map(({ name, minMessagesPerMinute }): Judgement => {
      const subject = `topic ${name}`;
      if (view === undefined) return judged(unreadTopics(check, subject, seen));
      const report = (verdict: Ruling, message: string) =>
        judged(finding(check, subject, verdict, message, ['brokers', 'configuration']));
      const found = findNamedTopic(name, view);
      if (found.kind === 'missing') {
        return report(['critical', 'missing'], `Topic ${name} should flow and does not exist.`);
      }
      if (found.kind === 'not-known') return report(['unknown', found.reason], found.why);
      return evaluateMovement(check, found.topic, seen, judgeFlow(name, minMessagesPerMinute));
    }),
  );
}

/** Offsets are what can be counted: of a transactional topic markers and aborted records are among them. */
const judgeFlow =
  (name: string, minPerMinute: number): Judge =>
  (offsets, minutes) => {
    if (!isLongEnough(minutes)) return undefined;
    const perMinute = Number(offsets) / minutes;
    const rate = `${Math.round(perMinute * 10) / 10} offsets a minute, at least ${minPerMinute} expected`;
    if (offsets === 0n && minPerMinute > 0) return [['critical', 'stopped'], `Topic ${name} stopped: ${rate}.`];
    return perMinute < minPerMinute
      ? [['warning', 'too-slow'], `Topic ${name} flows too slowly: ${rate}.`]
      : [['ok', 'flowing'], `Topic ${name} flows: ${rate}.`];
  };

type Told = readonly [Ruling, string];
/** `undefined` where too little time passed to say it. */
type Judge = (offsets: bigint, minutes: number) => Told | undefined;

function evaluateMovement(check: string, topic: TopicView, seen: HealthObservation, judge: Judge): Judgement {
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
      const evidence = { offsets: Number(movement.messages), minutes: Math.round(movement.minutes * 10) / 10 };
      const told = judge(movement.messages, movement.minutes);
      if (told !== undefined) return report(told, evidence);
      return notJudged(check, `${subject}: its last mark is only ${evidence.minutes} minutes old`);
    }
    default:
      return movement satisfies never;
  }
}
