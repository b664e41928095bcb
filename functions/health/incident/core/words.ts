import type { Severity } from '../../../../shared/core/finding.ts';

/** From which an incident may come: P0, P1, P2. A notice (P3) never pages. */
export const pagingSeverities = ['warning', 'critical', 'emergency'] as const;
export type PagingSeverity = (typeof pagingSeverities)[number];

/**
 * What was said of one symptom.
 *
 * @property key the same for every word about this symptom, and for no other
 * @property by a finding is a look's judgement; an alarm is a threshold that was passed, and proves no end
 * @property procedure who judges it: the speaker of a finding, the owner of an alarm
 * @property check the rule: a finding's check, an alarm's slug
 * @property subject `broker 2`, `topic orders`, `cluster`
 * @property source who says it, for people: `brokers, CloudWatch`
 * @property brokers ids of the brokers that the word itself names as to blame or concerned
 * @property names of topics and groups that stand in what it says
 * @property atMs when it was true: the look's beginning, the alarm's change
 * @property says `live`: it is so. `gone`: a look proved that it is not. `unproven`: nobody knows (an alarm's OK, missing
 *   data, a finding `unknown`): it ends nothing
 * @property isWorse who says it told of less before, and means people to hear of it
 * @property isAsked it was asked for now, and is so however long ago it became so
 */
export type Word = {
  readonly key: string;
  readonly by: 'finding' | 'alarm';
  readonly procedure: string;
  readonly check: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly reason: string;
  readonly message: string;
  readonly source: string;
  readonly brokers: readonly string[];
  readonly names?: readonly string[];
  readonly sinceMs: number;
  readonly atMs: number;
  readonly says: 'live' | 'gone' | 'unproven';
  readonly isAsked?: true;
  readonly isWorse?: true;
};

/** The key of a finding's words: check and subject are one procedure's own. */
export const findingWordKey = (procedure: string, check: string, subject: string): string =>
  `finding|${procedure}|${check}|${subject}`;

/** The key of an alarm's words. */
export const alarmWordKey = (alarmName: string): string => `alarm|${alarmName}`;

/** Every alarm of the stack that there is, by the keys of their words. @property atMs when CloudWatch was asked for them */
export type AlarmRoster = { readonly atMs: number; readonly keys: ReadonlySet<string> };

/**
 * A whole look of a procedure that came to its end: what it did not find, of what it judged, is gone.
 *
 * @property judgedChecks checks that were judged of every subject; what else is open stays as it was
 */
export type Look = { readonly procedure: string; readonly atMs: number; readonly judgedChecks: readonly string[] };
