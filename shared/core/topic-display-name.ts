import type { NotificationTopic } from './configuration.ts';

/** Who a message of a topic is from: the sender of its mails, and what SNS writes before its text messages. */
export const topicDisplayName = (clusterKey: string, topic: NotificationTopic): string =>
  `mskeeper ${clusterKey} ${topic}`;
