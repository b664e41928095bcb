import type { FindingNews, ReportNews } from '../../../../shared/core/bus-event.ts';
import { compareSeverities, type Finding, findingKey } from '../../../../shared/core/finding.ts';

/** What decides whether a fault differs from what was told of it. */
export type ToldFault = Pick<Finding, 'severity' | 'reason'> & { readonly sinceMs: number };

/**
 * A fault that the bus has open, as it was told last.
 *
 * @property saidAtMs of the newest word about it: an older one would not be heard
 * @property endedBy what ended it, where the bus has not taken that yet
 */
export type OpenFault = Finding & {
  readonly sinceMs: number;
  readonly saidAtMs: number;
  readonly names?: readonly string[];
  readonly endedBy?: string;
};

/** Checks by which storage scaling speaks of the disks, and of what keeps it from enlarging them. */
export const diskChecks = ['storage-capacity', 'retention-cut', 'storage-scaling'] as const;
/** Of these, what says that the disk is full before help. */
export const fillingChecks: readonly string[] = ['storage-capacity', 'retention-cut'];

/** How a fault differs from what the bus took of it; the same reason once more is no change, unless it presses more. */
function changeOf(finding: Finding, before: ToldFault | undefined, isPressing: boolean): FindingNews['change'] {
  if (before === undefined) return 'opened';
  const order = compareSeverities(finding.severity, before.severity);
  if (order !== 0) return order > 0 ? 'worse' : 'eased';
  return isPressing || finding.reason !== before.reason ? 'worse' : 'still';
}

/** @param isPressing it is told anew since there is less time than when it was told last */
export const newsOfFault = (
  finding: Finding,
  before: ToldFault | undefined,
  isPressing: boolean,
  atMs: number,
): FindingNews => ({
  change: changeOf(finding, before, isPressing),
  sinceMs: before?.sinceMs ?? atMs,
  finding,
});

export const openFaultOf = (
  finding: Finding,
  before: Pick<OpenFault, 'sinceMs'> | undefined,
  saidAtMs: number,
  names?: readonly string[],
): OpenFault => ({
  ...finding,
  sinceMs: before?.sinceMs ?? saidAtMs,
  saidAtMs,
  ...(names !== undefined && { names }),
});

/** That it is as it was told, for who never heard of it. */
export const stillOf = ({ sinceMs, saidAtMs: _before, names, endedBy: _none, ...finding }: OpenFault): FindingNews => ({
  change: 'still',
  sinceMs,
  finding,
  ...(names !== undefined && { names }),
});

/** Whether the bus has it open as it is now. */
export const isTold = (finding: Finding, before: ToldFault | undefined): boolean =>
  before !== undefined && finding.severity === before.severity && finding.reason === before.reason;

/** @param message what ended it */
export const closingOf = (
  {
    check,
    subject,
    severity,
    reason,
    sinceMs,
  }: Pick<OpenFault, 'check' | 'subject' | 'severity' | 'reason' | 'sinceMs'>,
  message: string,
): FindingNews => ({
  change: 'closed',
  sinceMs,
  finding: {
    ...{ check, subject, severity: 'ok', reason, message },
    sources: ['msk', 'cloudwatch'],
    evidence: { severityBefore: severity },
  },
});

/** By which a fault is found again. */
export const faultKey = (fault: Pick<Finding, 'check' | 'subject'>): string => findingKey(fault);

/** What a look judged of every subject and found nothing wrong with: faults of these checks are over, whoever told of them. */
export const soundReport = (judgedChecks: readonly string[], lookedAtMs: number): ReportNews => ({
  depth: 'light',
  worst: 'ok',
  countBySeverity: { ok: judgedChecks.length, unknown: 0, notice: 0, warning: 0, critical: 0, emergency: 0 },
  sources: { cloudwatch: 'asked', mskeeper: 'asked' },
  judgedChecks,
  lookedAtMs,
});
