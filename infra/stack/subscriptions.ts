import {
  type ChannelEndpoint,
  type NotificationTopic,
  notificationTopics,
  type SelfTopic,
  type SnsEndpoint,
} from '../../shared/core/configuration.ts';
import { hearingOfUs, isOfSns, reachedBy } from '../../shared/core/reached.ts';
import { type StackContext, selfTopicLogicalId, topicLogicalId } from '../../shared/deployment/names.ts';
import { logicalIdOf } from '../../shared/deployment/names-of-parts.ts';
import { resourcesOf } from '../../shared/deployment/resources.ts';
import { tellerOf } from '../../shared/deployment/teller.ts';
import { type Json, type JsonObject, type Resources, ref } from '../../shared/deployment/template.ts';

/** CloudFormation reads the value when it deploys: the template holds the name only. */
const addressOf = (endpoint: SnsEndpoint): Json =>
  'parameter' in endpoint
    ? `{{resolve:ssm:${endpoint.parameter}}}`
    : `{{resolve:secretsmanager:${endpoint.secret}:SecretString}}`;

const endpointOf = ({ configuration }: StackContext, name: string): ChannelEndpoint | undefined => {
  const { endpoints } = configuration.channels;
  return Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
};

type Subscribed = { readonly name: string; readonly endpoint: SnsEndpoint };

const ofSns = (context: StackContext, names: readonly string[]): readonly Subscribed[] =>
  names.flatMap((name) => {
    const endpoint = endpointOf(context, name);
    return endpoint !== undefined && isOfSns(endpoint) ? [{ name, endpoint }] : [];
  });

/** The endpoints that SNS subscribes to a topic: those that it lists, and those that rungs call while a fault is so severe. */
export const subscribedTo = (context: StackContext, topic: NotificationTopic): readonly Subscribed[] =>
  ofSns(context, reachedBy(topic, context.configuration));

/** The endpoints that hear what CloudWatch says of mskeeper itself: who is paged at that severity, or stands in, and nobody that a rung calls. */
export const subscribedToSelf = (context: StackContext, topic: SelfTopic): readonly Subscribed[] =>
  ofSns(context, hearingOfUs(topic, context.configuration.channels));

/**
 * Whether everybody who publishes to the topics of people says for whom: the function that tells people does. Where there is none
 * the alarms and the procedures speak to all, and a filter would keep every word of theirs from everybody.
 */
export const isToldByName = (context: StackContext): boolean => tellerOf(context) !== undefined;

/** SNS hands on what names this endpoint in the message's attribute `endpoint`, a list (String.Array). */
const filterOf = (name: string): JsonObject => ({
  FilterPolicyScope: 'MessageAttributes',
  FilterPolicy: { endpoint: [name] },
});

/**
 * Called after where the address is kept: an endpoint that is given another name changes the filter of the subscription that is
 * there. Under an id of its own CloudFormation would subscribe the address a second time before it takes the first away. SNS refuses
 * that where the filter differs ("Subscription already exists with different attributes"), and answers with the one that is there
 * where nothing does, which is then taken away.
 */
const subscription = (
  to: { readonly name: string; readonly logicalId: string },
  endpoint: SnsEndpoint,
  more: JsonObject,
) => {
  const kept = 'parameter' in endpoint ? ['parameter', endpoint.parameter] : ['secret', endpoint.secret];
  const Properties: JsonObject = {
    TopicArn: ref(to.logicalId),
    Protocol: endpoint.kind,
    Endpoint: addressOf(endpoint),
    ...more,
  };
  return [logicalIdOf('To', to.name, endpoint.kind, ...kept), { Type: 'AWS::SNS::Subscription', Properties }] as const;
};

/** Who hears by a topic of people, each what is said to him. */
export const subscriptionsOf = (context: StackContext, topic: NotificationTopic): Resources =>
  resourcesOf(
    subscribedTo(context, topic).map(({ name, endpoint }) =>
      subscription(
        { name: topic, logicalId: topicLogicalId(topic) },
        endpoint,
        isToldByName(context) ? filterOf(name) : {},
      ),
    ),
  );

/** Who hears by a topic of mskeeper's own: everything, since CloudWatch publishes there, which names nobody. */
export const selfSubscriptionsOf = (context: StackContext, topic: SelfTopic): Resources =>
  resourcesOf(
    subscribedToSelf(context, topic).map(({ endpoint }) =>
      subscription({ name: `self-${topic}`, logicalId: selfTopicLogicalId(topic) }, endpoint, {}),
    ),
  );

/**
 * Endpoints that a topic or a rung names and nothing reaches, for the person who packages: names of none, and, where no function
 * tells people, those that SNS does not speak to by itself.
 */
export const channelsThatNothingReaches = (context: StackContext): readonly string[] =>
  notificationTopics.flatMap((topic) =>
    reachedBy(topic, context.configuration).flatMap((name) => {
      const endpoint = endpointOf(context, name);
      if (endpoint === undefined) return [`${topic}: no endpoint "${name}"`];
      return isToldByName(context) || isOfSns(endpoint) || endpoint.kind === 'amazon-q'
        ? []
        : [`${topic}: SNS does not speak to "${name}" (${endpoint.kind}) by itself`];
    }),
  );
