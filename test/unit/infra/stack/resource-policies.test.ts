import { expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { roleLogicalId } from '../../../../shared/deployment/names.ts';
import { at, configurationWith, listOf, objectsOf, ofType, resourcesWith, shown } from './stack-under-test.ts';

const resources = resourcesWith();
/** Whoever is woken by events reports, and its failed runs are kept; the arm inside the VPC answers by return value. */
const procedureRoles = functionDefinitions
  .filter(({ isProcedure }) => isProcedure)
  .map(({ slug }) => roleLogicalId(slug));
const statementsOf = (type: string, document: string) =>
  ofType(resources, type).map(({ logicalId, Properties }) => ({
    logicalId,
    statements: objectsOf(at(Properties, document, 'Statement')),
  }));

/** Of the topics where people hear of the cluster, not of mskeeper itself. */
const isOfPeople = ({ logicalId }: { readonly logicalId: string }): boolean => !logicalId.startsWith('Self');

/** Who speaks to a topic: the procedures that declare it. Nobody speaks to those of emergencies, maintenance and operations yet. */
const speakers = [
  ['emergency', []],
  ['critical', []],
  ['warning', []],
  ['maintenance', []],
  ['operations', []],
] as const;

test('each topic may be written by this account’s alarms of this stack and by the procedures that speak to it, and by nobody without TLS', () => {
  const policies = statementsOf('AWS::SNS::TopicPolicy', 'PolicyDocument').filter(isOfPeople);
  expect(policies).toHaveLength(5);
  for (const [index, { statements }] of policies.entries()) {
    const alarms = statements[0];
    const procedures = statements.find(({ Sid }) => Sid === 'ProceduresOfThisStack');
    const withoutTls = statements.at(-1);
    const [, roles = []] = speakers[index] ?? [];
    expect(at(alarms, 'Principal', 'Service')).toBe('cloudwatch.amazonaws.com');
    expect(at(alarms, 'Condition', 'StringEquals', 'aws:SourceAccount')).toBe('111122223333');
    expect(at(alarms, 'Condition', 'ArnLike', 'aws:SourceArn')).toBe(
      'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:mskeeper/orders/*',
    );
    expect(listOf(at(procedures, 'Principal', 'AWS')).map(shown)).toEqual(roles);
    expect(withoutTls?.Effect).toBe('Deny');
    const nobodyElse = statements.find(({ Sid }) => Sid === 'NobodyElse');
    expect(nobodyElse).toMatchObject({ Effect: 'Deny', Principal: '*', Action: ['sns:Publish'] });
    expect(listOf(at(nobodyElse, 'Condition', 'ArnNotEquals', 'aws:PrincipalArn')).map(shown)).toEqual(roles);
    expect(statements).toHaveLength(roles.length === 0 ? 3 : 4);
  }
});

test('the topics’ key lets CloudWatch’s alarms of this account encrypt', () => {
  const [key] = statementsOf('AWS::KMS::Key', 'KeyPolicy');
  const alarms = key?.statements.find((one) => at(one, 'Principal', 'Service') === 'cloudwatch.amazonaws.com');
  expect(listOf(alarms?.Action)).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  expect(at(alarms, 'Condition', 'StringEquals', 'aws:SourceAccount')).toBe('111122223333');
  for (const { Properties } of ofType(resources, 'AWS::SNS::Topic').filter(isOfPeople)) {
    expect(shown(Properties.KmsMasterKeyId)).toBe('TopicKey');
  }
});

test('the alarms on mskeeper itself, and no others, take topics that no key can silence, to the same people', () => {
  const own = ofType(resources, 'AWS::SNS::Topic').filter((one) => !isOfPeople(one));
  expect(own.map(({ logicalId }) => logicalId)).toEqual([
    'SelfEmergencyTopic',
    'SelfCriticalTopic',
    'SelfWarningTopic',
  ]);
  expect(own.filter(({ Properties }) => 'KmsMasterKeyId' in Properties)).toEqual([]);
  for (const { Properties } of ofType(resources, 'AWS::CloudWatch::Alarm')) {
    const isSelf = shown(Properties.AlarmName).startsWith('mskeeper/orders/self/');
    const [topic = ''] = listOf(Properties.AlarmActions).map(shown);
    expect([topic, topic.startsWith('Self')]).toEqual([topic, isSelf]);
  }
  const policies = statementsOf('AWS::SNS::TopicPolicy', 'PolicyDocument').filter((one) => !isOfPeople(one));
  expect(policies).toHaveLength(3);
  for (const { statements } of policies) {
    expect(at(statements[0], 'Condition', 'ArnLike', 'aws:SourceArn')).toBe(
      'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:mskeeper/orders/self/*',
    );
    expect(statements[1]).toMatchObject({
      Sid: 'NobodyElse',
      Effect: 'Deny',
      Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' } },
    });
    expect(statements).toHaveLength(3);
  }
  const channels = {
    endpoints: { mail: { kind: 'email', parameter: '/mail' }, pager: { kind: 'https', secret: 'pager' } },
    byTopic: { emergency: ['mail', 'pager'], critical: ['pager'], warning: ['mail'], maintenance: [], operations: [] },
  } as const;
  const subscriptions = ofType(
    Object.entries(buildStack({ ...configurationWith(), channels }, 'orders').resources),
    'AWS::SNS::Subscription',
  );
  const subscribed = (topic: string) =>
    subscriptions
      .filter(({ Properties }) => shown(Properties.TopicArn) === topic)
      .map(({ Properties }) => shown(Properties.Endpoint));
  expect(subscribed('SelfEmergencyTopic')).toEqual(subscribed('EmergencyTopic'));
  expect(subscribed('SelfCriticalTopic')).toEqual(subscribed('CriticalTopic'));
  expect(subscribed('SelfWarningTopic')).toEqual(subscribed('WarningTopic'));
  expect(subscribed('SelfWarningTopic')).not.toEqual([]);
});

test('the bus takes events from the procedures and from nobody else, not even from a wide role of the account', () => {
  const statements = ofType(resources, 'AWS::Events::EventBusPolicy').map(({ Properties }) =>
    at(Properties, 'Statement'),
  );
  const [writers, nobodyElse] = statements;
  expect(listOf(at(writers, 'Principal', 'AWS')).map(shown)).toEqual(procedureRoles);
  expect(at(nobodyElse, 'Effect')).toBe('Deny');
  expect(at(nobodyElse, 'Principal')).toBe('*');
  expect(listOf(at(nobodyElse, 'Condition', 'ArnNotEquals', 'aws:PrincipalArn')).map(shown)).toEqual(procedureRoles);
  expect(statements).toHaveLength(2);
});

test('each failure queue is encrypted and names its writers', () => {
  const writers = statementsOf('AWS::SQS::QueuePolicy', 'PolicyDocument').map(({ logicalId, statements }) => [
    logicalId,
    listOf(at(statements[0], 'Principal', 'Service') ?? at(statements[0], 'Principal', 'AWS')).map(shown),
    statements[1]?.Effect,
  ]);
  expect(writers).toEqual([
    ['FailedRunsQueuePolicy', procedureRoles, 'Deny'],
    ['UndeliveredSchedulesQueuePolicy', ['SchedulerRole'], 'Deny'],
    ['UndeliveredAlarmsQueuePolicy', ['events.amazonaws.com'], 'Deny'],
  ]);
  const queues = ofType(resources, 'AWS::SQS::Queue');
  expect(queues.map(({ Properties }) => Properties.SqsManagedSseEnabled)).toEqual([true, true, true]);
  const alarms = statementsOf('AWS::SQS::QueuePolicy', 'PolicyDocument')[2]?.statements[0];
  const rules = listOf(at(alarms, 'Condition', 'ArnEquals', 'aws:SourceArn')).map(shown);
  expect(rules.toSorted()).toEqual(
    ofType(resources, 'AWS::Events::Rule')
      .map(({ logicalId }) => logicalId)
      .toSorted(),
  );
  expect(rules).toEqual(expect.arrayContaining(['ClusterHealthAlarmRule', 'StorageScalingRunEndedRule']));
});

test('the bucket is private, encrypted, versioned, TLS only, forgets old state, and outlives the stack', () => {
  const entry = resources.find(([logicalId]) => logicalId === 'Bucket');
  const properties = entry?.[1].Properties;
  expect(entry?.[1].DeletionPolicy).toBe('Retain');
  expect(at(properties, 'PublicAccessBlockConfiguration')).toEqual({
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
  expect(at(properties, 'VersioningConfiguration', 'Status')).toBe('Enabled');
  const rules = objectsOf(at(properties, 'LifecycleConfiguration', 'Rules'));
  const byId = new Map(rules.map((rule) => [rule.Id, rule]));
  expect(byId.get('reports')?.ExpirationInDays).toBe(90);
  expect(at(byId.get('state'), 'NoncurrentVersionExpiration', 'NoncurrentDays')).toBe(2);
  expect(byId.get('state')?.ExpirationInDays).toBeUndefined();
  expect(at(byId.get('leftovers'), 'AbortIncompleteMultipartUpload', 'DaysAfterInitiation')).toBe(1);
  const [policy] = statementsOf('AWS::S3::BucketPolicy', 'PolicyDocument');
  expect(at(policy?.statements[0], 'Condition', 'Bool', 'aws:SecureTransport')).toBe('false');
  expect(policy?.statements[0]?.Effect).toBe('Deny');
  expect(policy?.statements[0]?.Principal).toBe('*');
  expect(listOf(policy?.statements[0]?.Action)).toEqual(['s3:*']);
  expect(listOf(policy?.statements[0]?.Resource).map(shown)).toEqual(['Bucket', 'Bucket/*']);
});

test('everything that can bear tags says whose it is', () => {
  const untagged = resources.filter(
    ([, { Type, Properties }]) =>
      /::(Alarm|EventBus|Rule|Role|Key|Bucket|Topic|Queue|ScheduleGroup)$/.test(Type) &&
      !objectsOf(Properties.Tags).some(({ Key, Value }) => Key === 'mskeeper:cluster' && Value === 'orders'),
  );
  expect(untagged).toEqual([]);
});
