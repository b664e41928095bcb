import { arnOf, type StackContext } from '../../shared/deployment/names.ts';
import { allow, type Statement } from '../../shared/deployment/template.ts';

/** A secret is named by its ARN or by its name; Secrets Manager puts six characters behind a name. */
const secretArnOf = (context: StackContext, secretId: string): string =>
  secretId.startsWith('arn:') ? secretId : arnOf(context, 'secretsmanager', `secret:${secretId}-??????`);

/** The one secret. MSK wants SCRAM secrets under a key of the user's, which mskeeper.yml does not name: any key, but for this secret only. */
const secret = (context: StackContext, secretId: string): readonly Statement[] => {
  const secretArn = secretArnOf(context, secretId);
  return [
    allow('ReadTheSecret', ['secretsmanager:GetSecretValue'], secretArn),
    {
      Sid: 'DecryptTheSecret',
      Effect: 'Allow',
      Action: ['kms:Decrypt'],
      Resource: arnOf(context, 'kms', 'key/*'),
      Condition: {
        StringEquals: { 'kms:ViaService': `secretsmanager.${context.cluster.region}.amazonaws.com` },
        StringLike: { 'kms:EncryptionContext:SecretARN': secretArn },
      },
    },
  ];
};

/** Reading by IAM. Topics and groups of this very cluster: MSK's ARNs for them carry its name and id. */
const kafkaClusterIam = ({ cluster }: StackContext): readonly Statement[] => {
  const inCluster = (kind: string): string => `${cluster.arn.replace(':cluster/', `:${kind}/`)}/*`;
  return [
    allow(
      'ReadTheCluster',
      ['kafka-cluster:Connect', 'kafka-cluster:DescribeCluster', 'kafka-cluster:DescribeClusterDynamicConfiguration'],
      cluster.arn,
    ),
    allow(
      'ReadTopics',
      ['kafka-cluster:DescribeTopic', 'kafka-cluster:DescribeTopicDynamicConfiguration'],
      inCluster('topic'),
    ),
    allow('ReadGroups', ['kafka-cluster:DescribeGroup'], inCluster('group')),
  ];
};

/** What kafka-read needs to speak to the brokers, by the cluster's way of authenticating. */
export const kafkaReadStatements = (context: StackContext): readonly Statement[] => {
  const { authentication } = context.cluster;
  switch (authentication.kind) {
    case 'iam':
      return kafkaClusterIam(context);
    case 'scram':
    case 'mtls':
      return secret(context, authentication.secretId);
    case 'tls':
    case 'plaintext':
      return [];
    default:
      return authentication satisfies never;
  }
};
