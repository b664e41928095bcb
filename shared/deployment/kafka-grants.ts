import { arnOf, type StackContext } from './names.ts';
import { viaServicesOf } from './own-keys.ts';

export type NamedGrant = {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };
};

/**
 * A secret is named by its ARN or by its name; Secrets Manager puts six characters behind a name. It takes an ARN without them,
 * too, and IAM does not.
 */
export const secretArnOf = (context: StackContext, secretId: string): string => {
  const arn = secretId.startsWith('arn:') ? secretId : arnOf(context, 'secretsmanager', `secret:${secretId}`);
  const isComplete = arn === secretId && /-[A-Za-z0-9]{6}$/.test(arn);
  return isComplete ? arn : `${arn}-??????`;
};

/**
 * The one secret of a cluster that authenticates by SCRAM or mTLS; nothing for others. MSK wants SCRAM secrets under a key
 * of the user's, which mskeeper.yml does not name: any key, but for this secret only.
 */
export const secretGrants = (context: StackContext): readonly NamedGrant[] => {
  const { authentication, region } = context.cluster;
  if (authentication.kind !== 'scram' && authentication.kind !== 'mtls') return [];
  const secretArn = secretArnOf(context, authentication.secretId);
  return [
    { sid: 'ReadTheSecret', actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] },
    {
      sid: 'DecryptTheSecret',
      actions: ['kms:Decrypt'],
      resources: [arnOf(context, 'kms', 'key/*')],
      condition: {
        StringEquals: { 'kms:ViaService': viaServicesOf('secretsmanager', region) },
        StringLike: { 'kms:EncryptionContext:SecretARN': secretArn },
      },
    },
  ];
};

/** Reading by IAM, where the cluster authenticates so. Topics and groups of this very cluster: MSK's ARNs for them carry its name and id. */
export const kafkaClusterGrants = ({ cluster }: StackContext): readonly NamedGrant[] => {
  if (cluster.authentication.kind !== 'iam') return [];
  const inCluster = (kind: string): string => `${cluster.arn.replace(':cluster/', `:${kind}/`)}/*`;
  return [
    {
      sid: 'ReadTheCluster',
      actions: [
        'kafka-cluster:Connect',
        'kafka-cluster:DescribeCluster',
        'kafka-cluster:DescribeClusterDynamicConfiguration',
      ],
      resources: [cluster.arn],
    },
    {
      sid: 'ReadTopics',
      actions: ['kafka-cluster:DescribeTopic', 'kafka-cluster:DescribeTopicDynamicConfiguration'],
      resources: [inCluster('topic')],
    },
    { sid: 'ReadGroups', actions: ['kafka-cluster:DescribeGroup'], resources: [inCluster('group')] },
  ];
};
