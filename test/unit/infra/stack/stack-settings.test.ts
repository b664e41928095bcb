import { describe, expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import type { Configuration } from '../../../../shared/core/configuration.ts';
import type { StackSettings } from '../../../../shared/core/stack-settings.ts';
import type { Json } from '../../../../shared/deployment/template.ts';
import { bankSettings } from '../../../support/stack/bank-settings.ts';
import { at, configurationWith, objectsOf, ofType, shown } from './stack-under-test.ts';

const approvers = ['arn:aws:iam::111122223333:role/on-call'];
const stackWith = (stack?: StackSettings) => {
  const configuration: Configuration = {
    ...configurationWith({ authentication: { kind: 'scram', secretId: 'AmazonMSK_orders' }, ...(stack && { stack }) }),
    approverPrincipals: approvers,
  };
  return buildStack(configuration, 'orders');
};
const plain = stackWith();
const bank = stackWith(bankSettings);
const typed = (stack: typeof plain, type: string) => ofType(Object.entries(stack.resources), type);

/** Who of the stack's roles may do what with which key: `role: actions on key through service`. */
const usesOfKeys = (stack: typeof plain) =>
  typed(stack, 'AWS::IAM::Role').flatMap(({ logicalId, Properties }) =>
    objectsOf(at(Properties, 'Policies')).flatMap((policy) =>
      objectsOf(at(policy, 'PolicyDocument', 'Statement')).flatMap((statement) => {
        const resource = shown(at(statement, 'Resource'));
        if (!resource.startsWith('arn:aws:kms:eu-west-1:111122223333:key/') || resource.endsWith('key/*')) return [];
        const service = at(statement, 'Condition', 'StringEquals', 'kms:ViaService');
        return [
          `${logicalId}: ${String(at(statement, 'Action'))} on ${resource.slice(40, 41)} by ${shown(service ?? 'itself')}`,
        ];
      }),
    ),
  );

describe('a boundary', () => {
  test('bounds every role of the stack, Scheduler’s and the approvers’ too', () => {
    const roles = typed(bank, 'AWS::IAM::Role');
    expect(roles.map(({ logicalId }) => logicalId)).toEqual(expect.arrayContaining(['SchedulerRole', 'ApproverRole']));
    expect(roles).toHaveLength(functionDefinitions.length + 2);
    for (const { Properties } of roles) expect(Properties.PermissionsBoundary).toBe(bankSettings.permissionsBoundary);
  });

  test('is no property of any role where the configuration names none', () => {
    for (const { Properties } of typed(plain, 'AWS::IAM::Role'))
      expect(Properties).not.toHaveProperty('PermissionsBoundary');
  });
});

describe('keys of the user’s', () => {
  // Written by hand from what each function does: 2 is the queues' key, 3 the bucket's, 4 the environments', 5 the topics'.
  test('may be used by exactly those roles that need each, through its service', () => {
    const writes = (role: string) => `${role}: kms:Decrypt,kms:GenerateDataKey on 2 by sqs.eu-west-1.amazonaws.com`;
    const environment = (role: string) => `${role}: kms:Decrypt on 4 by itself`;
    const bucket = (role: string, ...actions: readonly string[]) =>
      `${role}: ${actions.join(',')} on 3 by s3.eu-west-1.amazonaws.com`;
    expect(usesOfKeys(bank).toSorted()).toEqual(
      [
        ...['ClusterHealthRole', 'IncidentRole', 'StorageScalingRole', 'StorageScalingRunRole', 'SchedulerRole'].map(
          writes,
        ),
        ...[
          'ClusterHealthRole',
          'IncidentRole',
          'KafkaReadRole',
          'StorageScalingRole',
          'StorageScalingRunRole',
          'ApproverRole',
        ].map(environment),
        ...['ClusterHealthRole', 'IncidentRole', 'StorageScalingRole', 'StorageScalingRunRole'].map((role) =>
          bucket(role, 'kms:Decrypt', 'kms:GenerateDataKey'),
        ),
        'IncidentRole: kms:Decrypt,kms:GenerateDataKey on 5 by sns.eu-west-1.amazonaws.com',
        bucket('ApproverRole', 'kms:Decrypt'),
      ].toSorted(),
    );
    expect(usesOfKeys(plain)).toEqual([]);
  });

  test('stand on the queues, the functions and the logs', () => {
    for (const { Properties } of typed(bank, 'AWS::SQS::Queue')) {
      expect(Properties.KmsMasterKeyId).toBe(bankSettings.keys.queues);
      expect(Properties).not.toHaveProperty('SqsManagedSseEnabled');
    }
    for (const { Properties } of typed(plain, 'AWS::SQS::Queue'))
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true });
    for (const definition of Object.values(bank.functions))
      expect(definition.kmsKeyArn).toBe(bankSettings.keys.environment);
    for (const definition of Object.values(plain.functions)) expect(definition).not.toHaveProperty('kmsKeyArn');
  });
});

test('a key for the topics takes the place of the stack’s own, and leaves the topics that speak of mskeeper without one', () => {
  const keysOf = (stack: typeof plain) =>
    typed(stack, 'AWS::SNS::Topic').map(({ logicalId, Properties }) => [
      logicalId,
      shown(Properties.KmsMasterKeyId ?? 'none'),
    ]);
  const people = ['EmergencyTopic', 'CriticalTopic', 'WarningTopic', 'MaintenanceTopic', 'OperationsTopic'];
  const itself = ['SelfEmergencyTopic', 'SelfCriticalTopic', 'SelfWarningTopic'];
  const expected = (key: string) =>
    [...people.map((topic) => [topic, key]), ...itself.map((topic) => [topic, 'none'])].toSorted();
  expect(keysOf(plain).toSorted()).toEqual(expected('TopicKey'));
  expect(keysOf(bank).toSorted()).toEqual(expected(bankSettings.keys.topics));
  expect(typed(bank, 'AWS::KMS::Key')).toEqual([]);
  expect(JSON.stringify(bank)).not.toContain('TopicKey');
});

describe('tags', () => {
  /** What AWS lets nobody tag (`taggable: false` in the types' schemas of CloudFormation's registry). */
  const withoutTags = [
    'AWS::Events::EventBusPolicy',
    'AWS::Lambda::Alias',
    'AWS::Lambda::EventInvokeConfig',
    'AWS::Lambda::Permission',
    'AWS::S3::BucketPolicy',
    'AWS::SNS::Subscription',
    'AWS::SNS::TopicPolicy',
    'AWS::SQS::QueuePolicy',
    'AWS::Scheduler::Schedule',
  ];
  const own = { 'mskeeper:cluster': 'orders', 'mskeeper:stack': 'mskeeper-orders' };
  const tagsOf = (value: Json | undefined): unknown =>
    Array.isArray(value) ? Object.fromEntries(objectsOf(value).map(({ Key, Value }) => [shown(Key), Value])) : value;

  test.each([
    ['plain', plain, own],
    ['bank', bank, { ...bankSettings.tags, ...own }],
  ] as const)('of a %s stack are on everything that can be tagged, each by its key', (_name, stack, expected) => {
    expect(stack.tags).toEqual(expected);
    expect(stack.deploymentBucket.tags).toEqual(expected);
    for (const [logicalId, { Type, Properties }] of Object.entries(stack.resources))
      expect([logicalId, tagsOf(Properties.Tags)]).toEqual([
        logicalId,
        withoutTags.includes(Type) ? undefined : expected,
      ]);
  });
});

test('executions are reserved for the functions that the configuration names, and for no other', () => {
  const reserved = (stack: typeof plain) =>
    Object.entries(stack.functions).flatMap(([slug, { reservedConcurrency }]) =>
      reservedConcurrency === undefined ? [] : [[slug, reservedConcurrency]],
    );
  expect(Object.fromEntries(reserved(bank))).toEqual({ 'storage-scaling': 1, 'storage-scaling-run': 2 });
  expect(reserved(plain)).toEqual([]);
});

test('logs are kept for 30 days, or as long as the configuration says', () => {
  expect([plain.logRetentionDays, bank.logRetentionDays]).toEqual([30, 400]);
});

describe('the bucket of the audit', () => {
  const bucketOf = (stack: typeof plain) => at(stack.resources, 'Bucket', 'Properties');
  const given = stackWith({ accessLog: { bucket: 'company-access-logs' } });

  test('has locks, and no default of them, where records are to be kept', () => {
    expect(bucketOf(bank)).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
    });
    expect(JSON.stringify(bucketOf(bank))).not.toContain('DefaultRetention');
    expect(JSON.stringify(plain)).not.toMatch(/ObjectLock|PutObjectRetention/);
    const grants = typed(bank, 'AWS::IAM::Role').flatMap(({ logicalId, Properties }) =>
      objectsOf(at(Properties, 'Policies')).flatMap((policy) =>
        objectsOf(at(policy, 'PolicyDocument', 'Statement')).flatMap(({ Action, Resource, Effect }) =>
          JSON.stringify(Action).includes('PutObjectRetention') ? [[logicalId, Effect, shown(Resource ?? '')]] : [],
        ),
      ),
    );
    expect(grants).toEqual([
      ['IncidentRole', 'Allow', 'Bucket/audit/orders/incident/*'],
      ['StorageScalingRunRole', 'Allow', 'Bucket/audit/orders/storage-scaling/*'],
    ]);
    expect(bank.functions['storage-scaling-run']?.environment).toMatchObject({
      MSKEEPER_AUDIT_RETENTION: 'GOVERNANCE 2557',
    });
  });

  test('is encrypted by the user’s key, or by S3’s own', () => {
    const byDefault = (stack: typeof plain) =>
      objectsOf(at(bucketOf(stack), 'BucketEncryption', 'ServerSideEncryptionConfiguration'));
    expect(byDefault(plain)).toEqual([{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }]);
    expect(byDefault(bank)).toEqual([
      {
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: bankSettings.keys.bucket },
        BucketKeyEnabled: true,
      },
    ]);
  });

  test('says who asked for what, where the configuration wants it: into a bucket of the stack’s own, or into one that is there', () => {
    const logOf = (stack: typeof plain) => at(bucketOf(stack), 'LoggingConfiguration');
    expect(logOf(plain)).toBeUndefined();
    expect(logOf(given)).toEqual({
      DestinationBucketName: 'company-access-logs',
      LogFilePrefix: 'mskeeper-orders/',
    });
    expect(logOf(bank)).toEqual({
      DestinationBucketName: { Ref: 'AccessLogBucket' },
      LogFilePrefix: 'mskeeper-orders/',
    });
    for (const stack of [plain, given]) expect(Object.keys(stack.resources)).not.toContain('AccessLogBucket');
  });

  test('has its log in a bucket under S3’s own key, and of its owner alone', () => {
    const log = at(bank.resources, 'AccessLogBucket');
    // S3 delivers into no bucket under a key of KMS.
    expect(JSON.stringify(at(log, 'Properties', 'BucketEncryption'))).not.toContain('kms');
    expect(at(log, 'Properties', 'OwnershipControls')).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
  });
});
