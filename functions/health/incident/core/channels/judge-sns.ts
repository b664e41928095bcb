import type { Answered } from '../../../../../shared/core/known.ts';
import type { AmazonQFound, SmsFound, SnsFound, Subscription } from './found.ts';
import { deaf, good, type Judgement, unknown, worstOf } from './judged.ts';

type Topic = SnsFound['topics'][number];

/** A topic that is not there is a fact; all else that was not answered is none. */
const isGone = (asked: Answered<unknown>): boolean => !asked.isKnown && asked.failure === 'not-found';

const namesOf = (topics: readonly Topic[]): string => topics.map(({ name }) => name).join(', ');

/** Confirming is a person's; how the mail is called is SNS's (Developer Guide, "Email notifications"). */
const howToConfirm = {
  email: 'open the link in each mail “AWS Notification - Subscription Confirmation” that SNS sent there',
  https: 'visit the SubscribeURL that SNS sent there',
  sms: 'subscribe it anew',
} as const satisfies Record<SnsFound['kind'], string>;

/**
 * An endpoint that SNS delivers to: subscribed and confirmed on every topic by which it is to hear, and for a telephone nothing
 * that keeps text messages from it.
 */
export function judgeSns(endpoint: string, { kind, address, topics, sms }: SnsFound): Judgement {
  const gone = topics.filter(({ subscriptions }) => isGone(subscriptions));
  if (gone.length > 0) {
    return deaf(
      'topic-gone',
      `${endpoint} hears nothing by ${namesOf(gone)}: no such topic is there any more. Deploy again.`,
    );
  }
  if (!address.isKnown) {
    return unknown(`the address of ${endpoint} cannot be read, to compare it with SNS's subscriptions: ${address.why}`);
  }
  const judged = judgeSubscriptions(endpoint, kind, address.value, topics);
  return worstOf([judged, ...(sms === undefined ? [] : judgeSms(endpoint, address.value, sms))]);
}

function judgeSubscriptions(
  endpoint: string,
  kind: SnsFound['kind'],
  address: string,
  topics: readonly Topic[],
): Judgement {
  const stateIn = ({ subscriptions }: Topic): Subscription['state'] | 'none' | 'unknown' =>
    subscriptions.isKnown ? stateOf(subscriptions.value, kind, address) : 'unknown';
  const inState = (...states: readonly string[]): readonly Topic[] =>
    topics.filter((topic) => states.includes(stateIn(topic)));
  const missing = inState('none', 'gone');
  if (missing.length > 0) {
    const message = `${endpoint} hears nothing by ${namesOf(missing)}: the address that is kept for it is not subscribed there. Somebody unsubscribed it, or it was changed since the last deploy: subscribe it anew (docs/deploy.md#channels).`;
    return deaf('not-subscribed', message);
  }
  const pending = inState('pending');
  if (pending.length > 0) {
    const message = `${endpoint} hears nothing by ${namesOf(pending)}: nobody confirmed its subscription. Let whoever reads it ${howToConfirm[kind]}; what nobody confirms within days SNS drops, and it is to be subscribed anew (docs/deploy.md#channels).`;
    return deaf('not-confirmed', message);
  }
  const [unasked] = inState('unknown');
  if (unasked !== undefined && !unasked.subscriptions.isKnown) {
    return unknown(`who is subscribed to ${unasked.name} is not known: ${unasked.subscriptions.why}`);
  }
  return good(kind === 'sms' ? undefined : 'whether it is read, nobody knows but its reader');
}

/** Of several subscriptions of one address the best. */
function stateOf(
  subscriptions: readonly Subscription[],
  kind: SnsFound['kind'],
  address: string,
): Subscription['state'] | 'none' {
  const own = subscriptions.filter((one) => one.protocol === kind && isSame(kind, one.address, address));
  return (['confirmed', 'pending', 'gone'] as const).find((state) => own.some((one) => one.state === state)) ?? 'none';
}

/** As one person would call them the same: SNS shows an https address with its password masked. */
const isSame = (kind: SnsFound['kind'], left: string, right: string): boolean =>
  comparable(kind, left) === comparable(kind, right);

function comparable(kind: SnsFound['kind'], address: string): string {
  const text = address.trim();
  switch (kind) {
    case 'email':
      return text.toLowerCase();
    case 'sms':
      return text.replaceAll(/[\s().-]/g, '');
    case 'https':
      return text.replace(/^(https:\/\/)[^/@]*@/i, '$1');
    default:
      return kind satisfies never;
  }
}

/** What SNS does not send, and tells no publisher. */
function judgeSms(endpoint: string, number: string, { sandbox, optedOut }: SmsFound): readonly Judgement[] {
  return [judgeOptOut(endpoint, optedOut), judgeSandbox(endpoint, number, sandbox)];
}

function judgeOptOut(endpoint: string, optedOut: SmsFound['optedOut']): Judgement {
  if (optedOut === undefined) return good();
  if (!optedOut.isKnown) return unknown(`whether ${endpoint} takes text messages is not known: ${optedOut.why}`);
  const message = `${endpoint} gets no text message: whoever has the telephone answered STOP to SNS once. Opt it in again in the SNS console, under text messaging, which AWS lets you do once in 30 days.`;
  return optedOut.value ? deaf('opted-out', message) : good();
}

function judgeSandbox(endpoint: string, number: string, sandbox: SmsFound['sandbox']): Judgement {
  if (!sandbox.isKnown) return unknown(`whether the account is in the SMS sandbox is not known: ${sandbox.why}`);
  const { isIn, verified } = sandbox.value;
  if (!isIn || verified.some((one) => isSame('sms', one, number))) return good();
  const message = `${endpoint} gets no text message: the account is in the SMS sandbox, and the number is not verified there. Verify it in the SNS console, or ask there to leave the sandbox.`;
  return deaf('sms-sandbox', message);
}

/** Amazon Q subscribes by itself, and confirms; whether it shows what it gets, it tells nobody. */
export function judgeAmazonQ(endpoint: string, { subscriptions }: AmazonQFound): Judgement {
  if (isGone(subscriptions)) return deaf('topic-gone', `The topic of ${endpoint} is not there any more. Deploy again.`);
  if (!subscriptions.isKnown)
    return unknown(`who listens to the topic of ${endpoint} is not known: ${subscriptions.why}`);
  const isHeard = subscriptions.value.some(({ protocol, state }) => protocol === 'https' && state === 'confirmed');
  if (isHeard) return good('whether Amazon Q shows what it gets, it tells nobody');
  const message = `Amazon Q does not listen to the topic of ${endpoint}: what is sent there reaches nobody. Authorize the workspace in the console of Amazon Q Developer in chat applications, and deploy again.`;
  return deaf('nobody-listens', message);
}
