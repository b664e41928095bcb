/** What a call gets in place of its work. `hang` never answers; the caller's own timeout must end it. */
export type Fault = 'deny' | 'throttle' | 'hang' | 'garbage' | 'server-error';
/** The call does its work, and the connection breaks before its answer: the SDK sends it once more. */
type LostAnswer = 'lost-answer';

type FaultRule = {
  /** `kafka:DescribeClusterV2`, or `kafka:*`. */
  readonly operation: string;
  readonly fault: Fault | LostAnswer;
  /** How many calls it hits; without it, every one until it is lifted. */
  readonly times?: number;
  /** Only calls of this role. */
  readonly roleName?: string;
  /** What the error says instead of the usual words; a hang and garbage say nothing. */
  readonly message?: string;
};

/** What hits one call. */
export type TakenFault = Pick<FaultRule, 'fault' | 'message'>;

/** Faults in force. Admin calls are never hit: a drill must be able to look while a fault is on. */
export type Faults = {
  /** Adds a fault; the returned function lifts it. */
  inject(rule: FaultRule): () => void;
  /** The fault that hits this call, if any; counts it. */
  take(service: string, operation: string, roleName: string | undefined): TakenFault | undefined;
  clear(): void;
};

export function createFaults(): Faults {
  const active = new Set<{ rule: FaultRule; left: number }>();
  return {
    inject(rule) {
      const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
      active.add(entry);
      return () => void active.delete(entry);
    },
    take(service, operation, roleName) {
      for (const entry of active) {
        const { rule } = entry;
        if (rule.operation !== `${service}:${operation}` && rule.operation !== `${service}:*`) continue;
        if (rule.roleName !== undefined && rule.roleName !== roleName) continue;
        entry.left -= 1;
        if (entry.left <= 0) active.delete(entry);
        return rule;
      }
      return undefined;
    },
    clear: () => active.clear(),
  };
}
