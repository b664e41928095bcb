import { compareSeverities, type Finding, type Severity } from '../../../../shared/core/finding.ts';
import { isHeld } from './holding.ts';
import type { NotJudged } from './judgement.ts';
import { findingKey, type HealthState, hearersOf, isUnjudged, type OpenFinding, openSinceMs } from './memory.ts';

/**
 * What people are told: only what differs from what they were last told (I2).
 *
 * @property severity the worse of before and now
 * @property toldTo the severities whose topics hear it. What opens or gets worse is told to its severity's; what eases, to
 * all that heard worse; what closes, to all that heard of it
 */
export type Change = {
  readonly kind: 'opened' | 'worse' | 'eased' | 'closed';
  readonly key: string;
  readonly severity: Severity;
  readonly toldTo: readonly Severity[];
  readonly message: string;
};

export type Comparison = { readonly openByKey: HealthState['openByKey']; readonly changes: readonly Change[] };

const isAtLeast = (severity: Severity, floor: Severity): boolean => compareSeverities(severity, floor) >= 0;
const worse = (left: Severity, right: Severity): Severity => (isAtLeast(left, right) ? left : right);

/**
 * Compares this run's findings with what the runs before left open. A finding closes only on proof: an unknown keeps
 * it open, and so does a run that did not judge its check, or left out some subject of it and did not find this one.
 *
 * @param leftOut what this run did not judge, by check
 */
export function compareWithHistory(
  findings: readonly Finding[],
  leftOut: readonly NotJudged[],
  previous: HealthState | undefined,
  nowMs: number,
): Comparison {
  const openByKey: Record<string, OpenFinding> = {};
  const changes: Change[] = [];
  for (const one of findings) {
    const key = findingKey(one);
    const before = previous?.openByKey[key];
    const { open, change } = compareOne(one, before, nowMs);
    if (open !== undefined) openByKey[key] = open;
    if (change !== undefined) changes.push({ ...change, key });
  }
  const judgedChecks = new Set(findings.map(({ check }) => check));
  const unjudgedChecks = new Set([...findings.filter(isUnjudged), ...leftOut].map(({ check }) => check));
  const keys = new Set(findings.map(findingKey));
  for (const [key, before] of Object.entries(previous?.openByKey ?? {})) {
    if (keys.has(key)) continue;
    const check = key.slice(0, key.indexOf('|'));
    const subject = key.slice(check.length + 1);
    if (judgedChecks.has(check) && !unjudgedChecks.has(check)) {
      const closed = closingOf(before, `${subject}: ${check} is no longer found (was ${before.reason}).`);
      if (closed !== undefined) changes.push({ ...closed, key });
    } else openByKey[key] = before;
  }
  return { openByKey, changes };
}

type ChangeOfOne = Omit<Change, 'key'>;

/** Nobody hears that something is over of which nobody heard. */
function closingOf(before: OpenFinding | undefined, message: string): ChangeOfOne | undefined {
  const toldTo = hearersOf(before);
  return toldTo.length === 0 ? undefined : { kind: 'closed', severity: toldTo.reduce(worse), toldTo, message };
}

function compareOne(
  one: Finding,
  before: OpenFinding | undefined,
  nowMs: number,
): { readonly open?: OpenFinding; readonly change?: ChangeOfOne } {
  const { severity, message } = one;
  if (severity === 'ok') {
    const change = closingOf(before, message);
    return change === undefined ? {} : { change };
  }
  const announced = before?.announced;
  const heardBy = hearersOf(before);
  const wasOpen = before !== undefined && isAtLeast(before.severity, 'notice');
  const isStillTold = isUnjudged(one) && announced !== undefined;
  const open = {
    severity: isUnjudged(one) && before !== undefined ? worse(before.severity, severity) : severity,
    reason: one.reason,
    sinceMs: wasOpen ? openSinceMs(before, nowMs) : nowMs,
    ...(announced !== undefined && { announced, heardBy }),
  };
  if (isHeld(one) || (isStillTold && !isAtLeast(severity, announced))) return { open };
  const order = announced === undefined ? 1 : compareSeverities(severity, announced);
  if (order === 0 || (announced === undefined && !isAtLeast(severity, 'warning'))) return { open };
  if (order > 0) {
    const kind = announced === undefined ? 'opened' : 'worse';
    const told = { ...open, announced: severity, heardBy: [...new Set([...heardBy, severity])] };
    return { open: told, change: { kind, severity, toldTo: [severity], message } };
  }
  // What eased is remembered as told, however mild it is now: it is not over, and whoever heard of it waits for its end.
  const toldTo = heardBy.filter((heard) => compareSeverities(heard, severity) > 0);
  return {
    open: { ...open, announced: severity, heardBy },
    change: { kind: 'eased', severity: toldTo.reduce(worse, severity), toldTo, message },
  };
}
