/** Work that is under way, so that a test or a drill can wait for quiet. */
export type Activity = {
  /** Counts the work until it ends; its failure is the caller's. */
  readonly track: <Value>(work: Promise<Value>) => Promise<Value>;
  /** The same for work that nobody awaits: its failure goes to `onFailure`. */
  readonly inBackground: (work: Promise<void>) => void;
  readonly idle: () => Promise<void>;
  readonly isIdle: () => boolean;
};

export function createActivity(onFailure: (failure: unknown) => void): Activity {
  const running = new Set<Promise<unknown>>();
  const track: Activity['track'] = (work) => {
    running.add(work);
    const done = () => void running.delete(work);
    work.then(done, done);
    return work;
  };
  return {
    track,
    inBackground: (work) => void track(work).catch(onFailure),
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
    isIdle: () => running.size === 0,
  };
}
