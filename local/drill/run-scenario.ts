import { watchStandIn } from '../world/happenings.ts';
import type { World } from '../world/world.ts';
import type { Chart } from './chart.ts';
import type { Expectation, ScenarioReport } from './drill-report.ts';
import { openExpectations } from './expectations.ts';
import { heardIn } from './people/heard.ts';
import { type Story, storyOf } from './people/story.ts';
import type { Scenario } from './scenario.ts';
import { type Moment, openTimeline, type Timeline } from './timeline.ts';

export type ScenarioObserver = {
  readonly onMoment: (moment: Moment) => void;
  readonly onSettled: (expectation: Expectation) => void;
  readonly onConclusion: (sentence: string) => void;
};

const watchMs = 100;

/**
 * Runs one scenario in a world that is up. A scenario that cannot go on fails with its reason and what it saw until then,
 * and so does one during which a part of the world broke; an interruption is thrown on.
 */
export async function runScenario(
  scenario: Scenario,
  world: World,
  signal: AbortSignal,
  observer: ScenarioObserver,
): Promise<ScenarioReport> {
  const beganMs = performance.now();
  const timeline = openTimeline(world.clock, undefined, observer.onMoment);
  const read = watchStandIn(world.standIn);
  const tellHappenings = (): void => {
    for (const happening of read()) timeline.record(happening);
  };
  // What led to a sentence is told before the sentence.
  const expectations = openExpectations(signal, (expectation) => {
    tellHappenings();
    observer.onSettled(expectation);
  });
  const measurements: Record<string, number | string> = {};
  const conclusions: string[] = [];
  const charts: Chart[] = [];
  const stories: Story[] = [];
  const beganClockMs = world.clock.nowMs();
  const failuresBefore = world.failures().length;
  recordBrokers(world, timeline);
  const watch = setInterval(tellHappenings, watchMs);
  let failure: string | undefined;
  try {
    await scenario.run({
      world,
      timeline,
      expectations,
      signal,
      settle: () => world.standIn.lambda.idle(),
      measure: (name, value) => {
        measurements[name] = value;
      },
      conclude: (sentence) => {
        conclusions.push(sentence);
        observer.onConclusion(sentence);
      },
      chart: (chart) => void charts.push(chart),
      story: (story) => void stories.push(storyOf(story)),
    });
  } catch (error) {
    if (signal.aborted) throw error;
    failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    clearInterval(watch);
    tellHappenings();
  }
  expectations.expectNothing('no part of the world itself fails', () => world.failures().slice(failuresBefore));
  const told = expectations.all();
  const isPassed = failure === undefined && told.every(({ isMet }) => isMet);
  return {
    name: scenario.name,
    title: scenario.title,
    runbookRows: scenario.runbookRows,
    outcome: isPassed ? 'passed' : 'failed',
    ...(failure === undefined ? {} : { failure }),
    durationSeconds: (performance.now() - beganMs) / 1000,
    expectations: told,
    conclusions,
    moments: timeline.moments(),
    charts,
    stories: [...storiesOf(world, timeline, beganClockMs), ...stories],
    measurements,
  };
}

/** Every broker has a row from the start, so that one that is killed is seen among the others. */
const recordBrokers = ({ brokers }: World, timeline: Timeline): void => {
  for (const { id } of brokers.brokers) {
    const isDown = brokers.own?.brokers.some((broker) => broker.id === id && !broker.isRunning()) ?? false;
    const subject = `broker ${id}`;
    timeline.record({
      lane: 'brokers',
      subject,
      label: `${subject} ${isDown ? 'is down' : 'serves'}`,
      tone: isDown ? 'bad' : 'good',
    });
  }
};

/** What people saw in the world's own account; none where nobody heard anything. */
const storiesOf = (world: World, timeline: Timeline, fromMs: number): readonly Story[] => {
  const story = storyOf({
    title: 'What people heard',
    how: `Real brokers, on a clock ${world.clockRate} times as fast as the machine's while no function runs, and as fast while one does.`,
    fromMs,
    untilMs: world.clock.nowMs(),
    heard: heardIn(world.standIn),
    signs: timeline
      .moments()
      .flatMap(({ lane, clockMs, label, tone }) =>
        lane === 'faults' ? [{ clockMs, label, tone: tone === 'warn' ? 'neutral' : tone }] : [],
      ),
  });
  return story.heard.length === 0 ? [] : [story];
};
