import type { Cause } from '../../../functions/health/incident/core/causes.ts';
import type { Incident } from '../../../functions/health/incident/core/document.ts';
import { hear, type Member } from '../../../functions/health/incident/core/member.ts';
import type { Message } from '../../../functions/health/incident/core/outbox.ts';
import { alarmWordKey, findingWordKey, type Look, type Word } from '../../../functions/health/incident/core/words.ts';
import type { Work } from '../../../functions/health/incident/core/works.ts';
import { minuteMs } from '../../../shared/core/units.ts';

/** A night. */
export const nightMs = Date.parse('2026-11-28T03:00:00Z');
/** So many minutes after it began. */
export const at = (minutes: number): number => nightMs + minutes * minuteMs;

/** A finding's word, `critical` and true as the night begins where nothing else is said. */
export const finding = (check: string, subject: string, more: Partial<Word> = {}): Word => {
  const { procedure = 'cluster-health', atMs = nightMs } = more;
  return {
    key: findingWordKey(procedure, check, subject),
    by: 'finding',
    procedure,
    check,
    subject,
    severity: 'critical',
    reason: 'above-critical',
    message: `${check} of ${subject}`,
    source: 'brokers',
    brokers: [],
    sinceMs: atMs,
    atMs,
    says: 'live',
    ...more,
  };
};

/** An alarm's word. */
export const alarm = (rule: string, more: Partial<Word> = {}): Word => ({
  ...finding(rule, 'cluster', { source: 'CloudWatch alarm', reason: 'threshold', ...more }),
  key: alarmWordKey(`mskeeper/orders/cluster-health/${rule}/critical`),
  by: 'alarm',
});

/** That a broker does not answer. */
export const brokerDown = (id: number, more: Partial<Word> = {}): Word =>
  finding('broker-answers', `broker ${id}`, { reason: 'timed-out', ...more });

/** What MSK says of the cluster. */
export const clusterState = (reason: string, more: Partial<Word> = {}): Word =>
  finding('cluster-state', 'cluster', { reason, severity: 'notice', source: 'MSK API', ...more });

export const look = (minutes: number, ...judgedChecks: readonly string[]): Look => ({
  procedure: 'cluster-health',
  atMs: at(minutes),
  judgedChecks,
});

/** The member that a live word makes. */
export const memberOf = (word: Word, more: Partial<Member> = {}): Member => {
  const member = hear(undefined, word);
  if (member === undefined) throw new Error(`${word.key} says nothing live`);
  return { ...member, ...more };
};

/** An incident that people were paged of as the night began. */
export const incidentOf = (cause: Cause, members: readonly Member[], more: Partial<Incident> = {}): Incident => ({
  id: '1',
  cause,
  severity: 'critical',
  startedAtMs: nightMs,
  bornAtMs: nightMs,
  openedAtMs: nightMs,
  severitySinceMs: nightMs,
  climbedToMs: nightMs,
  members,
  leftOutCount: 0,
  ...more,
});

export const workOf = (of: Work['of'], more: Partial<Work> = {}): Work => ({
  key: 'window|brokers',
  what: 'window brokers',
  does: 'disturbs',
  of,
  sinceMs: nightMs,
  untilMs: at(120),
  ...more,
});

/** A page to the pager, made as the night began. */
export const messageOf = (more: Partial<Message> = {}): Message => ({
  id: '1/1',
  incidentId: '1',
  destination: { by: 'endpoint', lane: 'on-call', endpoints: ['on-call'] },
  key: '1',
  action: 'trigger',
  kind: 'opened',
  says: 'P1: broker 2 is down.',
  madeAtMs: nightMs,
  dueAtMs: nightMs,
  tries: 0,
  ...more,
});
