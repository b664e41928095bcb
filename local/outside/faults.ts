import type { Refusal } from './host.ts';

/**
 * What a call gets in place of its work. `unreachable`: no connection, so that it certainly did not arrive. `hang`: no answer;
 * the caller's own timeout must end it. `lost-answer`: the request takes effect, and the connection dies before its answer.
 */
export type OutsideFault = Refusal | 'unreachable' | 'hang' | 'garbage' | 'lost-answer';

type FaultRule = {
  /** `slack.com`, or `*` for every host. */
  readonly host: string;
  /** Only calls of this path; a refused connection has none, so `unreachable` hits them all. */
  readonly path?: string;
  readonly fault: OutsideFault;
  /** How many calls it hits; without it, every one until it is taken back. */
  readonly times?: number;
  /** What a throttled caller is asked to wait; 30 without it. */
  readonly afterSeconds?: number;
};

/** What hits one call. */
type TakenFault = { readonly fault: OutsideFault; readonly afterSeconds: number };

/** Faults in force. */
export type OutsideFaults = {
  /** Adds a fault; the returned function takes it back. */
  inject(rule: FaultRule): () => void;
  /**
   * The fault that hits this call, if any; counts it.
   *
   * @param path undefined while the caller only connects: what hits a request waits for one
   */
  take(host: string, path: string | undefined): TakenFault | undefined;
  clear(): void;
};

const usualAfterSeconds = 30;

export function createOutsideFaults(): OutsideFaults {
  const active = new Set<{ readonly rule: FaultRule; left: number }>();
  return {
    inject(rule) {
      const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
      active.add(entry);
      return () => void active.delete(entry);
    },
    take(host, path) {
      for (const entry of active) {
        const { rule } = entry;
        if (rule.host !== host && rule.host !== '*') continue;
        const hits = rule.fault === 'unreachable' || (path !== undefined && (rule.path ?? path) === path);
        if (!hits) continue;
        entry.left -= 1;
        if (entry.left <= 0) active.delete(entry);
        return { fault: rule.fault, afterSeconds: rule.afterSeconds ?? usualAfterSeconds };
      }
      return undefined;
    },
    clear: () => active.clear(),
  };
}
