import { matchesAction, matchesArn } from './iam/wildcard.ts';

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

/** One action of a role's own policies, on the resources of its statement: patterns, as IAM knows them. */
export type Grant = { readonly roleName: string; readonly action: string; readonly resources: readonly string[] };

/** Faults in force. Admin calls are never hit: a drill must be able to look while a fault is on. */
export type Faults = {
  /** Adds a fault; the returned function lifts it. */
  inject(rule: FaultRule): () => void;
  /** The fault that hits this call, if any; counts it. */
  take(service: string, operation: string, roleName: string | undefined): TakenFault | undefined;
  /**
   * Takes one grant of a role away: IAM itself denies it, whoever asks for the role, a service on its behalf, too.
   *
   * @returns how often that was asked for since
   */
  takeAway(grant: Grant): () => number;
  /** Whether what a role asks for was taken away; counts it. */
  isTakenAway(roleName: string, action: string, resource: string): boolean;
  clear(): void;
};

export function createFaults(): Faults {
  const active = new Set<{ rule: FaultRule; left: number }>();
  const takenAway = new Set<{ grant: Grant; asked: number }>();
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
    takeAway(grant) {
      const entry = { grant, asked: 0 };
      takenAway.add(entry);
      return () => entry.asked;
    },
    isTakenAway(roleName, action, resource) {
      const hit = [...takenAway].filter(
        ({ grant }) =>
          grant.roleName === roleName &&
          matchesAction(grant.action, action) &&
          grant.resources.some((pattern) => pattern === '*' || matchesArn(pattern, resource)),
      );
      for (const entry of hit) entry.asked += 1;
      return hit.length > 0;
    },
    clear() {
      active.clear();
      takenAway.clear();
    },
  };
}
