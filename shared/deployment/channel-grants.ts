import { type AmazonQEndpoint, type Kept, notificationTopics, selfTopics } from '../core/configuration.ts';
import { isOfSns } from '../core/reached.ts';
import { type NamedGrant, secretArnOf } from './kafka-grants.ts';
import {
  amazonQTopicLogicalId,
  arnOf,
  parameterArnOf,
  type StackContext,
  selfTopicLogicalId,
  topicLogicalId,
} from './names.ts';
import type { Grant } from './operation.ts';
import { viaServicesOf } from './own-keys.ts';
import { ref } from './template.ts';

/** Where the secrets of those channels are kept that mskeeper speaks to itself. */
const keptOf = ({ configuration: { channels } }: StackContext): readonly Kept[] =>
  Object.values(channels.endpoints).flatMap((endpoint) =>
    endpoint.kind === 'pagerduty' || endpoint.kind === 'phone' || endpoint.kind === 'slack' ? [endpoint] : [],
  );

/** Every endpoint of Amazon Q, by name: its topic is there before somebody names it. */
export const amazonQEndpointsOf = ({
  configuration: { channels },
}: StackContext): readonly (readonly [string, AmazonQEndpoint])[] =>
  Object.entries(channels.endpoints).flatMap(([name, endpoint]) =>
    endpoint.kind === 'amazon-q' ? [[name, endpoint] as const] : [],
  );

/** Where SNS's addresses are kept: CloudFormation hands them on, and a look compares them with who is subscribed. */
const addressesOf = ({ configuration: { channels } }: StackContext): readonly Kept[] =>
  Object.values(channels.endpoints).flatMap((endpoint) => (isOfSns(endpoint) ? [endpoint] : []));

/** Reading secrets, each by its name, and decrypting them by whatever key a user gave them. @param what of the statements' names */
const secretGrants = (context: StackContext, what: string, kept: readonly Kept[]): readonly NamedGrant[] => {
  const arns = [...new Set(kept.flatMap((one) => ('secret' in one ? secretArnOf(context, one.secret) : [])))];
  if (arns.length === 0) return [];
  return [
    { sid: `Read${what}Secrets`, actions: ['secretsmanager:GetSecretValue'], resources: arns },
    {
      sid: `Decrypt${what}Secrets`,
      actions: ['kms:Decrypt'],
      resources: [arnOf(context, 'kms', 'key/*')],
      condition: {
        StringEquals: { 'kms:ViaService': viaServicesOf('secretsmanager', context.cluster.region) },
        StringLike: { 'kms:EncryptionContext:SecretARN': arns },
      },
    },
  ];
};

const parametersOf = (kept: readonly Kept[]): readonly string[] =>
  kept.flatMap((one) => ('parameter' in one ? one.parameter : []));

/** Reading the channels' secrets. */
export const channelSecretGrants = (context: StackContext): readonly NamedGrant[] =>
  secretGrants(context, 'Channel', keptOf(context));

/** The same of what is kept in Parameter Store, the outside watcher's address among it. */
export const channelParameterGrants = (context: StackContext): readonly NamedGrant[] => {
  const { heartbeat } = context.configuration.channels;
  const watcher = heartbeat === undefined ? [] : [heartbeat.parameter];
  const names = [...parametersOf(keptOf(context)), ...watcher];
  const arns = [...new Set(names.map((name) => parameterArnOf(context, name)))];
  if (arns.length === 0) return [];
  return [
    { sid: 'ReadChannelParameters', actions: ['ssm:GetParameter'], resources: arns },
    {
      sid: 'DecryptChannelParameters',
      actions: ['kms:Decrypt'],
      resources: [arnOf(context, 'kms', 'key/*')],
      condition: {
        StringEquals: { 'kms:ViaService': viaServicesOf('ssm', context.cluster.region) },
        StringLike: { 'kms:EncryptionContext:PARAMETER_ARN': arns },
      },
    },
  ];
};

/** Reading addresses that SNS delivers to, where they are secrets. */
export const addressSecretGrants = (context: StackContext): readonly NamedGrant[] =>
  secretGrants(context, 'Address', addressesOf(context));

/** The same where they are parameters: plain ones, since CloudFormation reads no other for SNS. */
export const addressParameterGrants = (context: StackContext): readonly NamedGrant[] => {
  const arns = [...new Set(parametersOf(addressesOf(context)).map((name) => parameterArnOf(context, name)))];
  return arns.length === 0 ? [] : [{ sid: 'ReadAddressParameters', actions: ['ssm:GetParameter'], resources: arns }];
};

/** What IAM lets nobody narrow, for who has an endpoint that SNS sends text messages to. */
export const smsGrants = (context: StackContext, action: string): readonly NamedGrant[] => {
  const hasSms = Object.values(context.configuration.channels.endpoints).some(({ kind }) => kind === 'sms');
  return hasSms ? [{ sid: 'SeeWhetherTextsArrive', actions: [action], resources: ['*'] }] : [];
};

/** Seeing who listens to the topics of people: those of the severities, of mskeeper itself and of Amazon Q. */
export const subscriptionGrants = (context: StackContext): readonly Grant[] => {
  if (!Object.values(context.configuration.channels.endpoints).some((one) => isOfSns(one) || one.kind === 'amazon-q'))
    return [];
  const resources = [
    ...notificationTopics.map((topic) => ref(topicLogicalId(topic))),
    ...selfTopics.map((topic) => ref(selfTopicLogicalId(topic))),
    ...amazonQEndpointsOf(context).map(([name]) => ref(amazonQTopicLogicalId(name))),
  ];
  return [{ sid: 'SeeWhoListens', actions: ['sns:ListSubscriptionsByTopic'], resources }];
};
