import {
  alarmsIn,
  deniedCalls,
  failedInvocations,
  firedAt,
  firstRunAfter,
  hasWoken,
  type ObservedRun,
  undelivered,
} from '../observations.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { worstCaseParts, worstCaseSentence } from '../worst-case.ts';

/** H2: a dead broker is named within this time of the next light check's start. */
const namedWithinSeconds = 30;
/** Five minutes of the world's clock, with room for the machine. */
const nextCheckSeconds = 40;
const recoverySeconds = 90;

/** One of three brokers is killed without a goodbye; it is named, people are told once, its return is noticed. */
export const brokerLoss: Scenario = {
  name: 'broker-loss',
  title:
    'One of three brokers is killed: it is named with the partitions affected, its alarm fires, its return is noticed.',
  runbookRows: ['H1', 'H2', 'H3', 'I9'],
  needsOwnBrokers: true,
  run: async (stage) => {
    const { world, timeline, expectations } = stage;
    const { own } = world.brokers;
    const victim = own?.brokers[1];
    if (own === undefined || victim === undefined)
      throw new Error('this scenario needs at least two brokers of its own');
    const subject = `broker ${victim.id}`;
    const hasBegun = await expectations.expect(
      'before the fault, a check finds every broker answering',
      nextCheckSeconds,
      () => firstRunAfter(world, 0, (run) => namesOf(run, subject).length === 0),
      ({ depth }) => `the ${depth} check names no broker`,
    );
    if (hasBegun === undefined) return;
    const inboxBefore = world.standIn.sns.inbox.length;

    await victim.kill();
    const killedAtMs = world.clock.nowMs();
    timeline.record({ lane: 'faults', subject: 'faults', label: `kill -9 ${subject}`, tone: 'bad' });
    timeline.record({ lane: 'brokers', subject, label: `${subject} is dead`, tone: 'bad' });

    const run = await expectations.expect(
      `the first check that begins after the kill names ${subject}`,
      nextCheckSeconds + namedWithinSeconds,
      () => {
        const first = firstRunAfter(world, killedAtMs);
        return first !== undefined && namesOf(first, subject).length > 0 ? first : undefined;
      },
      (each) =>
        namesOf(each, subject)
          .map(({ message }) => message)
          .join(' '),
    );
    if (run !== undefined) await judgeNaming(stage, run, subject, victim.id);
    const alarm = await expectations.expect(
      'the alarm on unreachable brokers fires',
      nextCheckSeconds,
      () => alarmsIn(world, 'ALARM').find((name) => name.includes('brokers-unreachable')),
      (name) => name,
    );
    await expectations.expect(
      'people are told by mskeeper, and by the alarm itself',
      nextCheckSeconds,
      () => {
        const titles = titlesSince(stage, inboxBefore);
        const byAlarm = titles.find((title) => title.startsWith('ALARM') && title.includes('brokers-unreachable'));
        const byCheck = titles.find((title) => isTelling(title, victim.id));
        return byAlarm !== undefined && byCheck !== undefined ? [byCheck, byAlarm] : undefined;
      },
      (titles) => titles.join(' | '),
    );
    await expectations.expect(
      'an alarm wakes a check of its own, which tells nobody again',
      nextCheckSeconds,
      () => {
        const firedAtMs = alarm === undefined ? undefined : firedAt(world, alarm, killedAtMs);
        if (firedAtMs === undefined || !hasWoken(world, firedAtMs)) return undefined;
        const again = firstRunAfter(world, firedAtMs, (each) => namesOf(each, subject).length > 0);
        return again === undefined ? undefined : countTellings(stage, inboxBefore, victim.id);
      },
      (count) => `${count} messages about ${subject} from mskeeper, one to each endpoint`,
    );
    tellWorstCase(stage);

    timeline.record({ lane: 'faults', subject: 'faults', label: `${subject} is started again`, tone: 'neutral' });
    await victim.restart();
    const backAtMs = world.clock.nowMs();
    timeline.record({ lane: 'brokers', subject, label: `${subject} serves`, tone: 'good' });
    await expectations.expect(
      `a later check finds ${subject} well again`,
      recoverySeconds,
      () => firstRunAfter(world, backAtMs, ({ worst }) => worst === 'ok'),
      ({ worst }) => worst,
    );
    await expectations.expect(
      'the alarm returns to OK',
      recoverySeconds,
      () => (alarm !== undefined && alarmsIn(world, 'OK').includes(alarm) ? alarm : undefined),
      (name) => name,
    );
    await expectations.expect(
      'people are told that it is over',
      recoverySeconds,
      () => titlesSince(stage, inboxBefore).find((title) => title.includes(`over: Broker ${victim.id} `)),
      (title) => title,
    );
    expectations.expectNothing('no function fails', () => failedInvocations(world));
    expectations.expectNothing('no call is refused', () => deniedCalls(world));
    expectations.expectNothing('nothing is lost on its way', () => undelivered(world));
  },
};

const namesOf = ({ findings }: ObservedRun, subject: string) =>
  findings.filter((finding) => finding.check === 'broker-answers' && finding.subject === subject);

/** Named in time, and with the same partitions that the official tool counts. */
async function judgeNaming(stage: Stage, run: ObservedRun, subject: string, brokerId: number): Promise<void> {
  const { world, expectations, measure } = stage;
  const tookSeconds = (world.clock.nowMs() - run.atMs) / 1000 / world.clockRate;
  measure(`${subject} named after the check began, s`, Number(tookSeconds.toFixed(1)));
  await expectations.expect(
    `it was named within ${namedWithinSeconds} s of that check's start`,
    0,
    () => (tookSeconds <= namedWithinSeconds ? tookSeconds : undefined),
    (seconds) => `${seconds.toFixed(1)} s`,
  );
  const counted = await countPartitionsOf(stage, brokerId);
  const told = namesOf(run, subject).map(({ evidence }) => evidence.affectedPartitionCount);
  await expectations.expect(
    'the partitions affected are as many as the official tool counts',
    0,
    () => (told.includes(counted) ? counted : undefined),
    (count) => `${count} partitions with a copy on ${subject}`,
  );
}

/** `kafka-topics --describe` prints a line for each partition with its replicas. */
async function countPartitionsOf({ world }: Stage, brokerId: number): Promise<number> {
  const answer = await world.brokers.own?.tool('kafka-topics', ['--describe']);
  if (answer?.code !== 0)
    throw new Error(`kafka-topics --describe failed: ${answer?.stderr ?? 'no brokers of its own'}`);
  const replicas = answer.stdout.matchAll(/\tReplicas: ([\d,]+)/g);
  return [...replicas].filter(([, ids = '']) => ids.split(',').includes(String(brokerId))).length;
}

/** Titles of messages to people, newest last. */
const titlesSince = ({ world }: Stage, since: number): readonly string[] =>
  world.standIn.sns.inbox.slice(since).map(({ subject: title, message }) => title ?? message);

/** mskeeper's own message that a broker is gone, not an alarm's, and not the one that it is back. */
const isTelling = (title: string, brokerId: number): boolean =>
  title.startsWith('[') && title.includes(`: Broker ${brokerId} `) && !title.includes('over:');

/** How many endpoints mskeeper itself told; undefined where one of them was told twice. */
function countTellings({ world }: Stage, since: number, brokerId: number): number | undefined {
  const told = world.standIn.sns.inbox
    .slice(since)
    .filter(({ subject: title, message }) => isTelling(title ?? message, brokerId))
    .map(({ protocol, endpoint, topicArn }) => `${protocol} ${endpoint} ${topicArn}`);
  return told.length > 0 && new Set(told).size === told.length ? told.length : undefined;
}

/** From the kill to the naming and to the alarm, at the worst. */
function tellWorstCase({ world, measure, conclude }: Stage): void {
  const parts = worstCaseParts(world);
  measure('worst case by schedule until named, s', Math.ceil(parts.scheduleSeconds + parts.checkSeconds));
  conclude(worstCaseSentence(parts));
}
