import {
  alarmsIn,
  countAnsweringBrokers,
  deniedCalls,
  failedInvocations,
  firedAt,
  firstRunAfter,
  hasWoken,
  isScheduled,
  undelivered,
  wakerOf,
} from '../../observations.ts';
import type { Scenario } from '../../scenario.ts';
import {
  judgePartitions,
  judgeTime,
  namedWithinSeconds,
  namesOf,
  newsOf,
  tellWorstCase,
  toldSince,
} from './judgement.ts';

/** Five minutes of the world's clock, with room for the machine. */
const nextCheckSeconds = 40;
const recoverySeconds = 90;

/** One of three brokers is killed without a goodbye; it is named, told once as new, its return is told once. */
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
      () => firstRunAfter(world, 0, ({ runId }) => countAnsweringBrokers(world, runId) === own.brokers.length),
      ({ depth }) => `the ${depth} check finds all ${own.brokers.length} answering`,
    );
    if (hasBegun === undefined) return;

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
    if (run !== undefined) await judgePartitions(stage, run, subject, victim.id);
    const scheduled = await expectations.expect(
      `the next light check that its schedule wakes names ${subject}`,
      nextCheckSeconds + namedWithinSeconds,
      () => {
        const next = firstRunAfter(world, killedAtMs, (each) => each.depth === 'light' && isScheduled(world, each));
        return next !== undefined && namesOf(next, subject).length > 0 ? next : undefined;
      },
      ({ runId }) => `run ${runId}, woken by ${wakerOf(world, runId)}`,
    );
    if (scheduled !== undefined) await judgeTime(stage, scheduled, subject);
    const alarm = await expectations.expect(
      'the alarm on unreachable brokers fires',
      nextCheckSeconds,
      () => alarmsIn(world, 'ALARM').find((name) => name.includes('brokers-unreachable')),
      (name) => name,
    );
    await expectations.expect(
      'the bus is told that it is new, and people are told of it by incident',
      nextCheckSeconds,
      () => {
        const page = toldSince(stage, killedAtMs).find((line) => line.includes(`${subject} is down`));
        return newsOf(stage, subject, killedAtMs) === 'opened' ? page : undefined;
      },
      (line) => line,
    );
    await expectations.expect(
      'an alarm wakes a check of its own, which tells nothing new',
      nextCheckSeconds,
      () => {
        const firedAtMs = alarm === undefined ? undefined : firedAt(world, alarm, killedAtMs);
        if (firedAtMs === undefined || !hasWoken(world, firedAtMs)) return undefined;
        const again = firstRunAfter(world, firedAtMs, (each) => namesOf(each, subject).length > 0);
        return again !== undefined && newsOf(stage, subject, killedAtMs) === 'opened' ? again : undefined;
      },
      ({ runId }) => `run ${runId} names ${subject}, as it was told`,
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
      'the bus is told once that it is over',
      recoverySeconds,
      () => (newsOf(stage, subject, killedAtMs) === 'opened, closed' ? subject : undefined),
      (name) => `${name}: opened, closed`,
    );
    await stage.settle();
    expectations.expectNothing('no function fails', () => failedInvocations(world));
    expectations.expectNothing('no call is refused', () => deniedCalls(world));
    expectations.expectNothing('nothing is lost on its way', () => undelivered(world));
  },
};
