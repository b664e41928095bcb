import { describe, expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { roleLogicalId } from '../../../../shared/deployment/names.ts';
import { at, configurationWith, listOf, objectsOf, ofType, resourcesWith, shown } from './stack-under-test.ts';
import { withoutTeller } from './teller-under-test.ts';

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

test('each topic of people may be written by the procedure that tells them, and by nobody else: no other procedure, no alarm, no wide role', () => {
  const policies = statementsOf('AWS::SNS::TopicPolicy', 'PolicyDocument').filter(isOfPeople);
  expect(policies.map(({ logicalId }) => logicalId)).toEqual([
    'EmergencyTopicPolicy',
    'CriticalTopicPolicy',
    'WarningTopicPolicy',
    'MaintenanceTopicPolicy',
    'OperationsTopicPolicy',
  ]);
  for (const { statements } of policies) {
    const [procedures, nobodyElse, withoutTls] = statements;
    expect(statements.map(({ Sid }) => Sid)).toEqual(['ProceduresOfThisStack', 'NobodyElse', 'DenyWithoutTls']);
    expect(procedures).toMatchObject({ Effect: 'Allow', Action: ['sns:Publish'] });
    expect(listOf(at(procedures, 'Principal', 'AWS')).map(shown)).toEqual(['IncidentRole']);
    expect(nobodyElse).toMatchObject({ Effect: 'Deny', Principal: '*', Action: ['sns:Publish'] });
    expect(listOf(at(nobodyElse, 'Condition', 'ArnNotEquals', 'aws:PrincipalArn')).map(shown)).toEqual([
      'IncidentRole',
    ]);
    expect(withoutTls).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  }
});

test('of all roles incident’s alone may publish', () => {
  const publishing = ofType(resources, 'AWS::IAM::Role').filter(({ Properties }) =>
    JSON.stringify(Properties.Policies ?? '').includes('sns:'),
  );
  expect(publishing.map(({ logicalId }) => logicalId)).toEqual(['IncidentRole']);
});

test('the topics’ key lets in the account, whose policies decide, and no service', () => {
  const [key, ...others] = statementsOf('AWS::KMS::Key', 'KeyPolicy');
  expect(others).toEqual([]);
  expect(key?.statements.map(({ Sid, Principal }) => [Sid, Principal])).toEqual([
    ['AdministeredByTheAccount', { AWS: 'arn:aws:iam::111122223333:root' }],
  ]);
  for (const { Properties } of ofType(resources, 'AWS::SNS::Topic').filter(isOfPeople)) {
    expect(shown(Properties.KmsMasterKeyId)).toBe('TopicKey');
  }
});

describe('while no procedure tells people', () => {
  const without = Object.entries(buildStack(configurationWith(), 'orders', withoutTeller).resources);

  test('each topic may be written by this account’s alarms of this stack', () => {
    const policies = ofType(without, 'AWS::SNS::TopicPolicy').filter(isOfPeople);
    expect(policies).toHaveLength(5);
    for (const { Properties } of policies) {
      const [alarms, ...others] = objectsOf(at(Properties, 'PolicyDocument', 'Statement'));
      expect(at(alarms, 'Principal', 'Service')).toBe('cloudwatch.amazonaws.com');
      expect(at(alarms, 'Condition', 'StringEquals', 'aws:SourceAccount')).toBe('111122223333');
      expect(at(alarms, 'Condition', 'ArnLike', 'aws:SourceArn')).toBe(
        'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:mskeeper/orders/*',
      );
      expect(others.map(({ Sid }) => Sid)).toEqual(['NobodyElse', 'DenyWithoutTls']);
    }
  });

  test('their key lets CloudWatch’s alarms of this account encrypt', () => {
    const [key] = ofType(without, 'AWS::KMS::Key');
    const statements = objectsOf(at(key?.Properties, 'KeyPolicy', 'Statement'));
    const alarms = statements.find((one) => at(one, 'Principal', 'Service') === 'cloudwatch.amazonaws.com');
    expect(listOf(alarms?.Action)).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
    expect(at(alarms, 'Condition', 'StringEquals', 'aws:SourceAccount')).toBe('111122223333');
  });
});

test('what CloudWatch itself tells goes by topics that no key can silence, to the same people', () => {
  const own = ofType(resources, 'AWS::SNS::Topic').filter((one) => !isOfPeople(one));
  expect(own.map(({ logicalId }) => logicalId)).toEqual([
    'SelfEmergencyTopic',
    'SelfCriticalTopic',
    'SelfWarningTopic',
  ]);
  expect(own.filter(({ Properties }) => 'KmsMasterKeyId' in Properties)).toEqual([]);
  expect(own.map(({ Properties }) => Properties.TopicName)).toEqual([
    'mskeeper-orders_self_emergency',
    'mskeeper-orders_self_critical',
    'mskeeper-orders_self_warning',
  ]);
  const telling = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) =>
    ofType(resources, type).filter(({ Properties }) => listOf(Properties.AlarmActions).length > 0),
  );
  expect(telling.length).toBeGreaterThan(5);
  for (const { Properties } of telling) {
    expect(shown(Properties.AlarmName)).toMatch(/^mskeeper\/orders\/self\//);
    expect(listOf(Properties.AlarmActions).map(shown)).toEqual([expect.stringMatching(/^Self\w+Topic$/)]);
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

test('the bus takes events from the procedures but the one that hears them, and from nobody else, not even from a wide role of the account', () => {
  const speaking = procedureRoles.filter((role) => role !== 'IncidentRole');
  const statements = ofType(resources, 'AWS::Events::EventBusPolicy').map(({ Properties }) =>
    at(Properties, 'Statement'),
  );
  const [writers, nobodyElse] = statements;
  expect(listOf(at(writers, 'Principal', 'AWS')).map(shown)).toEqual(speaking);
  expect(at(nobodyElse, 'Effect')).toBe('Deny');
  expect(at(nobodyElse, 'Principal')).toBe('*');
  expect(listOf(at(nobodyElse, 'Condition', 'ArnNotEquals', 'aws:PrincipalArn')).map(shown)).toEqual(speaking);
  expect(statements).toHaveLength(2);
});

test('each queue is encrypted and names its writers', () => {
  const writers = statementsOf('AWS::SQS::QueuePolicy', 'PolicyDocument').map(({ logicalId, statements }) => [
    logicalId,
    listOf(at(statements[0], 'Principal', 'Service') ?? at(statements[0], 'Principal', 'AWS')).map(shown),
    statements[1]?.Effect,
  ]);
  expect(writers).toEqual([
    ['FailedRunsQueuePolicy', procedureRoles, 'Deny'],
    ['UndeliveredSchedulesQueuePolicy', ['SchedulerRole'], 'Deny'],
    ['UndeliveredAlarmsQueuePolicy', ['events.amazonaws.com'], 'Deny'],
    ['IncidentInboxPolicy', ['events.amazonaws.com'], 'Deny'],
    // SQS itself moves messages there: its one statement denies.
    ['IncidentDeadLettersPolicy', [], undefined],
  ]);
  const queues = ofType(resources, 'AWS::SQS::Queue');
  expect(queues.map(({ Properties }) => Properties.SqsManagedSseEnabled)).toEqual(queues.map(() => true));
  expect(queues).toHaveLength(5);
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
