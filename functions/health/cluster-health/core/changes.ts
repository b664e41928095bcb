import { compareSeverities, type Finding, type Severity } from '../../../../shared/core/finding.ts';
import { isHeld } from './holding.ts';
import { findingKey, type HealthState, isUnjudged, type OpenFinding } from './memory.ts';

/** What people are told: only what differs from what they were last told (I2). */
export type Change = {
  readonly kind: 'opened' | 'worse' | 'eased' | 'closed';
  readonly key: string;
  /** The topic that hears it: the worse of before and now. */
  readonly severity: Severity;
  readonly message: string;
};

export type Comparison = { readonly openByKey: HealthState['openByKey']; readonly changes: readonly Change[] };

const isAtLeast = (severity: Severity, floor: Severity): boolean => compareSeverities(severity, floor) >= 0;
const worse = (left: Severity, right: Severity): Severity => (isAtLeast(left, right) ? left : right);

/**
 * Compares this run's findings with what the runs before left open. A finding closes only on proof: an unknown keeps
 * it open, and so does a run that did not judge its check.
 */
export function compareWithHistory(
  findings: readonly Finding[],
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
  const unjudgedChecks = new Set(findings.filter(isUnjudged).map(({ check }) => check));
  const keys = new Set(findings.map(findingKey));
  for (const [key, before] of Object.entries(previous?.openByKey ?? {})) {
    if (keys.has(key)) continue;
    const check = key.slice(0, key.indexOf('|'));
    const subject = key.slice(check.length + 1);
    if (judgedChecks.has(check) && !unjudgedChecks.has(check)) {
      if (before.announced !== undefined) {
        const message = `${subject}: ${check} is no longer found (was ${before.reason}).`;
        changes.push({ kind: 'closed', key, severity: before.announced, message });
      }
    } else openByKey[key] = before;
  }
  return { openByKey, changes };
}

function compareOne(
  one: Finding,
  before: OpenFinding | undefined,
  nowMs: number,
): { readonly open?: OpenFinding; readonly change?: Omit<Change, 'key'> } {
  const announced = before?.announced;
  if (one.severity === 'ok') {
    if (announced === undefined) return {};
    return { change: { kind: 'closed', severity: announced, message: one.message } };
  }
  const wasOpen = before !== undefined && isAtLeast(before.severity, 'notice');
  const isStillTold = isUnjudged(one) && announced !== undefined;
  const open = {
    severity: isUnjudged(one) && before !== undefined ? worse(before.severity, one.severity) : one.severity,
    reason: one.reason,
    sinceMs: wasOpen ? before.sinceMs : nowMs,
    ...(announced !== undefined && { announced }),
  };
  if (isHeld(one) || (isStillTold && !isAtLeast(one.severity, announced))) return { open };
  const { severity, message } = one;
  if (announced === undefined) {
    if (!isAtLeast(severity, 'warning')) return { open };
    return { open: { ...open, announced: severity }, change: { kind: 'opened', severity, message } };
  }
  const order = compareSeverities(severity, announced);
  if (order > 0) return { open: { ...open, announced: severity }, change: { kind: 'worse', severity, message } };
  if (order === 0) return { open };
  const { announced: _told, ...silent } = open;
  const eased = isAtLeast(severity, 'warning') ? { ...open, announced: severity } : silent;
  return { open: eased, change: { kind: 'eased', severity: announced, message } };
}
