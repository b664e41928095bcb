import { type AmazonQEndpoint, selfTopics } from '../../shared/core/configuration.ts';
import { amazonQEndpointsOf } from '../../shared/deployment/channel-grants.ts';
import {
  amazonQConfigurationNameOf,
  amazonQTopicLogicalId,
  amazonQTopicNameOf,
  prefixOf,
  roleLogicalId,
  roleNameOf,
  type StackContext,
  selfTopicLogicalId,
} from '../../shared/deployment/names.ts';
import { logicalIdOf } from '../../shared/deployment/names-of-parts.ts';
import { mergeResources } from '../../shared/deployment/resources.ts';
import {
  type Denial,
  denyWithoutTls,
  getAtt,
  type Json,
  policyDocument,
  publishedByThese,
  type Resource,
  type Resources,
  ref,
  type Statement,
} from '../../shared/deployment/template.ts';
import { closedTopic } from './closed.ts';

const amazonQRoleLogicalId = logicalIdOf('Role', 'amazon-q');

/** What Amazon Q works with where somebody in the channel asks it for something: nothing is granted to it. */
const role = (context: StackContext): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: roleNameOf(context, 'amazon-q'),
    Description: `${prefixOf(context)}: Amazon Q shows messages in its channels, and may nothing`,
    AssumeRolePolicyDocument: policyDocument([
      {
        Sid: 'AmazonQ',
        Effect: 'Allow',
        Principal: { Service: 'chatbot.amazonaws.com' },
        Action: ['sts:AssumeRole'],
      },
    ]),
  },
});

/** Amazon Q takes one form of message alone and subscribes by https, so nobody else may be on its topic: it is its own. */
const topicPolicy = (context: StackContext, endpoint: string): Resource => {
  const topicArn = ref(amazonQTopicLogicalId(endpoint));
  const writers = context.functions
    .filter(({ calls }) => Object.hasOwn(calls, 'sns:Publish amazon-q'))
    .map(({ slug }) => getAtt(roleLogicalId(slug), 'Arn'));
  const statements: readonly (Denial | Statement)[] = [
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

/**
 * One channel with its topic. An alarm's own words Amazon Q shows as they come, so the channel also hears what CloudWatch says of
 * mskeeper itself, at the severities that name it. Without guardrails Amazon Q would take AdministratorAccess for one.
 */
const channel = (
  context: StackContext,
  [name, { workspace, channel: channelId }]: readonly [string, AmazonQEndpoint],
  KmsMasterKeyId: Json,
): Resources => {
  const topic = amazonQTopicLogicalId(name);
  const { byTopic } = context.configuration.channels;
  return {
    [topic]: {
      Type: 'AWS::SNS::Topic',
      Properties: {
        TopicName: amazonQTopicNameOf(context, name),
        DisplayName: `mskeeper ${context.clusterKey} ${name}`,
        KmsMasterKeyId,
      },
    },
    [`${topic}Policy`]: topicPolicy(context, name),
    [logicalIdOf('AmazonQChannel', name)]: {
      Type: 'AWS::Chatbot::SlackChannelConfiguration',
      Properties: {
        ConfigurationName: amazonQConfigurationNameOf(context, name),
        SlackWorkspaceId: workspace,
        SlackChannelId: channelId,
        IamRoleArn: getAtt(amazonQRoleLogicalId, 'Arn'),
        GuardrailPolicies: [`arn:${context.partition}:iam::aws:policy/AWSDenyAll`],
        LoggingLevel: 'ERROR',
        SnsTopicArns: [
          ref(topic),
          ...selfTopics.filter((one) => byTopic[one].includes(name)).map((one) => ref(selfTopicLogicalId(one))),
        ],
      },
    },
  };
};

/** Slack through Amazon Q: for each endpoint a topic of its own and the channel's configuration, and one role for them all. */
export const amazonQResources = (context: StackContext, KmsMasterKeyId: Json): Resources => {
  const endpoints = amazonQEndpointsOf(context);
  return endpoints.length === 0
    ? {}
    : mergeResources(
        { [amazonQRoleLogicalId]: role(context) },
        ...endpoints.map((one) => channel(context, one, KmsMasterKeyId)),
      );
};
