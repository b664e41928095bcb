/** Worst last: ok < unknown < notice < warning < critical < emergency. P0 is emergency, P1 critical, P2 warning, P3 notice. */
export const severities = ['ok', 'unknown', 'notice', 'warning', 'critical', 'emergency'] as const;
export type Severity = (typeof severities)[number];

/** What answered: the MSK API, CloudWatch, the brokers themselves, an endpoint of the user's, or mskeeper's own state. */
export const sources = ['msk', 'cloudwatch', 'brokers', 'endpoint', 'configuration', 'mskeeper'] as const;
export type Source = (typeof sources)[number];

/**
 * One judgement about one subject.
 *
 * @property check kebab-case name of the rule, unique in its procedure: `broker-answers`, `disk-used`
 * @property subject what is judged: `broker 2`, `topic orders`, `group billing`, `cluster`
 * @property reason kebab-case, closed set per check, for machines: `no-answer`, `above-critical`
 * @property message one sentence for people: what is wrong, where, and what to do
 * @property evidence the numbers behind it, units in the keys
 */
export type Finding = {
  readonly check: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly reason: string;
  readonly message: string;
  readonly sources: readonly Source[];
  readonly evidence: Readonly<Record<string, number | string | boolean>>;
};

/** `check|subject`: what makes the words of two runs words about the same finding. */
export const findingKey = ({ check, subject }: Pick<Finding, 'check' | 'subject'>): string => `${check}|${subject}`;

/** A finding as JSON can say it: numbers that it has no word for are left out. */
export function plainFinding(finding: Finding): Finding {
  const entries = Object.entries(finding.evidence);
  const said = entries.filter(([, value]) => typeof value !== 'number' || Number.isFinite(value));
  return said.length === entries.length ? finding : { ...finding, evidence: Object.fromEntries(said) };
}

/** Negative where `left` is milder than `right`. */
export const compareSeverities = (left: Severity, right: Severity): number =>
  severities.indexOf(left) - severities.indexOf(right);

/** The worst severity of all findings; `unknown` for none, since no evidence is not health. */
export const worstSeverity = (findings: readonly Finding[]): Severity =>
  findings.reduce<Severity | undefined>(
    (worst, { severity }) => (worst === undefined || compareSeverities(severity, worst) > 0 ? severity : worst),
    undefined,
  ) ?? 'unknown';
