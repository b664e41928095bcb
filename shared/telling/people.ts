import type { SNSClient } from '@aws-sdk/client-sns';
import type { Speaker } from '../core/bus-event.ts';
import type { Configuration } from '../core/configuration.ts';
import type { CallScope } from '../run/call-scope.ts';
import { noticeOf } from './notice.ts';
import { notify } from './notify.ts';

/** What a run tells people: the rest of a notice is the same in all that it tells. */
export type Said = Parameters<typeof noticeOf>[3];

/**
 * The people of one cluster, by its topics.
 *
 * @returns tells one topic; it throws DependencyError naming `sns:Publish`
 */
export const openPeople =
  (client: SNSClient, calls: CallScope, speaker: Speaker, { contacts }: Pick<Configuration, 'contacts'>) =>
  async (topicArn: string, atMs: number, said: Said): Promise<void> => {
    await notify(client, calls, topicArn, noticeOf(speaker, contacts, atMs, said));
  };
