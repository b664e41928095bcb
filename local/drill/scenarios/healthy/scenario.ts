import {
  alarmsIn,
  deniedCalls,
  failedInvocations,
  firstRunAfter,
  memoryByFunction,
  undelivered,
} from '../../observations.ts';
import { firstLineOf, heardIn } from '../../people/heard.ts';
import type { Scenario, Stage } from '../../scenario.ts';

/** Light checks come every five minutes of the world's clock, the daily one within the first ten. */
const scheduleSeconds = 90;

/** Nothing is broken: schedules fire, every source is asked, nobody is told anything. */
export const healthy: Scenario = {
  name: 'healthy',
  title: 'Nothing is wrong: both schedules fire, all is well, nobody is woken.',
  runbookRows: ['H1', 'H2', 'M5'],
  needsOwnBrokers: false,
  run: async (stage) => {
    const { world, expectations, measure } = stage;
    const beganMs = world.clock.nowMs();
    const light = await expectations.expect(
      'the light check is woken by its schedule and finds all well',
      scheduleSeconds,
      () => firstRunAfter(world, beganMs, ({ depth }) => depth === 'light'),
      ({ worst, countBySeverity }) => `${worst}: ${JSON.stringify(countBySeverity)}`,
    );
    const full = await expectations.expect(
      'the daily check is woken by its schedule and finds all well',
      scheduleSeconds,
      () => firstRunAfter(world, beganMs, ({ depth }) => depth === 'full'),
      ({ worst, countBySeverity }) => `${worst}: ${JSON.stringify(countBySeverity)}`,
    );
    for (const run of [light, full])
      if (run !== undefined)
        await isWell(
          stage,
          run.depth,
          run.worst,
          run.findings.map(({ message }) => message),
        );
    await stage.settle();
    expectations.expectNothing('no alarm fires', () => alarmsIn(world, 'ALARM'));
    expectations.expectNothing('nobody is told anything', () =>
      heardIn(world.standIn)
        .filter(({ clockMs }) => clockMs >= beganMs)
        .map(firstLineOf),
    );
    expectations.expectNothing('no function fails', () => failedInvocations(world));
    expectations.expectNothing('no call is refused: every role has what it needs', () => deniedCalls(world));
    expectations.expectNothing('nothing is lost on its way', () => undelivered(world));
    for (const [name, megabytes] of Object.entries(memoryByFunction(world)))
      measure(`${name} most memory, MB`, megabytes);
    measure('records sent', world.traffic.sentCount());
    measure('records read', world.traffic.readCount());
  },
};

const isWell = ({ expectations }: Stage, depth: string, worst: string, messages: readonly string[]) =>
  expectations.expect(
    `the worst that the ${depth} check says is ok`,
    0,
    () => (worst === 'ok' ? worst : undefined),
    () => (messages.length === 0 ? 'ok, no finding of notice or worse' : messages.join('; ')),
  );
