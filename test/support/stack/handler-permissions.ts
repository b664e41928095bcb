/**
 * What CloudFormation's own handlers call in the deployer's name to make, change, read and delete a resource of each type of
 * ours: `handlers.*.permissions` of the types' schemas in CloudFormation's registry, as pulumi-aws-native kept them on
 * 2026-08-07 (`aws-cloudformation-schema/`). An action that is asked for one property's sake stands under that property, and is
 * wanted where a template has it.
 */
type HandlerPermissions = { readonly always: string; readonly by?: Readonly<Record<string, string>> };

export const handlerPermissions: Readonly<Record<string, HandlerPermissions>> = {
  'AWS::S3::Bucket': {
    always: `s3:CreateBucket s3:ListBucket s3:DeleteBucket s3:DeleteObject`,
    by: {
      Tags: `s3:PutBucketTagging s3:TagResource s3:UntagResource s3:GetBucketTagging s3:ListTagsForResource`,
      BucketEncryption: `s3:PutEncryptionConfiguration s3:GetEncryptionConfiguration`,
      LifecycleConfiguration: `s3:PutLifecycleConfiguration s3:GetLifecycleConfiguration`,
      PublicAccessBlockConfiguration: `s3:PutBucketPublicAccessBlock s3:GetBucketPublicAccessBlock`,
      VersioningConfiguration: `s3:PutBucketVersioning s3:GetBucketVersioning`,
      OwnershipControls: `s3:PutBucketOwnershipControls s3:GetBucketOwnershipControls`,
      LoggingConfiguration: `s3:PutBucketLogging s3:GetBucketLogging`,
      ObjectLockConfiguration: `s3:PutBucketObjectLockConfiguration s3:GetBucketObjectLockConfiguration`,
      AbacStatus: `s3:PutBucketAbac s3:GetBucketAbac`,
      AccelerateConfiguration: `s3:PutAccelerateConfiguration s3:GetAccelerateConfiguration`,
      AccessControl: `s3:PutBucketAcl s3:GetBucketAcl s3:PutObjectAcl`,
      AnalyticsConfigurations: `s3:PutAnalyticsConfiguration s3:GetAnalyticsConfiguration`,
      CorsConfiguration: `s3:PutBucketCORS s3:GetBucketCORS`,
      IntelligentTieringConfigurations: `s3:PutIntelligentTieringConfiguration s3:GetIntelligentTieringConfiguration`,
      InventoryConfigurations: `s3:PutInventoryConfiguration s3:GetInventoryConfiguration`,
      MetadataTableConfiguration: `s3:CreateBucketMetadataTableConfiguration s3:GetBucketMetadataTableConfiguration`,
      MetricsConfigurations: `s3:PutMetricsConfiguration s3:GetMetricsConfiguration`,
      NotificationConfiguration: `s3:PutBucketNotification s3:GetBucketNotification`,
      ReplicationConfiguration: `s3:PutReplicationConfiguration s3:GetReplicationConfiguration iam:PassRole`,
      WebsiteConfiguration: `s3:PutBucketWebsite s3:DeleteBucketWebsite s3:GetBucketWebsite`,
    },
  },
  'AWS::S3::BucketPolicy': { always: `s3:GetBucketPolicy s3:PutBucketPolicy s3:DeleteBucketPolicy` },
  'AWS::Lambda::Function': {
    always: `lambda:CreateFunction lambda:GetFunction lambda:UpdateFunctionConfiguration lambda:UpdateFunctionCode
      lambda:DeleteFunction lambda:PublishVersion lambda:TagResource lambda:UntagResource lambda:ListTags
      lambda:GetFunctionCodeSigningConfig lambda:GetFunctionRecursionConfig lambda:GetFunctionScalingConfig
      lambda:GetRuntimeManagementConfig iam:PassRole s3:GetObject`,
    by: {
      VpcConfig: `ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs ec2:DescribeNetworkInterfaces`,
      ReservedConcurrentExecutions: `lambda:PutFunctionConcurrency lambda:DeleteFunctionConcurrency`,
      KmsKeyArn: `kms:CreateGrant kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey`,
      S3ObjectVersion: `s3:GetObjectVersion`,
      FileSystemConfigs: `elasticfilesystem:DescribeMountTargets s3files:ListMountTargets`,
      CodeSigningConfigArn: `lambda:GetCodeSigningConfig lambda:PutFunctionCodeSigningConfig lambda:DeleteFunctionCodeSigningConfig`,
      Layers: `lambda:GetLayerVersion`,
      RuntimeManagementConfig: `lambda:PutRuntimeManagementConfig`,
      RecursiveLoop: `lambda:PutFunctionRecursionConfig`,
      FunctionScalingConfig: `lambda:PutFunctionScalingConfig`,
      CapacityProviderConfig: `lambda:PassCapacityProvider`,
    },
  },
  'AWS::Lambda::Permission': { always: `lambda:AddPermission lambda:RemovePermission lambda:GetPolicy` },
  'AWS::Lambda::EventInvokeConfig': {
    always: `lambda:PutFunctionEventInvokeConfig lambda:GetFunctionEventInvokeConfig lambda:UpdateFunctionEventInvokeConfig
      lambda:DeleteFunctionEventInvokeConfig`,
  },
  'AWS::Lambda::Version': {
    always: `lambda:PublishVersion lambda:GetFunctionConfiguration lambda:ListVersionsByFunction lambda:DeleteFunction
      lambda:GetRuntimeManagementConfig lambda:GetFunctionScalingConfig`,
    by: {
      ProvisionedConcurrencyConfig: `lambda:PutProvisionedConcurrencyConfig lambda:GetProvisionedConcurrencyConfig`,
      RuntimePolicy: `lambda:PutRuntimeManagementConfig`,
      FunctionScalingConfig: `lambda:PutFunctionScalingConfig`,
    },
  },
  'AWS::Lambda::Alias': {
    always: `lambda:CreateAlias lambda:GetAlias lambda:UpdateAlias lambda:DeleteAlias`,
    by: {
      ProvisionedConcurrencyConfig: `lambda:PutProvisionedConcurrencyConfig lambda:GetProvisionedConcurrencyConfig
        lambda:DeleteProvisionedConcurrencyConfig`,
      UpdatePolicy: `codedeploy:CreateDeployment codedeploy:GetDeployment codedeploy:GetDeploymentGroup
        codedeploy:GetDeploymentConfig codedeploy:StopDeployment`,
    },
  },
  'AWS::Logs::LogGroup': {
    always: `logs:CreateLogGroup logs:DeleteLogGroup logs:DescribeLogGroups logs:PutRetentionPolicy
      logs:DeleteRetentionPolicy logs:TagResource logs:UntagResource logs:ListTagsForResource
      logs:GetDataProtectionPolicy logs:DescribeIndexPolicies logs:DescribeResourcePolicies`,
    by: {
      KmsKeyId: `logs:AssociateKmsKey logs:DisassociateKmsKey`,
      DataProtectionPolicy: `logs:PutDataProtectionPolicy logs:DeleteDataProtectionPolicy logs:CreateLogDelivery
        s3:REST.PUT.OBJECT firehose:TagDeliveryStream`,
      FieldIndexPolicies: `logs:PutIndexPolicy logs:DeleteIndexPolicy`,
      ResourcePolicyDocument: `logs:PutResourcePolicy logs:DeleteResourcePolicy`,
      BearerTokenAuthenticationEnabled: `logs:PutBearerTokenAuthentication`,
      DeletionProtectionEnabled: `logs:PutLogGroupDeletionProtection`,
    },
  },
  'AWS::IAM::Role': {
    always: `iam:CreateRole iam:GetRole iam:UpdateRole iam:UpdateRoleDescription iam:UpdateAssumeRolePolicy iam:DeleteRole
      iam:PutRolePolicy iam:GetRolePolicy iam:DeleteRolePolicy iam:ListRolePolicies iam:ListAttachedRolePolicies
      iam:TagRole iam:UntagRole`,
    by: {
      ManagedPolicyArns: `iam:AttachRolePolicy iam:DetachRolePolicy`,
      PermissionsBoundary: `iam:PutRolePermissionsBoundary iam:DeleteRolePermissionsBoundary`,
    },
  },
  'AWS::Events::EventBus': {
    always: `events:CreateEventBus events:DescribeEventBus events:UpdateEventBus events:DeleteEventBus
      events:PutPermission events:RemovePermission events:TagResource events:UntagResource events:ListTagsForResource`,
    by: { KmsKeyIdentifier: `kms:DescribeKey kms:GenerateDataKey kms:Decrypt kms:Encrypt` },
  },
  'AWS::Events::EventBusPolicy': { always: `events:DescribeEventBus events:PutPermission events:RemovePermission` },
  'AWS::Events::Rule': {
    always: `events:PutRule events:DescribeRule events:DeleteRule events:PutTargets events:RemoveTargets
      events:ListTargetsByRule events:TagResource events:UntagResource events:ListTagsForResource`,
    by: { RoleArn: `iam:PassRole` },
  },
  'AWS::Scheduler::ScheduleGroup': {
    always: `scheduler:CreateScheduleGroup scheduler:GetScheduleGroup scheduler:DeleteScheduleGroup scheduler:DeleteSchedule
      scheduler:TagResource scheduler:UntagResource scheduler:ListTagsForResource`,
  },
  'AWS::Scheduler::Schedule': {
    always: `scheduler:CreateSchedule scheduler:GetSchedule scheduler:UpdateSchedule scheduler:DeleteSchedule iam:PassRole`,
  },
  'AWS::SNS::Topic': {
    always: `sns:CreateTopic sns:GetTopicAttributes sns:SetTopicAttributes sns:DeleteTopic sns:Subscribe sns:Unsubscribe
      sns:ListSubscriptionsByTopic sns:GetDataProtectionPolicy sns:TagResource sns:UntagResource sns:ListTagsForResource`,
    by: { DataProtectionPolicy: `sns:PutDataProtectionPolicy`, DeliveryStatusLogging: `iam:GetRole iam:PassRole` },
  },
  'AWS::SNS::TopicPolicy': { always: `sns:SetTopicAttributes` },
  'AWS::SNS::Subscription': {
    always: `sns:Subscribe sns:Unsubscribe sns:GetSubscriptionAttributes sns:SetSubscriptionAttributes`,
    by: { SubscriptionRoleArn: `iam:GetRole iam:PassRole` },
  },
  // Of the same registry, as a public listing of the types' handlers has it (awscc, chatbot.slack_channel_configurations).
  'AWS::Chatbot::SlackChannelConfiguration': {
    always: `chatbot:CreateSlackChannelConfiguration chatbot:DescribeSlackChannelConfigurations
      chatbot:UpdateSlackChannelConfiguration chatbot:DeleteSlackChannelConfiguration chatbot:AssociateToConfiguration
      chatbot:DisassociateFromConfiguration chatbot:ListAssociations chatbot:TagResource chatbot:UntagResource
      chatbot:ListTagsForResource iam:PassRole iam:CreateServiceLinkedRole`,
  },
  'AWS::KMS::Key': {
    always: `kms:CreateKey kms:DescribeKey kms:EnableKeyRotation kms:DisableKeyRotation kms:GetKeyRotationStatus
      kms:PutKeyPolicy kms:GetKeyPolicy kms:UpdateKeyDescription kms:ScheduleKeyDeletion
      kms:TagResource kms:UntagResource kms:ListResourceTags`,
    by: { Enabled: `kms:EnableKey kms:DisableKey` },
  },
  'AWS::SSM::Parameter': {
    always: `ssm:PutParameter ssm:GetParameters ssm:DeleteParameter ssm:AddTagsToResource ssm:RemoveTagsFromResource
      ssm:ListTagsForResource`,
  },
  'AWS::SQS::Queue': {
    always: `sqs:CreateQueue sqs:GetQueueUrl sqs:GetQueueAttributes sqs:SetQueueAttributes sqs:DeleteQueue
      sqs:TagQueue sqs:UntagQueue sqs:ListQueueTags`,
  },
  'AWS::SQS::QueuePolicy': { always: `sqs:SetQueueAttributes` },
  // These two as cfn-lint 1.58.0 kept them on 2026-10-20.
  'AWS::Lambda::EventSourceMapping': {
    always: `lambda:CreateEventSourceMapping lambda:GetEventSourceMapping lambda:UpdateEventSourceMapping
      lambda:DeleteEventSourceMapping lambda:TagResource lambda:UntagResource lambda:ListTags`,
    by: { KmsKeyArn: `kms:DescribeKey kms:GenerateDataKey kms:Decrypt` },
  },
  'AWS::CloudWatch::CompositeAlarm': {
    always: `cloudwatch:PutCompositeAlarm cloudwatch:DescribeAlarms cloudwatch:DeleteAlarms
      cloudwatch:TagResource cloudwatch:UntagResource cloudwatch:ListTagsForResource`,
  },
  'AWS::CloudWatch::Alarm': {
    always: `cloudwatch:PutMetricAlarm cloudwatch:DescribeAlarms cloudwatch:DeleteAlarms
      cloudwatch:TagResource cloudwatch:UntagResource cloudwatch:ListTagsForResource`,
  },
};
