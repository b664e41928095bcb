import { countAnsweringBrokers, firstRunAfter } from '../../observations.ts';
import { firstLineOf, type Heard, heardIn, isRinging, wordsOf } from '../../people/heard.ts';
import { isEnd } from '../../people/story-picture.ts';
import type { Stage } from '../../scenario.ts';
import { storedDocuments } from '../../stored-documents.ts';
import { countPartitionsOf } from '../broker-loss/judgement.ts';
import { differences, firstWordAt, keysCalled, pagedWithinSeconds, shownOf, threadsIn, unended } from './judgement.ts';

/** An earlier fault is over after ten minutes, a light check comes every five: by the world's clock. */
const quietSeconds = 60;
const nextCheckSeconds = 40;
const endSeconds = 110;

/** A broker is killed under traffic: one page, one thread, in time and with names; and one end. On real brokers. */
export async function expectOnePage(stage: Stage): Promise<void> {
  const { world, timeline, expectations } = stage;
  const { own } = world.brokers;
  const victim = own?.brokers[1];
  if (own === undefined || victim === undefined) throw new Error('this scenario needs at least two brokers of its own');
  const subject = `broker ${victim.id}`;
  const isQuiet = await expectations.expect(
    'before the fault every broker answers, and no incident is open',
    quietSeconds,
    () =>
      openIncidents(stage) === 0
        ? firstRunAfter(world, 0, ({ runId }) => countAnsweringBrokers(world, runId) === own.brokers.length)
        : undefined,
    ({ depth }) => `the ${depth} check finds all ${own.brokers.length} answering`,
  );
  if (isQuiet === undefined) return;

  await victim.kill();
  const killedAtMs = world.clock.nowMs();
  timeline.record({ lane: 'faults', subject: 'faults', label: `kill -9 ${subject}`, tone: 'bad' });
  timeline.record({ lane: 'brokers', subject, label: `${subject} is dead`, tone: 'bad' });
  const heard = (): readonly Heard[] => heardIn(world.standIn).filter(({ clockMs }) => clockMs >= killedAtMs);
  const paged = await expectations.expect(
    'the engineer on call is called, and a thread begins in Slack',
    nextCheckSeconds + pagedWithinSeconds,
    () => {
      const call = heard().find(isRinging);
      const thread = heard().find(({ by }) => by === 'slack');
      return call === undefined || thread === undefined ? undefined : [call, thread];
    },
    shownOf,
  );
  if (paged !== undefined) {
    judgeTime(stage, killedAtMs, Math.max(...paged.map(({ clockMs }) => clockMs)));
    await judgeNames(stage, paged, subject, await countPartitionsOf(stage, victim.id));
  }

  timeline.record({ lane: 'faults', subject: 'faults', label: `${subject} is started again`, tone: 'neutral' });
  await victim.restart();
  timeline.record({ lane: 'brokers', subject, label: `${subject} serves`, tone: 'good' });
  await expectations.expect(
    'once a look finds it well for ten minutes, PagerDuty and Slack are told that it is over, and what ended it',
    endSeconds,
    () => (heard().length > 0 && unended(heard()).length === 0 ? heard().filter(isEnd) : undefined),
    (ends) => ends.map((one) => wordsOf(one).split('\n').slice(0, 2).join(': ')).join('; '),
  );
  await stage.settle();
  expectations.expectNothing('from the first to the last word it was one key in PagerDuty and one thread', () => [
    ...differences([String(keysCalled(heard()).length)], ['1']).map((each) => `keys: ${each}`),
    ...differences([String(threadsIn(heard()).length)], ['1']).map((each) => `threads: ${each}`),
  ]);
  expectations.expectNothing('and, as it was no P0, no text message and no mail', () =>
    heard()
      .filter(({ by }) => by === 'sms' || by === 'mail')
      .map(firstLineOf),
  );
}

function openIncidents({ world }: Stage): number {
  const [document] = storedDocuments(world, 'state/incident/').values();
  // The packaged function's own document, read as it came.
  return (document as { readonly incidents?: readonly unknown[] } | undefined)?.incidents?.length ?? 0;
}

/** From the first word on a bus to the page, by the world's clock: while functions run it goes as the machine's, else faster. */
function judgeTime({ world, expectations, measure }: Stage, killedAtMs: number, pagedAtMs: number): void {
  const firstMs = firstWordAt(world.standIn.eventBridge.events, killedAtMs);
  const took = firstMs === undefined ? undefined : (pagedAtMs - firstMs) / 1000;
  if (took !== undefined) measure('from the first word to page and thread, s', Number(took.toFixed(1)));
  expectations.expectNothing(`both came within ${pagedWithinSeconds} s of the first finding or alarm`, () => {
    if (took === undefined) return ['no word was ever on a bus'];
    return took <= pagedWithinSeconds ? [] : [`after ${took.toFixed(1)} s`];
  });
}

/** The page says which broker, and of how many partitions, as the official tool counts them. */
const judgeNames = ({ expectations }: Stage, paged: readonly Heard[], subject: string, count: number) =>
  expectations.expect(
    'they name the broker, and Slack the partitions, as many as the official tool counts',
    0,
    () => {
      const isNamed = paged.every((one) => wordsOf(one).includes(subject));
      const facts = paged.map(wordsOf).find((words) => words.includes(`${count} partitions affected`));
      return isNamed ? facts?.split('\n').find((line) => line.includes('partitions affected')) : undefined;
    },
    (line) => line,
  );
