import {
  alarmsIn,
  deniedCalls,
  failedInvocations,
  firstRunAfter,
  type ObservedRun,
  undelivered,
} from '../observations.ts';
import type { Scenario, Stage } from '../scenario.ts';

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
    const { world, timeline, expectations, measure } = stage;
    const { own } = world.brokers;
    const victim = own?.brokers[1];
    if (own === undefined || victim === undefined)
      throw new Error('this scenario needs at least two brokers of its own');
    const subject = `broker ${victim.id}`;
    const well = () => timeline.record({ lane: 'brokers', subject, label: `${subject} serves`, tone: 'good' });

    well();
    const hasBegun = await expectations.expect(
      'before the fault, a check finds every broker answering',
      nextCheckSeconds,
      () => firstRunAfter(world, 0, (run) => namesOf(run, subject).length === 0),
      ({ worst }) => worst,
    );
    if (hasBegun === undefined) return;
    const inboxBefore = world.standIn.sns.inbox.length;

    await victim.kill();
    const killedAtMs = world.clock.nowMs();
    timeline.record({ lane: 'faults', subject: 'faults', label: `kill -9 ${subject}`, tone: 'bad' });
    timeline.record({ lane: 'brokers', subject, label: `${subject} is dead`, tone: 'bad' });

    const run = await expectations.expect(
      `the next check names ${subject}`,
      nextCheckSeconds + namedWithinSeconds,
      () => firstRunAfter(world, killedAtMs, (each) => namesOf(each, subject).length > 0),
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
      'the alarm wakes a check of its own, which tells nobody again',
      nextCheckSeconds,
      () => {
        const again = run && firstRunAfter(world, run.atMs, (each) => namesOf(each, subject).length > 0);
        return again === undefined ? undefined : countTellings(stage, inboxBefore, victim.id);
      },
      (count) => `${count} messages about ${subject} from mskeeper, one to each endpoint`,
    );
    measure('worst case by schedule, s', worstCaseSeconds(stage));

    timeline.record({ lane: 'faults', subject: 'faults', label: `${subject} is started again`, tone: 'neutral' });
    await victim.restart();
    const backAtMs = world.clock.nowMs();
    well();
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

/** From the kill to the naming, at the worst: a whole period of the light check's schedule, and the check itself. */
function worstCaseSeconds({ world }: Stage): number {
  const light = world.standIn.scheduler.schedules().find(({ name }) => name.endsWith('light'));
  const rate = /^rate\((\d+) minutes?\)$/.exec(light?.expression ?? '')?.[1];
  if (rate === undefined) throw new Error(`the light check's schedule is no rate in minutes: ${light?.expression}`);
  const longestMs = Math.max(...world.standIn.lambda.invocations.map(({ durationMs }) => durationMs));
  return Math.round(Number(rate) * 60 + longestMs / 1000);
}
