import { describe, expect, test } from 'vitest';
import type {
  SmsFound,
  SnsFound,
  Subscription,
} from '../../../../../../../functions/health/incident/core/channels/found.ts';
import { judgeAmazonQ, judgeSns } from '../../../../../../../functions/health/incident/core/channels/judge-sns.ts';
import type { Judgement } from '../../../../../../../functions/health/incident/core/channels/judged.ts';
import { known } from '../../../../../../../shared/core/known.ts';
import { mailFound, notAnswered, subscription } from '../../../../../../support/incident/channels.ts';

/** `broken not-confirmed`, `unknown`, `good`. */
const shortOf = (judged: Judgement): string => (judged.state === 'broken' ? `broken ${judged.reason}` : judged.state);
const saysOf = (judged: Judgement): string =>
  judged.state === 'broken' ? judged.message : judged.state === 'unknown' ? judged.why : (judged.note ?? '');
const mailWith = (...subscriptions: readonly Subscription[]): SnsFound =>
  mailFound({ topics: [{ name: 'warning', subscriptions: known(subscriptions) }] });

describe('a mail address', () => {
  test.each<[string, SnsFound, string]>([
    ['that is subscribed and confirmed', mailFound(), 'good'],
    ['that nobody confirmed', mailWith(subscription({ state: 'pending' })), 'broken not-confirmed'],
    ['that is not subscribed', mailWith(), 'broken not-subscribed'],
    ['that somebody unsubscribed', mailWith(subscription({ state: 'gone' })), 'broken not-subscribed'],
    [
      'in whose place another one is subscribed',
      mailWith(subscription({ address: 'b@c.de' })),
      'broken not-subscribed',
    ],
    ['that is subscribed by another protocol', mailWith(subscription({ protocol: 'sms' })), 'broken not-subscribed'],
    [
      'that is subscribed twice, once confirmed',
      mailWith(subscription({ state: 'pending' }), subscription({ state: 'gone' }), subscription()),
      'good',
    ],
    ['that is written otherwise', mailWith(subscription({ address: ' Team@Example.com' })), 'good'],
    ['that cannot be read', mailFound({ address: notAnswered('denied', 'ssm:GetParameter') }), 'unknown'],
    ['whose topic said nothing', mailFound({ topics: [{ name: 'warning', subscriptions: notAnswered() }] }), 'unknown'],
    [
      'whose topic may not be asked',
      mailFound({ topics: [{ name: 'warning', subscriptions: notAnswered('denied') }] }),
      'unknown',
    ],
    [
      'whose topic is gone',
      mailFound({ topics: [{ name: 'warning', subscriptions: notAnswered('not-found') }] }),
      'broken topic-gone',
    ],
  ])('%s', (_what, found, judged) => {
    expect(shortOf(judgeSns('team-mail', found))).toBe(judged);
  });

  test('is told by the topics by which it hears nothing, and never by itself', () => {
    const pending = known([subscription({ state: 'pending' })]);
    const topics = [
      { name: 'warning', subscriptions: pending },
      { name: 'critical', subscriptions: known([subscription()]) },
      { name: 'self-warning', subscriptions: pending },
    ] as const;
    const says = saysOf(judgeSns('team-mail', mailFound({ topics })));
    expect(says).toMatch(/^team-mail hears nothing by warning, self-warning: nobody confirmed/);
    expect(says).toContain('AWS Notification - Subscription Confirmation');
    expect(says).not.toContain('@');
  });

  test('that is not subscribed somewhere is told before one that is not confirmed elsewhere, and both before what nobody knows', () => {
    const none = { name: 'critical', subscriptions: known([]) } as const;
    const pending = { name: 'warning', subscriptions: known([subscription({ state: 'pending' })]) } as const;
    const unasked = { name: 'maintenance', subscriptions: notAnswered() } as const;
    expect(shortOf(judgeSns('m', mailFound({ topics: [unasked, pending, none] })))).toBe('broken not-subscribed');
    expect(shortOf(judgeSns('m', mailFound({ topics: [unasked, pending] })))).toBe('broken not-confirmed');
    expect(saysOf(judgeSns('m', mailFound({ topics: [unasked] })))).toContain('subscribed to maintenance is not known');
  });
});

test('an https address is compared without the password that SNS masks, and is confirmed by what it is sent', () => {
  const found = (state: Subscription['state']): SnsFound => ({
    kind: 'https',
    address: known('https://me:secret@bridge.example.org/sns'),
    topics: [
      {
        name: 'critical',
        subscriptions: known([
          subscription({ protocol: 'https', address: 'https://me:****@bridge.example.org/sns', state }),
        ]),
      },
    ],
  });
  expect(shortOf(judgeSns('bridge', found('confirmed')))).toBe('good');
  expect(saysOf(judgeSns('bridge', found('pending')))).toContain('SubscribeURL');
  expect(saysOf(judgeSns('bridge', found('pending')))).not.toContain('secret');
});

describe('a telephone', () => {
  const number = '+15550100';
  const verified = (isIn: boolean, ...numbers: readonly string[]) => known({ isIn, verified: numbers });
  const phoneWith = (sms: SmsFound, change: Partial<SnsFound> = {}): SnsFound => ({
    kind: 'sms',
    address: known('+1 (555) 0100'),
    topics: [{ name: 'emergency', subscriptions: known([subscription({ protocol: 'sms', address: number })]) }],
    sms,
    ...change,
  });
  const usual: SmsFound = { sandbox: verified(false), optedOut: known(false) };

  test.each<[string, SmsFound, string]>([
    ['out of the sandbox', usual, 'good'],
    ['in the sandbox', { ...usual, sandbox: verified(true) }, 'broken sms-sandbox'],
    [
      'in the sandbox, beside one that is verified',
      { ...usual, sandbox: verified(true, '+15550111') },
      'broken sms-sandbox',
    ],
    ['verified in the sandbox', { ...usual, sandbox: verified(true, number) }, 'good'],
    ['whose account nobody knows', { ...usual, sandbox: notAnswered('denied') }, 'unknown'],
    ['whose owner said STOP', { ...usual, optedOut: known(true) }, 'broken opted-out'],
    ['whose owner nobody knows', { ...usual, optedOut: notAnswered('timed-out') }, 'unknown'],
    ['whose owner was not asked about', { sandbox: verified(false) }, 'good'],
    ['of which much is wrong', { sandbox: verified(true), optedOut: known(true) }, 'broken opted-out'],
    [
      'of which something is wrong, and the rest unknown',
      { sandbox: verified(true), optedOut: notAnswered() },
      'broken sms-sandbox',
    ],
  ])('%s', (_what, sms, judged) => {
    const judgement = judgeSns('on-call-sms', phoneWith(sms));
    expect(shortOf(judgement)).toBe(judged);
    expect(saysOf(judgement)).not.toContain('555');
  });

  test('that is not subscribed is told as that, whatever SNS would send', () => {
    const found = phoneWith(
      { ...usual, optedOut: known(true) },
      { topics: [{ name: 'emergency', subscriptions: known([]) }] },
    );
    expect(shortOf(judgeSns('on-call-sms', found))).toBe('broken not-subscribed');
  });

  test('of which the number is not known is not judged, whatever the account may send', () => {
    const found = phoneWith({ sandbox: verified(true) }, { address: notAnswered('denied', 'ssm:GetParameter') });
    expect(shortOf(judgeSns('on-call-sms', found))).toBe('unknown');
  });
});

test.each([
  ['that listens', known([subscription({ protocol: 'https', address: 'https://q' })]), 'good'],
  ['that does not', known([]), 'broken nobody-listens'],
  ['that does not yet', known([subscription({ protocol: 'https', state: 'pending' })]), 'broken nobody-listens'],
  ['in whose place a mail address listens', known([subscription()]), 'broken nobody-listens'],
  ['whose topic is gone', notAnswered('not-found'), 'broken topic-gone'],
  ['whose topic said nothing', notAnswered(), 'unknown'],
] as const)('Amazon Q %s', (_what, subscriptions, judged) => {
  expect(shortOf(judgeAmazonQ('chat', { kind: 'amazon-q', subscriptions }))).toBe(judged);
});
