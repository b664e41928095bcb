/** The parts of a drill whose time is measured, in their order. */
export type PhaseName = 'brokers' | 'packaging' | 'deployment' | 'scenarios';

export type Phases = {
  /** Runs the work and adds its real time to the phase, also where it fails. */
  readonly during: <Result>(name: PhaseName, work: () => Promise<Result>) => Promise<Result>;
  readonly seconds: () => Readonly<Partial<Record<PhaseName, number>>>;
};

/** @param nowMs a monotonic clock, injected for tests */
export const openPhases = (nowMs: () => number = () => performance.now()): Phases => {
  const seconds: Partial<Record<PhaseName, number>> = {};
  return {
    during: async (name, work) => {
      const beganMs = nowMs();
      try {
        return await work();
      } finally {
        seconds[name] = (seconds[name] ?? 0) + (nowMs() - beganMs) / 1000;
      }
    },
    seconds: () => ({ ...seconds }),
  };
};
