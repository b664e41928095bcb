import type { SNSClient } from '@aws-sdk/client-sns';
import type { Speaker } from '../core/bus-event.ts';
import type { Configuration, NotificationTopic } from '../core/configuration.ts';
import { DependencyError } from '../core/errors.ts';
import type { CallScope } from '../run/call-scope.ts';
import { noticeOf } from './notice.ts';
import { notify } from './notify.ts';

/**
 * One word to people: what happened, how bad it is, about whom (each finding's subject, with its numbers), and where they
 * hear it. Cluster, procedure and run are the speaker's.
 *
 * @property key the same for each repeat of this word, and for no other: who was told twice after a crash can see it. At most
 *   255 characters of ASCII, as pagers take it
 */
export type Word<Topic extends NotificationTopic = NotificationTopic> = Parameters<typeof noticeOf>[3] & {
  readonly topic: Topic;
  readonly atMs: number;
  readonly key: string;
};

/** Whether the word was taken by SNS, which is not yet whether anybody read it; or why not. */
export type Told =
  | { readonly isTaken: true; readonly messageId: string }
  | { readonly isTaken: false; readonly error: DependencyError };

export type Tell<Topic extends NotificationTopic = NotificationTopic> = (word: Word<Topic>) => Promise<Told>;

/** Longer keys are cut: what comes first in one of ours tells more than what comes last. */
const keyCharacters = 255;

/**
 * The one way in which a procedure's words reach people.
 *
 * @param arnByTopic the topics that the speaker's role may publish to
 */
export const openTell =
  <Topic extends NotificationTopic>(
    client: SNSClient,
    calls: CallScope,
    speaker: Speaker,
    { contacts }: Pick<Configuration, 'contacts'>,
    arnByTopic: Readonly<Record<Topic, string>>,
  ): Tell<Topic> =>
  async ({ topic, atMs, key, ...said }) => {
    const notice = noticeOf(speaker, contacts, atMs, { ...said, key: key.slice(0, keyCharacters) });
    try {
      const { messageId } = await notify(client, calls, arnByTopic[topic], notice);
      return { isTaken: true, messageId };
    } catch (error) {
      if (error instanceof DependencyError) return { isTaken: false, error };
      throw error;
    }
  };

/** For whoever tries again by an error: a durable step, an event that comes again. @throws DependencyError why it was not taken */
export const requireTaken = (told: Told): void => {
  if (!told.isTaken) throw told.error;
};
