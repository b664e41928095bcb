import { AwsError, type OperationHandler } from '../../service.ts';

type Named = { readonly TopicArn?: string; readonly ResourceArn?: string; readonly SubscriptionArn?: string };

const notServed = (operation: string) => (): never => {
  throw new AwsError('NotImplemented', 501, `The local world does not serve sns:${operation}.`);
};

/** A subscription's ARN is its topic's with an id behind it; SNS judges by the topic. */
const topicOf = ({ TopicArn, ResourceArn, SubscriptionArn = '' }: Named): string =>
  TopicArn ?? ResourceArn ?? SubscriptionArn.split(':').slice(0, 6).join(':');

/**
 * What a stranger might try with a topic: judged as on AWS, and then not served. A test of what is closed needs the judgement
 * alone. Source: Service Authorization Reference, Amazon SNS.
 */
export const judgedAlone: Readonly<Record<string, OperationHandler>> = Object.fromEntries(
  [
    'AddPermission',
    'DeleteTopic',
    'PutDataProtectionPolicy',
    'RemovePermission',
    'SetSubscriptionAttributes',
    'SetTopicAttributes',
    'Subscribe',
    'Unsubscribe',
  ].map((operation): [string, OperationHandler<Named>] => [
    operation,
    {
      authorize: (input) => [{ action: `sns:${operation}`, resource: topicOf(input) }],
      run: notServed(operation),
    },
  ]),
);
