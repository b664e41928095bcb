import { type ChannelEndpoint, type NotificationTopic, notificationTopics } from '../../shared/core/configuration.ts';
import { topicDisplayName } from '../../shared/core/topic-display-name.ts';
import {
  alarmPrefixOf,
  prefixOf,
  roleLogicalId,
  type StackContext,
  selfTopicLogicalId,
  topicKeyLogicalId,
  topicLogicalId,
  topicNameOf,
} from '../../shared/deployment/names.ts';
import { logicalIdOf } from '../../shared/deployment/names-of-parts.ts';
import { ownKeyOf } from '../../shared/deployment/own-keys.ts';
import { mergeResources, resourcesOf } from '../../shared/deployment/resources.ts';
import {
  type Denial,
  denyWithoutTls,
  getAtt,
  type Json,
  type JsonObject,
  policyDocument,
  publishedByThese,
  type Resource,
  type Resources,
  ref,
  type Statement,
} from '../../shared/deployment/template.ts';
import { closedTopic } from './closed.ts';
import { publishedByAlarms, selfTopicResources } from './self-topics.ts';

/**
 * CloudWatch cannot publish to a topic under the managed key `alias/aws/sns`, whose policy nobody can change: the alarms
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
      {
        Sid: 'UsedByCloudWatchAlarms',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': context.cluster.accountId } },
      },
    ]),
  },
});

const topicPolicy = (context: StackContext, topic: NotificationTopic): Resource => {
  const topicArn = ref(topicLogicalId(topic));
  const writers = context.functions
    .filter(({ calls }) => Object.hasOwn(calls, `sns:Publish ${topic}`))
    .map(({ slug }) => getAtt(roleLogicalId(slug), 'Arn'));
  const statements: (Denial | Statement)[] = [
    publishedByAlarms(context, 'AlarmsOfThisStack', topicArn, alarmPrefixOf(context)),
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

/** What SNS can deliver by itself. Slack and the telephone need a message of their own making, which is incident's work. */
const protocolByKind = {
  email: 'email',
  sms: 'sms',
  https: 'https',
  pagerduty: 'https',
  slack: undefined,
  phone: undefined,
} as const satisfies Record<ChannelEndpoint['kind'], string | undefined>;

/** CloudFormation reads the value when it deploys: the template holds the name only. */
const addressOf = (endpoint: ChannelEndpoint): Json =>
  'parameter' in endpoint
    ? `{{resolve:ssm:${endpoint.parameter}}}`
    : `{{resolve:secretsmanager:${endpoint.secret}:SecretString}}`;

/** The names of the endpoints to which SNS itself delivers what a topic gets. */
export const subscribedEndpointsOf = ({ configuration }: StackContext, topic: NotificationTopic): readonly string[] =>
  configuration.channels.byTopic[topic].filter((name) => {
    const endpoint = configuration.channels.endpoints[name];
    return endpoint !== undefined && protocolByKind[endpoint.kind] !== undefined;
  });

/** Endpoints are named by users: `ops-2` and `ops2` are two. An id that changed would ask its address to confirm anew. */
const subscriptionIdOf = (topic: string, endpoint: string): string =>
  `${logicalIdOf('To', topic)}${logicalIdOf('', endpoint)}`;

/** @param to where the topic's people are subscribed: the topic itself, or one of mskeeper's own */
const subscriptionsOf = (
  { configuration }: StackContext,
  topic: NotificationTopic,
  to: { readonly name: string; readonly logicalId: string } = { name: topic, logicalId: topicLogicalId(topic) },
): Resources =>
  resourcesOf(
    configuration.channels.byTopic[topic].flatMap((name) => {
      const endpoint = configuration.channels.endpoints[name];
      const protocol = endpoint === undefined ? undefined : protocolByKind[endpoint.kind];
      if (endpoint === undefined || protocol === undefined) return [];
      const Properties: JsonObject = {
        TopicArn: ref(to.logicalId),
        Protocol: protocol,
        Endpoint: addressOf(endpoint),
      };
      return [[subscriptionIdOf(to.name, name), { Type: 'AWS::SNS::Subscription', Properties }] as const];
    }),
  );

/** The four notification topics, encrypted by the user's key or by one of the stack's own, with policies that name their writers, mskeeper's own, and subscriptions by reference. */
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
    selfTopicResources(context, (topic) =>
      subscriptionsOf(context, topic, { name: `self-${topic}`, logicalId: selfTopicLogicalId(topic) }),
    ),
  );
};

/** Endpoints that a topic names and SNS cannot reach by itself, for the person who packages. */
export const channelsWithoutSubscription = ({ configuration }: StackContext): readonly string[] =>
  notificationTopics.flatMap((topic) =>
    configuration.channels.byTopic[topic].flatMap((name) => {
      const endpoint = configuration.channels.endpoints[name];
      if (endpoint === undefined) return [`${topic}: no endpoint "${name}"`];
      return protocolByKind[endpoint.kind] === undefined
        ? [`${topic}: SNS does not speak to "${name}" (${endpoint.kind}) by itself`]
        : [];
    }),
  );
