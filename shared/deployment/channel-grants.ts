import type { AmazonQEndpoint, Kept } from '../core/configuration.ts';
import { type NamedGrant, secretArnOf } from './kafka-grants.ts';
import { arnOf, parameterArnOf, type StackContext } from './names.ts';
import { viaServicesOf } from './own-keys.ts';

/** Where the secrets of those channels are kept that mskeeper speaks to itself; SNS's addresses are CloudFormation's to read. */
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

/** Reading the channels' secrets, each by its name, and decrypting them by whatever key a user gave them. */
export const channelSecretGrants = (context: StackContext): readonly NamedGrant[] => {
  const arns = [
    ...new Set(keptOf(context).flatMap((kept) => ('secret' in kept ? secretArnOf(context, kept.secret) : []))),
  ];
  if (arns.length === 0) return [];
  return [
    { sid: 'ReadChannelSecrets', actions: ['secretsmanager:GetSecretValue'], resources: arns },
    {
      sid: 'DecryptChannelSecrets',
      actions: ['kms:Decrypt'],
      resources: [arnOf(context, 'kms', 'key/*')],
      condition: {
        StringEquals: { 'kms:ViaService': viaServicesOf('secretsmanager', context.cluster.region) },
        StringLike: { 'kms:EncryptionContext:SecretARN': arns },
      },
    },
  ];
};

/** The same of what is kept in Parameter Store, the outside watcher's address among it. */
export const channelParameterGrants = (context: StackContext): readonly NamedGrant[] => {
  const { heartbeat } = context.configuration.channels;
  const names = [
    ...keptOf(context).flatMap((kept) => ('parameter' in kept ? kept.parameter : [])),
    ...(heartbeat === undefined ? [] : [heartbeat.parameter]),
  ];
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
