import { compareSeverities, type Finding, type Source } from '../../../../shared/core/finding.ts';
import type { AlarmSubject } from '../../../../shared/core/own-alarms.ts';
import type { Diagnosis } from './document.ts';
import { alarmWordKey, findingWordKey, type Word } from './words.ts';

const sourceNames: Readonly<Record<Source, string>> = {
  msk: 'MSK API',
  cloudwatch: 'CloudWatch',
  brokers: 'brokers',
  endpoint: 'endpoint',
  configuration: 'mskeeper.yml',
  mskeeper: 'mskeeper',
};

/** A finding as a procedure told it, or as its last report has it. */
export type FindingSaid = {
  readonly procedure: string;
  readonly atMs: number;
  readonly sinceMs: number;
  readonly isClosed: boolean;
  readonly finding: Finding;
  readonly names?: readonly string[];
};

/** The brokers that a finding itself names. */
const brokersOf = ({ subject, evidence }: Finding): readonly string[] => {
  const own = subject.startsWith('broker ') ? [subject.slice('broker '.length)] : [];
  const { brokerId } = evidence;
  return [...new Set([...own, ...(brokerId === undefined ? [] : [String(brokerId)])])];
};

/** So many names of one word are kept. */
const mostNames = 8;

/** What of the names a text has in it, as far as they are kept. */
const namedIn = (texts: readonly string[], names: readonly string[], most: number): readonly string[] =>
  [...new Set(names)].filter((name) => name !== '' && texts.some((text) => text.includes(name))).slice(0, most);

/** The topics and groups that a finding is of, and what its speaker calls a name besides. */
function namesOf({ subject, evidence, message }: Finding, names: readonly string[]): readonly string[] {
  const own = ['topic ', 'group '].flatMap((what) => (subject.startsWith(what) ? [subject.slice(what.length)] : []));
  const shown = [evidence.topic, evidence.group].filter((one) => typeof one === 'string');
  return namedIn([subject, message], [...own, ...shown, ...names], mostNames);
}

/** A finding as a word: what is not known keeps open what is, and ends nothing. */
export function wordOfFinding({ procedure, atMs, sinceMs, isClosed, finding, names: said = [] }: FindingSaid): Word {
  const { check, subject, severity, reason, message, sources } = finding;
  const isBad = compareSeverities(severity, 'notice') >= 0;
  const names = namesOf(finding, said);
  return {
    key: findingWordKey(procedure, check, subject),
    by: 'finding',
    procedure,
    check,
    subject,
    severity,
    reason,
    message,
    source: sources.map((one) => sourceNames[one]).join(', '),
    brokers: brokersOf(finding),
    ...(names.length > 0 && { names }),
    sinceMs: Math.min(sinceMs, atMs),
    atMs,
    says: isClosed || severity === 'ok' ? 'gone' : isBad ? 'live' : 'unproven',
  };
}

/** An alarm of this stack: whose it is, what it watches, and how it stands. @property of the topic or group that it watches */
export type AlarmSaid = {
  readonly name: string;
  readonly owner: string;
  readonly rule: string;
  readonly severity: Word['severity'];
  readonly sentence: string;
  readonly state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA' | 'unknown';
  readonly changedAtMs: number;
  readonly of?: AlarmSubject;
};

/** How the stack's alarms stand, by one answer of CloudWatch's. @property isWhole no alarm may be missing from it */
export type AlarmsSaid = { readonly alarms: readonly AlarmSaid[]; readonly isWhole: boolean };

/** Lag is a group's, whatever the topic; an alarm over brokers is the cluster's. */
function subjectOf({ group, topic }: AlarmSubject): string {
  if (group !== undefined) return `group ${group}`;
  return topic === undefined ? 'cluster' : `topic ${topic}`;
}

/**
 * An alarm as a word. It wakes and proves no end: that it left ALARM is for a look to judge. Where none ever does, CloudWatch's
 * own OK, asked for, is all the proof that there is; no data is none.
 *
 * @param isAsked CloudWatch was asked how it stands; an event may be late
 */
export function wordOfAlarm(alarm: AlarmSaid, isJudged: boolean, isAsked: boolean): Word {
  const { name, owner, rule, severity, sentence, state, changedAtMs, of = {} } = alarm;
  const names = [of.group, of.topic].filter((one) => one !== undefined);
  const isOver = state === 'OK' && !isJudged && isAsked;
  return {
    key: alarmWordKey(name),
    by: 'alarm',
    procedure: owner,
    check: rule,
    subject: subjectOf(of),
    severity,
    reason: 'threshold',
    message: sentence,
    source: 'CloudWatch alarm',
    brokers: [],
    ...(names.length > 0 && { names }),
    sinceMs: changedAtMs,
    atMs: changedAtMs,
    says: state === 'ALARM' ? 'live' : isOver ? 'gone' : 'unproven',
    ...(isAsked && { isAsked }),
  };
}

const mostAffected = 6;
const mostNamesAffected = 30;
const textCharacters = 400;

const cut = (text: string): string => (text.length <= textCharacters ? text : `${text.slice(0, textCharacters - 1)}…`);

/** What of a look's diagnosis is kept with the incident: what a page has room for. */
export function diagnosisOf(
  atMs: number,
  said: {
    readonly of?: string;
    readonly affected?: readonly string[];
    readonly next?: string;
    readonly names?: readonly string[];
  },
): Diagnosis {
  const affected = (said.affected ?? []).slice(0, mostAffected).map(cut);
  const next = said.next === undefined ? undefined : cut(said.next);
  const names = namedIn([...affected, next ?? ''], said.names ?? [], mostNamesAffected);
  return {
    atMs,
    affected,
    ...(said.of !== undefined && { of: cut(said.of) }),
    ...(next !== undefined && { next }),
    ...(names.length > 0 && { names }),
  };
}
