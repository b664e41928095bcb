import type { Finding } from '../../../../shared/core/finding.ts';
import { findOpenWindows, type MaintenanceWindow } from '../../../../shared/core/maintenance-window.ts';

/** What planned work on one broker at a time brings about by itself (M3, M4). */
const explainedReasonsByCheck: Readonly<Record<string, 'any' | readonly string[]>> = {
  'broker-answers': 'any',
  'under-replicated': 'any',
  'leader-distribution': 'any',
  'source-agreement': 'any',
  'cluster-state': ['maintenance', 'rebooting-broker', 'updating'],
};

/** Whether `evaluateHolding` marked the finding: it is in the report and on the bus, and pages nobody (M3). */
export const isHeld = ({ evidence }: Finding): boolean => evidence.heldByWindow !== undefined;

/** What MSK says of its own work: true however many brokers are out. */
const toldByMsk: readonly string[] = ['cluster-state'];

/**
 * Marks what an open maintenance window explains, so that it is reported and not paged (M3). A window explains one
 * broker out at a time: with two, nothing is held, and where nobody knows how many, only what MSK says of its own work. An
 * emergency is never held.
 */
export function evaluateHolding(
  findings: readonly Finding[],
  windows: readonly MaintenanceWindow[],
  unreachableCount: number | undefined,
  nowMs: number,
): Finding[] {
  const window = findOpenWindows(windows, nowMs)[0]?.window;
  const isExplained = ({ check, severity, reason }: Finding): boolean => {
    if (severity === 'ok' || severity === 'emergency') return false;
    if (unreachableCount === undefined && !toldByMsk.includes(check)) return false;
    const reasons = explainedReasonsByCheck[check] ?? [];
    return reasons === 'any' || reasons.includes(reason);
  };
  if (window === undefined || (unreachableCount !== undefined && unreachableCount > 1)) return [...findings];
  return findings.map((one) =>
    isExplained(one) ? { ...one, evidence: { ...one.evidence, heldByWindow: window.name } } : one,
  );
}
