import { type SelfTopic, selfTopics } from '../../shared/core/configuration.ts';
import {
  alarmOwnerPrefixOf,
  arnOf,
  type StackContext,
  selfTopicLogicalId,
  selfTopicNameOf,
} from '../../shared/deployment/names.ts';
import { mergeResources } from '../../shared/deployment/resources.ts';
import {
  denyWithoutTls,
  type Json,
  policyDocument,
  publishedByThese,
  type Resource,
  type Resources,
  ref,
  type Statement,
} from '../../shared/deployment/template.ts';
import { closedTopic } from './closed.ts';

/** CloudWatch may publish what alarms of this stack say whose names begin so. */
export const publishedByAlarms = (
  context: StackContext,
  Sid: string,
  topicArn: Json,
  alarmPrefix: string,
): Statement => ({
  Sid,
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Action: ['sns:Publish'],
  Resource: topicArn,
  Condition: {
    StringEquals: { 'aws:SourceAccount': context.cluster.accountId },
    ArnLike: { 'aws:SourceArn': arnOf(context, 'cloudwatch', `alarm:${alarmPrefix}*`) },
  },
});

const topicPolicy = (context: StackContext, topic: SelfTopic): Resource => {
  const topicArn = ref(selfTopicLogicalId(topic));
  return {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [topicArn],
      PolicyDocument: policyDocument([
        publishedByAlarms(context, 'AlarmsOnMskeeperItself', topicArn, alarmOwnerPrefixOf(context, 'self')),
        publishedByThese(topicArn, []),
        ...closedTopic(context, topicArn),
        denyWithoutTls('sns:Publish', topicArn),
      ]),
    },
  };
};

/**
 * Topics of the alarms on mskeeper itself, under no key of a customer's: where the key of the other topics is disabled, denied
 * or deleted, nothing that goes through it can say so. What they carry is names of alarms, functions and queues.
 *
 * @param subscribe the same people as hear of the cluster's alarms of that severity
 */
export const selfTopicResources = (context: StackContext, subscribe: (topic: SelfTopic) => Resources): Resources =>
  mergeResources(
    ...selfTopics.flatMap((topic) => [
      {
        [selfTopicLogicalId(topic)]: {
          Type: 'AWS::SNS::Topic',
          Properties: {
            TopicName: selfTopicNameOf(context, topic),
            DisplayName: `mskeeper ${context.clusterKey} itself ${topic}`,
          },
        } satisfies Resource,
        [`${selfTopicLogicalId(topic)}Policy`]: topicPolicy(context, topic),
      },
      subscribe(topic),
    ]),
  );
