import {
  compareSeverities,
  type Finding,
  findingKey,
  type Severity,
  type Source,
} from '../../../../shared/core/finding.ts';
import type { NotJudged } from './judgement.ts';
import {
  type HealthState,
  isBeingTold,
  isUnjudged,
  type Offer,
  type OpenFinding,
  openSinceMs,
  type UntoldChange,
} from './memory.ts';
import { type Offered, planOffer } from './offer.ts';

/** What a look makes of the runs before. @property judgedChecks checks that were judged of every subject, or are to have none */
export type Comparison = Offered & {
  readonly openByKey: HealthState['openByKey'];
  readonly judgedChecks: readonly string[];
};

const isAtLeast = (severity: Severity, floor: Severity): boolean => compareSeverities(severity, floor) >= 0;
const worse = (left: Severity, right: Severity): Severity => (isAtLeast(left, right) ? left : right);

/**
 * Compares this run's findings with what the runs before left open. A finding closes only on proof: an unknown keeps
 * it open, and so does a run that did not judge its check, or left out some subject of it and did not find this one. Of a check
 * that mskeeper.yml does not ask for any more nobody will ever prove it: that closes it, too.
 *
 * @param leftOut what this run did not judge, by check
 * @param look which look it is, by which the changes are offered
 */
export function compareWithHistory(
  findings: readonly Finding[],
  leftOut: readonly NotJudged[],
  previous: HealthState | undefined,
  look: Offer,
): Comparison {
  const nowMs = look.atMs;
  const openByKey: Record<string, OpenFinding> = {};
  const found = new Map<string, UntoldChange>();
  for (const one of findings) {
    const key = findingKey(one);
    const { open, change } = compareOne(one, previous?.openByKey[key], previous?.untoldByKey[key], nowMs);
    if (open !== undefined) openByKey[key] = open;
    if (change !== undefined) found.set(key, change);
  }
  const unwanted = leftOut.filter(({ isUnwanted }) => isUnwanted === true);
  const later = leftOut.filter(({ isUnwanted }) => isUnwanted !== true);
  const unjudgedChecks = new Set([...findings.filter(isUnjudged), ...later].map(({ check }) => check));
  const checks = new Set([...findings, ...unwanted].map(({ check }) => check));
  const judgedChecks = [...checks].filter((check) => !unjudgedChecks.has(check));
  const keys = new Set(findings.map(findingKey));
  for (const [key, before] of Object.entries(previous?.openByKey ?? {})) {
    if (keys.has(key)) continue;
    const check = key.slice(0, key.indexOf('|'));
    if (judgedChecks.includes(check)) {
      const closed = closingOf(before, goneOf(key, before, findings, unwanted), nowMs);
      if (closed !== undefined) found.set(key, closed);
    } else openByKey[key] = before;
  }
  return { openByKey, judgedChecks, ...planOffer(found, findings, openByKey, previous, look) };
}

/** A subject that is gone, as the look tells it that judged its check and did not find it, or that nobody asked to judge it. */
function goneOf(
  key: string,
  { reason, severity }: OpenFinding,
  findings: readonly Finding[],
  unwanted: readonly NotJudged[],
): Finding {
  const check = key.slice(0, key.indexOf('|'));
  const subject = key.slice(check.length + 1);
  const witnesses = findings.filter((one) => one.check === check).flatMap(({ sources }) => sources);
  const unasked = witnesses.length === 0 ? unwanted.find((one) => one.check === check) : undefined;
  const sources: readonly Source[] = unasked === undefined ? [...new Set(witnesses)] : ['configuration'];
  const message =
    unasked === undefined
      ? `${subject}: ${check} is no longer found (was ${reason}).`
      : `${subject}: ${check} is not judged any more (was ${reason}): ${unasked.reason}.`;
  return { check, subject, severity: 'ok', reason, message, sources, evidence: { severityBefore: severity } };
}

/** Nobody hears that something is over of which nobody heard. */
function closingOf(before: OpenFinding | undefined, finding: Finding, nowMs: number): UntoldChange | undefined {
  if (before?.announced === undefined) return undefined;
  return { kind: 'closed', severity: before.announced, sinceMs: openSinceMs(before, nowMs), atMs: nowMs, finding };
}

/**
 * @param untold of the same finding, offered before and not known to be taken. It may be on the bus all the same, so what
 * comes after it is told whatever was taken before
 */
function compareOne(
  finding: Finding,
  before: OpenFinding | undefined,
  untold: UntoldChange | undefined,
  nowMs: number,
): { readonly open?: OpenFinding; readonly change?: UntoldChange } {
  const { severity, reason } = finding;
  if (severity === 'ok') {
    const change = closingOf(before, finding, nowMs);
    return change === undefined ? {} : { change };
  }
  const announced = before?.announced;
  const wasOpen = before !== undefined && isAtLeast(before.severity, 'notice');
  const known = isUnjudged(finding) && before !== undefined ? worse(before.severity, severity) : severity;
  const open = {
    severity: known,
    reason,
    finding: known === severity ? finding : (before?.finding ?? finding),
    sinceMs: wasOpen ? openSinceMs(before, nowMs) : nowMs,
    ...(announced !== undefined && { announced }),
  };
  const isLessThanTold = announced !== undefined && isUnjudged(finding) && !isAtLeast(severity, announced);
  if (!isAtLeast(severity, 'notice') || isLessThanTold) return { open };
  const kind = kindOf(severity, announced, untold);
  // Repeated, with what is found now.
  if (kind === undefined && (untold === undefined || isBeingTold(untold, nowMs))) return { open };
  const change = {
    kind: kind ?? untold?.kind ?? 'opened',
    severity: worse(severity, announced ?? severity),
    sinceMs: open.sinceMs,
    atMs: nowMs,
    finding,
  };
  return { open: { ...open, announced: severity }, change };
}

/** @returns undefined where it is as it was announced */
function kindOf(
  severity: Severity,
  announced: Severity | undefined,
  untold: UntoldChange | undefined,
): UntoldChange['kind'] | undefined {
  if (announced === undefined) return 'opened';
  const order = compareSeverities(severity, announced);
  if (order === 0) return undefined;
  // Where the bus is not known to have taken that it opened, this is that word.
  if (untold?.kind === 'opened') return 'opened';
  return order > 0 ? 'worse' : 'eased';
}
