import type { World } from '../world.ts';
import type { Expectation, ScenarioReport } from './drill-report.ts';
import { openExpectations } from './expectations.ts';
import type { Scenario } from './scenario.ts';
import { type Moment, openTimeline } from './timeline.ts';

export type ScenarioObserver = {
  readonly onMoment: (moment: Moment) => void;
  readonly onSettled: (expectation: Expectation) => void;
};

/**
 * Runs one scenario in a world that is up. A scenario that cannot go on fails with its reason and what it saw until then;
 * an interruption is thrown on.
 */
export async function runScenario(
  scenario: Scenario,
  world: World,
  signal: AbortSignal,
  observer: ScenarioObserver,
): Promise<ScenarioReport> {
  const beganMs = performance.now();
  const timeline = openTimeline(world.clock.nowMs, undefined, observer.onMoment);
  const expectations = openExpectations(signal, observer.onSettled);
  const measurements: Record<string, number | string> = {};
  const endWatch = world.watch((happening) => void timeline.record(happening));
  let failure: string | undefined;
  try {
    await scenario.run({
      world,
      timeline,
      expectations,
      signal,
      measure: (name, value) => {
        measurements[name] = value;
      },
    });
  } catch (error) {
    if (signal.aborted) throw error;
    failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    endWatch();
  }
  const told = expectations.all();
  const isPassed = failure === undefined && told.length > 0 && told.every(({ isMet }) => isMet);
  return {
    name: scenario.name,
    title: scenario.title,
    runbookRows: scenario.runbookRows,
    outcome: isPassed ? 'passed' : 'failed',
    ...(failure === undefined ? {} : { failure }),
    durationSeconds: (performance.now() - beganMs) / 1000,
    expectations: told,
    moments: timeline.moments(),
    measurements,
  };
}
