import type { ChannelEndpoint } from '../../../../../shared/core/configuration.ts';

/** Why an endpoint is not as it should be, as a finding's reason. */
export type ChannelReason =
  | 'secret-unreadable'
  | 'token-refused'
  | 'scope-missing'
  | 'channel-closed'
  | 'topic-gone'
  | 'not-subscribed'
  | 'not-confirmed'
  | 'opted-out'
  | 'sms-sandbox'
  | 'nobody-listens';

/**
 * What a look makes of one endpoint.
 *
 * @property isDeaf what is sent there does not arrive; else it arrives, and something beside it is wrong
 * @property note what a look cannot prove of a good one
 * @property why nobody knows: it ends no finding, and is none
 */
export type Judgement =
  | { readonly state: 'broken'; readonly reason: ChannelReason; readonly message: string; readonly isDeaf: boolean }
  | { readonly state: 'unknown'; readonly why: string }
  | { readonly state: 'good'; readonly note?: string };

export type Judged = { readonly endpoint: string; readonly kind: ChannelEndpoint['kind'] } & Judgement;

export const good = (note?: string): Judgement => ({ state: 'good', ...(note !== undefined && { note }) });
export const unknown = (why: string): Judgement => ({ state: 'unknown', why });
/** What is sent there does not arrive. */
export const deaf = (reason: ChannelReason, message: string): Judgement => ({
  state: 'broken',
  reason,
  message,
  isDeaf: true,
});
/** What is sent there arrives. */
export const lame = (reason: ChannelReason, message: string): Judgement => ({
  state: 'broken',
  reason,
  message,
  isDeaf: false,
});

/** Of several judgements of one endpoint the first that is worst: what is broken, then what nobody knows; else all that is noted. */
export function worstOf(judgements: readonly Judgement[]): Judgement {
  const worst =
    judgements.find((one) => one.state === 'broken' && one.isDeaf) ??
    judgements.find(({ state }) => state === 'broken') ??
    judgements.find(({ state }) => state === 'unknown');
  if (worst !== undefined) return worst;
  const notes = judgements.flatMap((one) => (one.state === 'good' ? (one.note ?? []) : []));
  return good(notes.length === 0 ? undefined : notes.join('; '));
}
