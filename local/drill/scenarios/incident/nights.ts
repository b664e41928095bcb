import { dayMs, hourMs, minuteMs, secondMs } from '../../../../shared/core/units.ts';
import type { Heard } from '../../people/heard.ts';
import { storyOf } from '../../people/story.ts';
import type { Stage } from '../../scenario.ts';
import { brokerAway, brokerBack, groupBehind, groupCaughtUp, type Hours } from './hours.ts';
import { badTexts, differences, keysCalled, keysCalledTwice, ringingSince, threadsIn, unended } from './judgement.ts';

const telephone = '+15550100';
const how =
  'On a clock that stands still while functions run: words on the bus stand for looks at brokers, and incident’s minute came at the moments that matter. Function, ladder, PagerDuty and Slack over TLS, SNS: as deployed.';
/** Every member gone for so long, and the minute after it. */
const endMinutes = 11;
const flapCount = 20;

/** What is judged of one night. @property rings whose telephone rings when, and nobody else */
type Night = {
  readonly title: string;
  readonly rings: readonly string[];
  readonly lives: (beganMs: number) => Promise<void>;
};

async function expectNight(
  { expectations, story }: Stage,
  hours: Hours,
  { title, rings, lives }: Night,
): Promise<readonly Heard[]> {
  const beganMs = hours.nowMs();
  await lives(beganMs);
  const heard = hours.heard().filter(({ clockMs }) => clockMs >= beganMs);
  const ringing =
    rings.length === 0 ? 'no telephone rings' : `telephones ring at minutes ${rings.join(', ')}, and at no other`;
  expectations.expectNothing(`${title}: ${ringing}`, () => differences(ringingSince(heard, beganMs), rings));
  expectations.expectNothing('in Slack it is one thread, and no key of PagerDuty begins to call twice', () => [
    ...differences([String(threadsIn(heard).length)], ['1']),
    ...keysCalledTwice(heard),
  ]);
  expectations.expectNothing('each text is one part and says of which incident', () => badTexts(heard));
  expectations.expectNothing('who was told of its beginning is told of its end', () => unended(heard));
  const whole = {
    title,
    how,
    fromMs: beganMs - minuteMs,
    untilMs: hours.nowMs() + minuteMs,
    heard,
    signs: hours.signs,
  };
  story(storyOf(whole));
  return heard;
}

const ends = async (hours: Hours, brokerId: number): Promise<void> => {
  await hours.say('closed', brokerBack(brokerId));
  hours.sign(`broker ${brokerId} is back`, 'good');
  const goneMs = hours.nowMs();
  await hours.minutes(goneMs, endMinutes);
};

const begins = async (hours: Hours, brokerId: number): Promise<void> => {
  hours.sign(`broker ${brokerId} dies`, 'bad');
  await hours.say('opened', brokerAway(brokerId));
};

/** The five nights, one after another. */
export async function expectNights(stage: Stage, hours: Hours): Promise<void> {
  const first = await expectNight(stage, hours, {
    title: 'Nobody answers',
    rings: ['0 on-call', '30 on-call-phone', `30 text to ${telephone}`, '60 management-phone', '120 executives-phone'],
    lives: async (beganMs) => {
      await begins(hours, 2);
      await hours.minutes(beganMs, 1, 15, 29, 30.5, 31, 32, 45, 59, 60.5, 61, 62, 90, 119, 120.5, 121, 122, 180);
      await ends(hours, 2);
    },
  });
  await hours.rest(2 * hourMs);
  await expectNight(stage, hours, {
    title: 'Somebody answers in PagerDuty, and the answer lapses',
    rings: ['0 on-call', '40 on-call again', '41 on-call-phone', `41 text to ${telephone}`],
    lives: async (beganMs) => {
      await begins(hours, 3);
      await hours.minutes(beganMs, 1);
      await hours.rest(beganMs + 10 * minuteMs - hours.nowMs());
      hours.acknowledge('on-call', 'Ada');
      hours.sign('Ada acknowledges', 'neutral');
      await hours.minutes(beganMs, 29, 30.5, 31, 39);
      await hours.minutes(beganMs, 41.5, 42, 43, 44);
      hours.acknowledge('on-call-phone', 'Grace');
      hours.sign('Grace acknowledges', 'neutral');
      await hours.minutes(beganMs, 59, 60.5, 61);
      await ends(hours, 3);
    },
  });
  await hours.rest(2 * hourMs);
  await expectNight(stage, hours, {
    title: `It comes and goes, ${flapCount} times`,
    rings: ['0 on-call'],
    lives: async (beganMs) => {
      await begins(hours, 1);
      for (let flap = 1; flap <= flapCount; flap += 1) {
        await hours.rest(beganMs + flap * minuteMs - 30 * secondMs - hours.nowMs());
        await hours.say('closed', brokerBack(1));
        await hours.rest(beganMs + flap * minuteMs - hours.nowMs());
        await hours.say('opened', brokerAway(1));
      }
      hours.sign(`${flapCount} times gone and back`, 'neutral');
      await hours.minutes(beganMs, flapCount + 1);
      await ends(hours, 1);
    },
  });
  await hours.rest(2 * hourMs);
  const mild = await expectNight(stage, hours, {
    title: 'A group falls behind, which waits till morning',
    rings: [],
    lives: async (beganMs) => {
      hours.sign('group billing falls behind', 'bad');
      await hours.say('opened', groupBehind);
      await hours.minutes(beganMs, 1, 4.5, 5.5, 8);
      await hours.say('closed', groupCaughtUp);
      hours.sign('it has caught up', 'good');
      await hours.minutes(hours.nowMs(), endMinutes);
    },
  });
  stage.expectations.expectNothing(
    'it is mailed when it begins, after the five minutes that a P2 waits, and when it ends',
    () =>
      differences(
        mild.flatMap((one) => (one.by === 'mail' ? [one.subject.replace(/:.*/, '')] : [])),
        ['[P2] drill', '[P2 closed] drill'],
      ),
  );
  await hours.rest(dayMs);
  const again = await expectNight(stage, hours, {
    title: 'Broker 2 dies again a day later',
    rings: ['0 on-call'],
    lives: async (beganMs) => {
      await begins(hours, 2);
      await hours.minutes(beganMs, 1, 5);
      await ends(hours, 2);
    },
  });
  stage.expectations.expectNothing('a day later it is an incident of its own: no key and no thread goes on', () =>
    [...keysCalled(again), ...threadsIn(again)].filter((one) =>
      [...keysCalled(first), ...threadsIn(first)].includes(one),
    ),
  );
}
