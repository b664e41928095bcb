import type { IncidentDocument } from '../document.ts';
import { isLive, type Member } from '../member.ts';
import { isWaiting } from '../outbox.ts';
import type { Reach } from '../reach.ts';
import { findingWordKey, type Look, type Word } from '../words.ts';
import type { Judged } from './judged.ts';
import { severitiesOf } from './severity.ts';

const procedure = 'incident';
/** What a look finds of an endpoint. */
const check = 'channel';
/** What deliveries say of it. */
const deliveryCheck = 'endpoint-fails';

const subjectOf = (endpoint: string): string => `endpoint ${endpoint}`;

/** To these nothing can be sent that wakes nobody, or of which anybody heard: SNS takes what it delivers to them. */
const untriedKinds: readonly string[] = ['sms', 'https', 'amazon-q'];

/** Whether something that it did not take is still to be sent there. */
const isAwaited = (endpoint: string, { outbox }: IncidentDocument): boolean =>
  outbox.some((one) => isWaiting(one) && one.tries > 0 && one.destination.endpoints.includes(endpoint));

/** Open findings about endpoints. */
const openAbout = ({ incidents }: IncidentDocument, wanted: string): readonly Member[] =>
  incidents.flatMap(({ members }) =>
    members.filter((one) => one.procedure === procedure && one.check === wanted && isLive(one)),
  );

/** Whether a look may end something: until then it looks again each time that incident sweeps. */
export const isChannelOpen = (document: IncidentDocument): boolean =>
  openAbout(document, check).length > 0 || openAbout(document, deliveryCheck).length > 0;

/** Endpoints of which a delivery said that they take nothing, and no later one that they do. */
export const failingEndpoints = (document: IncidentDocument): readonly string[] =>
  openAbout(document, deliveryCheck).map(({ subject }) => subject.slice(subjectOf('').length));

const word = (endpoint: string, atMs: number, said: Pick<Word, 'severity' | 'reason' | 'message' | 'says'>): Word => ({
  key: findingWordKey(procedure, check, subjectOf(endpoint)),
  by: 'finding',
  procedure,
  check,
  subject: subjectOf(endpoint),
  source: 'mskeeper',
  brokers: [],
  sinceMs: atMs,
  atMs,
  ...said,
});

/**
 * What a look says, in incident's words: what is broken is so, what is good ends what was broken, and what nobody knows ends
 * nothing. What it names no more is over: mskeeper.yml has no such endpoint any more, and neither does a delivery's fault last
 * of which nobody will ever hear again. What cannot be tried without waking somebody is over once a look finds it good and nothing
 * waits for it.
 *
 * @param atMs when the look began
 */
export function wordsOfLook(
  judged: readonly Judged[],
  document: IncidentDocument,
  reach: Reach,
  atMs: number,
): { readonly words: readonly Word[]; readonly looks: readonly Look[] } {
  const severities = severitiesOf(judged, reach);
  const words = judged.map((one): Word => {
    const { endpoint } = one;
    switch (one.state) {
      case 'broken': {
        const { reason, message } = one;
        return word(endpoint, atMs, { severity: severities.get(endpoint) ?? 'warning', reason, message, says: 'live' });
      }
      case 'unknown':
        return word(endpoint, atMs, { severity: 'unknown', reason: 'unknown', message: one.why, says: 'unproven' });
      case 'good':
        return word(endpoint, atMs, {
          severity: 'ok',
          reason: 'good',
          message: `${endpoint} is as it should be.`,
          says: 'gone',
        });
      default:
        return one satisfies never;
    }
  });
  const gone = openAbout(document, deliveryCheck)
    .filter(({ subject }) => reach.kindOf(subject.slice(subjectOf('').length)) === undefined)
    .map(
      ({ goneAtMs: _never, worst: _worst, heardAtMs: _heard, isUnproven: _proven, ...said }): Word => ({
        ...said,
        atMs,
        says: 'gone',
        message: `mskeeper.yml has no ${said.subject} any more.`,
      }),
    );
  const mended = judged
    .filter(({ endpoint, kind, state }) => {
      const isFailing = openAbout(document, deliveryCheck).some(({ subject }) => subject === subjectOf(endpoint));
      return isFailing && state === 'good' && untriedKinds.includes(kind) && !isAwaited(endpoint, document);
    })
    .map(
      ({ endpoint }): Word => ({
        ...word(endpoint, atMs, {
          severity: 'ok',
          reason: 'good',
          message: `${endpoint} is as it should be, and nothing waits for it.`,
          says: 'gone',
        }),
        key: findingWordKey(procedure, deliveryCheck, subjectOf(endpoint)),
        check: deliveryCheck,
      }),
    );
  return { words: [...words, ...gone, ...mended], looks: [{ procedure, atMs, judgedChecks: [check] }] };
}

/** Whether a look changes anything of what is known, or may end it: a quiet one writes nothing. */
export const isNews = (words: readonly Word[], document: IncidentDocument): boolean =>
  words.some(({ says }) => says === 'live') || isChannelOpen(document);
