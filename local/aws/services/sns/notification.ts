import type { MessageAttributes } from './filter-policy.ts';

/** What SNS sends; `Subject` only when there is one. */
export type Notification = {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: MessageAttributes;
  readonly atMs: number;
};

/** The envelope that queues and HTTPS endpoints get. Source: SNS Developer Guide, "HTTP/HTTPS notification JSON format". */
export function notificationJson(notification: Notification): string {
  const MessageAttributes = attributesOf(notification);
  const hasSome = Object.keys(MessageAttributes).length > 0;
  return JSON.stringify({ Type: 'Notification', ...common(notification), ...(hasSome && { MessageAttributes }) });
}

/** The event that a Lambda function gets. Source: Lambda Developer Guide, "Invoking Lambda functions with SNS". */
export function lambdaEvent(notification: Notification, subscriptionArn: string): string {
  const { SigningCertURL, UnsubscribeURL, ...rest } = common(notification);
  const sns = {
    Type: 'Notification',
    ...rest,
    Subject: notification.subject ?? null,
    MessageAttributes: attributesOf(notification),
    SigningCertUrl: SigningCertURL,
    UnsubscribeUrl: UnsubscribeURL,
  };
  return JSON.stringify({
    Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscriptionArn, Sns: sns }],
  });
}

function common(notification: Notification) {
  return {
    MessageId: notification.messageId,
    TopicArn: notification.topicArn,
    ...(notification.subject !== undefined && { Subject: notification.subject }),
    Message: notification.message,
    Timestamp: new Date(notification.atMs).toISOString(),
    SignatureVersion: '1',
    Signature: 'unsigned-by-the-local-world',
    SigningCertURL: 'https://sns.local.invalid/certificate.pem',
    UnsubscribeURL: 'https://sns.local.invalid/unsubscribe',
  };
}

const attributesOf = ({ attributes }: Notification) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, stringValue }]) => [
      name,
      { Type: dataType, Value: stringValue },
    ]),
  );
