import { type NotificationTopic, notificationTopics } from '../../shared/core/configuration.ts';
import { topicDisplayName } from '../../shared/core/topic-display-name.ts';
import {
  alarmPrefixOf,
  prefixOf,
  roleLogicalId,
  type StackContext,
  topicKeyLogicalId,
  topicLogicalId,
  topicNameOf,
} from '../../shared/deployment/names.ts';
import { ownKeyOf } from '../../shared/deployment/own-keys.ts';
import { mergeResources } from '../../shared/deployment/resources.ts';
import { tellerOf } from '../../shared/deployment/teller.ts';
import {
  type Denial,
  denyWithoutTls,
  getAtt,
  policyDocument,
  publishedByThese,
  type Resource,
  type Resources,
  ref,
  type Statement,
} from '../../shared/deployment/template.ts';
import { amazonQResources } from './amazon-q.ts';
import { closedTopic } from './closed.ts';
import { publishedByAlarms, selfTopicResources } from './self-topics.ts';
import { selfSubscriptionsOf, subscriptionsOf } from './subscriptions.ts';

/** Once a procedure tells people, alarms speak by the topics of mskeeper itself alone, and only where it cannot. */
const doAlarmsSpeak = (context: StackContext): boolean => tellerOf(context) === undefined;

/**
 * CloudWatch cannot publish to a topic under the managed key `alias/aws/sns`, whose policy nobody can change: alarms that speak
 * need a key whose policy lets them in.
 */
const topicKey = (context: StackContext): Resource => ({
  Type: 'AWS::KMS::Key',
  DeletionPolicy: 'Delete',
  UpdateReplacePolicy: 'Delete',
  Properties: {
    Description: `Messages of ${prefixOf(context)}'s notification topics`,
    EnableKeyRotation: true,
    PendingWindowInDays: 7,
    KeyPolicy: policyDocument([
      {
        // Without it nobody could ever change or delete the key; identity policies still have to allow each use.
        Sid: 'AdministeredByTheAccount',
        Effect: 'Allow',
        Principal: { AWS: `arn:${context.partition}:iam::${context.cluster.accountId}:root` },
        Action: ['kms:*'],
        Resource: '*',
      },
      ...(doAlarmsSpeak(context)
        ? [
            {
              Sid: 'UsedByCloudWatchAlarms',
              Effect: 'Allow',
              Principal: { Service: 'cloudwatch.amazonaws.com' },
              Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
              Resource: '*',
              Condition: { StringEquals: { 'aws:SourceAccount': context.cluster.accountId } },
            } satisfies Statement,
          ]
        : []),
    ]),
  },
});

const topicPolicy = (context: StackContext, topic: NotificationTopic): Resource => {
  const topicArn = ref(topicLogicalId(topic));
  const writers = context.functions
    .filter(({ calls }) => Object.hasOwn(calls, `sns:Publish ${topic}`))
    .map(({ slug }) => getAtt(roleLogicalId(slug), 'Arn'));
  const statements: (Denial | Statement)[] = [
    ...(doAlarmsSpeak(context)
      ? [publishedByAlarms(context, 'AlarmsOfThisStack', topicArn, alarmPrefixOf(context))]
      : []),
    // A topic that no procedure speaks to has no writers to name.
    ...(writers.length === 0
      ? []
      : [
          {
            Sid: 'ProceduresOfThisStack',
            Effect: 'Allow',
            Principal: { AWS: writers },
            Action: ['sns:Publish'],
            Resource: topicArn,
          } satisfies Statement,
        ]),
    publishedByThese(topicArn, writers),
    ...closedTopic(context, topicArn),
    denyWithoutTls('sns:Publish', topicArn),
  ];
  return {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: { Topics: [topicArn], PolicyDocument: policyDocument(statements) },
  };
};

/** The notification topics and those of Amazon Q, encrypted by the user's key or by one of the stack's own, with policies that name their writers, mskeeper's own, and subscriptions by reference. */
export const channelResources = (context: StackContext): Resources => {
  const own = ownKeyOf(context, 'topics');
  const KmsMasterKeyId = own ?? getAtt(topicKeyLogicalId, 'Arn');
  return mergeResources(
    own === undefined ? { [topicKeyLogicalId]: topicKey(context) } : {},
    ...notificationTopics.flatMap((topic) => [
      {
        [topicLogicalId(topic)]: {
          Type: 'AWS::SNS::Topic',
          Properties: {
            TopicName: topicNameOf(context, topic),
            DisplayName: topicDisplayName(context.clusterKey, topic),
            KmsMasterKeyId,
          },
        },
        [`${topicLogicalId(topic)}Policy`]: topicPolicy(context, topic),
      },
      subscriptionsOf(context, topic),
    ]),
    amazonQResources(context, KmsMasterKeyId),
    selfTopicResources(context, (topic) => selfSubscriptionsOf(context, topic)),
  );
};
