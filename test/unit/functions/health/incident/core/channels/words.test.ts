import { describe, expect, test } from 'vitest';
import {
  deaf,
  good,
  type Judged,
  lame,
  unknown,
} from '../../../../../../../functions/health/incident/core/channels/judged.ts';
import { severitiesOf } from '../../../../../../../functions/health/incident/core/channels/severity.ts';
import { planTrials } from '../../../../../../../functions/health/incident/core/channels/trials.ts';
import {
  isChannelOpen,
  isNews,
  wordsOfLook,
} from '../../../../../../../functions/health/incident/core/channels/words.ts';
import { emptyDocument } from '../../../../../../../functions/health/incident/core/document.ts';
import { type Message, sendable } from '../../../../../../../functions/health/incident/core/outbox.ts';
import type { Word } from '../../../../../../../functions/health/incident/core/words.ts';
import { at, messageOf } from '../../../../../../support/incident/builders.ts';
import { judgedOf } from '../../../../../../support/incident/channels.ts';
import { openPlay } from '../../../../../../support/incident/play.ts';
import { usualRules } from '../../../../../../support/incident/rules.ts';

const { reach } = usualRules;
const broken = deaf('not-confirmed', 'nobody confirmed it');
const mail = (judgement = broken): Judged => judgedOf('mail', 'email', judgement);
const chat = (judgement = broken): Judged => judgedOf('chat', 'slack', judgement);
const pager = (judgement = broken): Judged => judgedOf('on-call', 'pagerduty', judgement);
const phone = (judgement = broken): Judged => judgedOf('phone', 'phone', judgement);
const text = (judgement = broken): Judged => judgedOf('text', 'sms', judgement);

describe('how bad it is', () => {
  test.each<[string, readonly Judged[], Readonly<Record<string, string>>]>([
    ['nothing of what is good or not known', [mail(good()), chat(unknown('503'))], {}],
    ['P2 where others hear what one does not', [chat()], { chat: 'warning' }],
    ['P2 where others are woken', [phone(), text()], { phone: 'warning', text: 'warning' }],
    ['P1 where nobody is woken of a P1 any more', [pager()], { 'on-call': 'critical' }],
    [
      'P1 where nobody is woken of a P0 any more, and P2 what never woke anybody',
      [phone(), text(), pager(), mail()],
      { phone: 'critical', text: 'critical', 'on-call': 'critical', mail: 'warning' },
    ],
    ['P2 where it arrives all the same', [pager(lame('token-refused', 'nobody reads it'))], { 'on-call': 'warning' }],
    ['P1 where nobody of a P2 would hear of it', [chat(), mail()], { chat: 'critical', mail: 'critical' }],
    [
      'P0 where nobody of a P1 would, either',
      [chat(), mail(), pager()],
      { chat: 'emergency', mail: 'emergency', 'on-call': 'emergency' },
    ],
    [
      'what it is by itself where nobody hears anything',
      [chat(), mail(), pager(), phone(), text()],
      { chat: 'warning', mail: 'warning', 'on-call': 'critical', phone: 'critical', text: 'critical' },
    ],
  ])('%s', (_what, judged, severities) => {
    expect(Object.fromEntries(severitiesOf(judged, reach))).toEqual(severities);
  });

  test('Amazon Q is nobody who hears', () => {
    const kinds = new Map([
      ['q', 'amazon-q'],
      ['chat', 'slack'],
      ['on-call', 'pagerduty'],
    ]);
    const withQ = {
      ...reach,
      kindOf: (name: string) => kinds.get(name),
      bySeverity: (severity: string) => (severity === 'warning' ? ['chat', 'q'] : ['on-call']),
    };
    expect(Object.fromEntries(severitiesOf([chat()], withQ))).toEqual({ chat: 'critical' });
  });
});

/** Minutes of a night in which looks happen. */
const openNight = () => {
  const play = openPlay();
  const look = (minute: number, ...judged: readonly Judged[]) =>
    play.hear(minute, wordsOfLook(judged, play.document, reach, at(minute)));
  const symptoms = () =>
    play.document.incidents.flatMap(({ members }) =>
      members.map(({ subject, severity, goneAtMs }) => `${subject} ${goneAtMs === undefined ? severity : 'gone'}`),
    );
  return { play, look, symptoms };
};

describe('a look', () => {
  test('opens an incident of mskeeper itself, which a second look does not open again', () => {
    const { play, look, symptoms } = openNight();
    look(0, chat(), mail(good()));
    expect(play.titles()).toEqual(['mskeeper']);
    expect(symptoms()).toEqual(['endpoint chat warning']);
    look(5, chat(), mail(good()));
    play.pass(6, 7);
    expect(symptoms()).toEqual(['endpoint chat warning']);
    expect(play.paged()).toContain('mail 1');
  });

  test('that finds it good ends it, ten minutes later for people', () => {
    const { play, look, symptoms } = openNight();
    look(0, chat());
    look(5, chat());
    look(10, chat(good()));
    expect(symptoms()).toEqual(['endpoint chat gone']);
    play.pass(11, 21);
    expect(play.titles()).toEqual([]);
  });

  test('that knows nothing ends nothing', () => {
    const { play, look, symptoms } = openNight();
    look(0, chat());
    look(5, chat(unknown('Slack answered 503')));
    play.pass(6, 30);
    expect(symptoms()).toEqual(['endpoint chat warning']);
  });

  test('ends what mskeeper.yml names no more', () => {
    const { look, symptoms } = openNight();
    look(0, judgedOf('boss', 'email', broken));
    look(5, judgedOf('boss', 'email', broken));
    look(10, mail(good()));
    expect(symptoms()).toEqual(['endpoint boss gone']);
  });

  test('opens nothing where all is good or not known', () => {
    const { play, look } = openNight();
    look(0, chat(good()), mail(unknown('503')));
    expect(play.document.incidents).toEqual([]);
  });

  test('is news where something is broken, and where it may end what is open', () => {
    const { play, look } = openNight();
    const said = (...judged: readonly Judged[]) => wordsOfLook(judged, play.document, reach, at(9)).words;
    expect(isNews(said(chat(good()), mail(unknown('503'))), play.document)).toBe(false);
    expect(isNews(said(chat()), play.document)).toBe(true);
    look(0, chat());
    expect(isNews(said(chat(good())), play.document)).toBe(true);
    expect(isChannelOpen(play.document)).toBe(true);
    look(10, chat(good()));
    expect(isChannelOpen(play.document)).toBe(false);
  });
});

/** What a delivery that failed says. */
const failing = (endpoint: string): Word => ({
  key: `finding|incident|endpoint-fails|endpoint ${endpoint}`,
  by: 'finding',
  procedure: 'incident',
  check: 'endpoint-fails',
  subject: `endpoint ${endpoint}`,
  severity: 'critical',
  reason: 'not-delivered',
  message: '400',
  source: 'mskeeper',
  brokers: [],
  sinceMs: at(0),
  atMs: at(0),
  says: 'live',
});

describe('an endpoint that took no message', () => {
  test('is not over because a look finds it good: it gets a message, one an hour, whose arrival ends it', () => {
    const { play, look, symptoms } = openNight();
    play.say(0, failing('chat'));
    look(5, chat(good()));
    expect(symptoms()).toEqual(['endpoint chat critical']);
    const [trial] = planTrials([chat(good())], play.document, at(5));
    expect(trial).toMatchObject({ only: ['chat'] });
    play.hear(5, { tests: trial === undefined ? [] : [trial] });
    const sent = play.document.outbox.filter(({ kind }) => kind === 'test');
    expect(sent.map(({ destination, action }) => [destination.endpoints, action])).toEqual([[['chat'], 'notice']]);
    expect(planTrials([chat(good())], play.document, at(30))).toEqual([]);
    expect(planTrials([chat(good())], play.document, at(65))).toMatchObject([{ only: ['chat'] }]);
  });

  test.each([
    ['is broken', chat()],
    ['is not known', chat(unknown('503'))],
    ['wakes people', judgedOf('chat', 'sms', good())],
  ])('gets none where it %s', (_what, judged) => {
    const { play } = openNight();
    play.say(0, failing('chat'));
    expect(planTrials([judged], play.document, at(5))).toEqual([]);
  });

  test.each([
    ['pagerduty', pager(good())],
    ['phone', phone(good())],
  ] as const)(
    'that calls people gets the end of a call that never was, which is sent and calls nobody: %s',
    (_kind, judged) => {
      const { play } = openNight();
      play.deliver = (message) => message;
      play.say(0, failing(judged.endpoint));
      const tests = planTrials([judged], play.document, at(5));
      play.hear(5, { tests });
      const sent = play.document.outbox.filter(({ kind }) => kind === 'test');
      expect(sent.map(({ destination, action, dueAtMs }) => [destination.endpoints, action, dueAtMs])).toEqual([
        [[judged.endpoint], 'resolve', at(5)],
      ]);
      play.hear(6);
      expect(sendable(play.document.outbox, at(6)).map(({ id }) => id)).toContain(sent[0]?.id);
      expect(planTrials([judged], play.document, at(30))).toEqual([]);
      expect(planTrials([judged], play.document, at(65))).toMatchObject([{ only: [judged.endpoint], isSilent: true }]);
    },
  );

  test.each(['sms', 'https', 'amazon-q'] as const)(
    'that cannot be tried is over once a look finds it good, and nothing waits for it: %s',
    (kind) => {
      const { play } = openNight();
      play.say(0, failing('text'));
      const ended = (outbox: readonly Message[], judgement = good()) =>
        wordsOfLook([judgedOf('text', kind, judgement)], { ...play.document, outbox }, reach, at(5)).words.filter(
          ({ check, says }) => check === 'endpoint-fails' && says === 'gone',
        );
      const destination = { by: 'topic', lane: 'topic critical', topic: 'critical', endpoints: ['text'] } as const;
      expect(ended([])).toMatchObject([{ subject: 'endpoint text', atMs: at(5) }]);
      expect(ended([messageOf({ destination, tries: 2, outcome: 'refused', why: '400' })])).toHaveLength(1);
      expect(ended([messageOf({ destination, tries: 2, why: '503' })])).toEqual([]);
      expect(ended([], broken)).toEqual([]);
      expect(ended([], unknown('503'))).toEqual([]);
    },
  );

  test('gets none while it takes what it is sent', () => {
    expect(planTrials([chat(good())], { ...emptyDocument, outbox: [messageOf()] }, at(5))).toEqual([]);
  });

  test('is over where mskeeper.yml names it no more: nobody will ever hear of it again', () => {
    const { play, look, symptoms } = openNight();
    play.say(0, failing('fax'), failing('chat'));
    look(5, chat(good()));
    expect(symptoms()).toEqual(['endpoint fax gone', 'endpoint chat critical']);
  });
});
