import { undelivered } from '../../observations.ts';
import { storyOf } from '../../people/story.ts';
import type { Scenario } from '../../scenario.ts';
import { expectPagedInWindow, expectQuietReboot } from './alive.ts';
import { openCast, passUntil } from './cast.ts';
import { denied, expectTold, throwing } from './dead.ts';

/** Two minutes until the window opens; a light check comes in the first five. */
const settleMinutes = 6;

/** Who tells people dies, and people are told all the same. */
export const deadMan: Scenario = {
  name: 'dead-man',
  title:
    'Whoever tells people is dead: P0 and P1 reach a telephone through no code of ours; while it lives, a planned reboot pages nobody, and a broker that dies in the nightly window pages at once.',
  runbookRows: ['I2', 'M3'],
  needsOwnBrokers: true,
  run: async (stage) => {
    const { expectations } = stage;
    const cast = await openCast(stage);
    const { account, heard, signs, kafka } = cast;
    try {
      await account.pass(settleMinutes);
      expectations.expectNothing('before anything is broken nobody is told anything', () =>
        heard().map(({ where }) => where),
      );
      await expectQuietReboot(cast, 1);
      // What was held goes with its proof, ten minutes after which nothing of it is left.
      await passUntil(cast, 2, () => false);
      await expectPagedInWindow(cast, 2);
      await expectTold(cast, denied);
      await expectTold(cast, throwing);
      expectations.expectNothing('nothing is lost on its way', () => undelivered(account));
    } finally {
      stage.story(
        storyOf({
          title: 'Who tells people dies',
          how: 'Real brokers and their metrics, on a clock that stands still while functions run. That a partition has no leader (P0) was put into CloudWatch by hand; the dead broker (P1) is real.',
          fromMs: signs[0]?.clockMs ?? account.clock.nowMs(),
          untilMs: account.clock.nowMs(),
          heard: heard(),
          signs,
        }),
      );
      for (const broker of kafka.brokers) if (!broker.isRunning()) await broker.restart();
      await account.close();
    }
  },
};
