import type { World } from '../world/world.ts';
import type { Chart } from './chart.ts';
import type { Expectations } from './expectations.ts';
import type { Story } from './people/story.ts';
import type { Timeline } from './timeline.ts';

/** What a scenario has at hand. */
export type Stage = {
  readonly world: World;
  readonly timeline: Timeline;
  readonly expectations: Expectations;
  readonly signal: AbortSignal;
  /** Resolves when no function runs that was woken: what is judged afterwards is whole. */
  readonly settle: () => Promise<void>;
  /** Keeps a figure for the report; units in the name. */
  readonly measure: (name: string, value: number | string) => void;
  /** Keeps a sentence that people should read, on the terminal and in the report. */
  readonly conclude: (sentence: string) => void;
  /** Keeps figures over time for the picture. */
  readonly chart: (chart: Chart) => void;
  /** Keeps what people saw in an account of the scenario's own; of the world's it is kept anyway. */
  readonly story: (story: Story) => void;
};

/** One drill: break something (or nothing), and say what must be seen. */
export type Scenario = {
  /** The word on the command line. */
  readonly name: string;
  readonly title: string;
  readonly runbookRows: readonly string[];
  /** True where brokers are killed, stopped or filled: not possible on a cluster that somebody else runs. */
  readonly needsOwnBrokers: boolean;
  /** Resolves when nothing more is to be seen; throws only where it cannot go on. */
  readonly run: (stage: Stage) => Promise<void>;
};
