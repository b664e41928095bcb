/**
 * What happened in a drill, in the order it happened. Two clocks: `atMs` is real time since the drill began, `clockMs`
 * is the world's clock, on which schedules and alarms run.
 */

export type Tone = 'good' | 'bad' | 'warn' | 'neutral';

/** A row of the picture: one broker, one schedule, one alarm, one function, one durable run, or a kind of message. */
export type Lane =
  | 'faults'
  | 'brokers'
  | 'storage'
  | 'schedules'
  | 'functions'
  | 'runs'
  | 'acts'
  | 'alarms'
  | 'findings'
  | 'notifications';

export type Moment = {
  readonly atMs: number;
  readonly clockMs: number;
  readonly lane: Lane;
  /** What the moment is about: `broker 2`, an alarm's name, a function's name. Moments of one subject share a row. */
  readonly subject: string;
  readonly label: string;
  readonly tone: Tone;
  /** Set where the moment lasts, such as an invocation; absent for a point or for a state that holds until the next moment. */
  readonly durationMs?: number;
};

/** A moment as its witness tells it: `clockMs` where it was earlier than now. */
export type ToldMoment = Omit<Moment, 'atMs' | 'clockMs'> & { readonly clockMs?: number };

export type Timeline = {
  readonly record: (moment: ToldMoment) => Moment;
  readonly moments: () => readonly Moment[];
};

/** The world's clock, and how long ago a moment of it was on the machine's. */
export type TimelineClock = { readonly nowMs: () => number; readonly realMsSince: (clockMs: number) => number };

/**
 * @param realNowMs a monotonic clock, injected for tests
 * @param onMoment told of every moment as it is recorded, for progress on the terminal
 */
export function openTimeline(
  clock: TimelineClock,
  realNowMs: () => number = () => performance.now(),
  onMoment: (moment: Moment) => void = () => {},
): Timeline {
  const beganMs = realNowMs();
  const moments: Moment[] = [];
  return {
    record: (told) => {
      const clockMs = told.clockMs ?? clock.nowMs();
      const moment = { ...told, clockMs, atMs: realNowMs() - beganMs - clock.realMsSince(clockMs) };
      moments.push(moment);
      onMoment(moment);
      return moment;
    },
    moments: () => moments.toSorted((left, right) => left.atMs - right.atMs),
  };
}
