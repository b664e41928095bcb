import { describe, expect, test } from 'vitest';
import { buildStack } from '../../../../infra/stack/stack.ts';
import type { StackSettings } from '../../../../shared/core/stack-settings.ts';
import { s3BucketWrites, s3ObjectWrites } from '../../../support/aws/s3-write-actions.ts';
import { type Case, changesOfBucket, isWrong, policyWith, wrongOf } from '../../../support/stack/bucket-policies.ts';
import { at, configurationWith, listOf, objectsOf } from './stack-under-test.ts';

const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const breakGlass = roleArn('break-glass');
const deployment = roleArn('cloudformation');
const logArn = 'arn:aws:s3:::mskeeper-orders-accesslogbucket';
const bucketArn = 'arn:aws:s3:::mskeeper-orders-bucket';
const logObject = `${logArn}/mskeeper-orders/2026-03-01-09-00-00-0123456789ABCDEF`;

const resourcesOf = (stack: StackSettings) =>
  buildStack(configurationWith({ stack: { accessLog: 'own', ...stack } }), 'orders').resources;

const trials: Readonly<Record<string, StackSettings>> = {
  'nobody to mend': {},
  'a break-glass role': { breakGlassRole: breakGlass },
  'a deployment role and somebody to mend': { breakGlassRole: breakGlass, deploymentRole: deployment },
};

/** Each with every right of his own: also mskeeper's functions, which write into the other bucket. */
const people = ['ci', 'mskeeper-orders-storage-scaling-run-eu-west-1', 'break-glass', 'cloudformation'];

const casesOf = (settings: StackSettings): readonly Case[] =>
  people.flatMap((who) => {
    const arn = roleArn(who);
    const mends = arn === settings.breakGlassRole;
    const on = (action: string, context: Case['context'], expected: boolean): Case => ({
      who,
      roleArn: arn,
      action,
      resource: logObject,
      context,
      expected,
    });
    const puts = [{}, { 's3:if-none-match': '*' }, { 'aws:CalledViaFirst': 'cloudformation.amazonaws.com' }];
    return [
      ...puts.map((context) => on('s3:PutObject', context, mends)),
      ...['s3:PutObjectRetention', ...s3ObjectWrites].map((action) => on(action, {}, mends)),
      ...['s3:GetObject', 's3:GetObjectVersion'].map((action) => on(action, {}, true)),
      on('s3:GetObject', { 'aws:SecureTransport': 'false' }, false),
      ...changesOfBucket(
        { who, roleArn: arn },
        { actions: s3BucketWrites, bucketArn: logArn, mends, deploys: arn === settings.deploymentRole },
      ),
    ];
  });

/** S3 as it delivers: a service has no role, and its right to write is the bucket's policy alone. */
const deliveries: readonly Case[] = [
  [logObject, bucketArn, '111122223333', true],
  [logObject, 'arn:aws:s3:::somebody-elses', '111122223333', false],
  // A bucket's name is free again when it is deleted, for any account.
  [logObject, bucketArn, '999988887777', false],
  [`${logArn}/mskeeper-orders-eu/2026`, bucketArn, '111122223333', false],
].map(([resource, source, account, expected]) => ({
  who: 'S3',
  roleArn: '',
  service: 'logging.s3.amazonaws.com',
  action: 's3:PutObject',
  resource: String(resource),
  context: { 'aws:SourceArn': String(source), 'aws:SourceAccount': String(account) },
  expected: expected === true,
}));

describe.each(Object.entries(trials))('the log of accesses with %s', (_what, settings) => {
  const policy = policyWith(resourcesOf(settings), 'AccessLogBucketPolicy', {
    Bucket: bucketArn,
    AccessLogBucket: logArn,
  });
  const asked = [...casesOf(settings), ...deliveries];

  test('is written by S3 alone, and neither written over, deleted nor opened by anybody else, whatever his rights are', () => {
    expect(asked.length).toBeGreaterThan(800);
    expect(wrongOf(policy, asked)).toEqual([]);
  });

  test('would be open somewhere, or closed to somebody, without any one statement or condition', () => {
    const statements = objectsOf(at(policy, 'Statement'));
    expect(statements.length).toBeGreaterThanOrEqual(5);
    for (const [index, statement] of statements.entries()) {
      const without = statements.filter((one) => one !== statement);
      expect(isWrong(without, asked), String(statement.Sid)).toBe(true);
      for (const operator of Object.keys(statement.Condition ?? {})) {
        const { [operator]: _left, ...Condition } = Object.fromEntries(Object.entries(statement.Condition ?? {}));
        const rest = statements.with(index, { ...statement, Condition });
        expect(isWrong(rest, asked), `${statement.Sid} ${operator}`).toBe(true);
      }
    }
  });
});

test('no rule of the log’s bucket takes a line away before its year is over, or what was written over before anybody looked', () => {
  const rules = objectsOf(at(resourcesOf({}), 'AccessLogBucket', 'Properties', 'LifecycleConfiguration', 'Rules'));
  expect(listOf(rules.map((rule) => rule.ExpirationInDays ?? 0))).toEqual([400]);
  for (const rule of rules)
    expect(at(rule, 'NoncurrentVersionExpiration', 'NoncurrentDays')).toBeGreaterThanOrEqual(30);
});

describe('every bucket of evidence', () => {
  const policiesIn = (settings: StackSettings) =>
    Object.values(resourcesOf(settings)).filter(({ Type }) => Type === 'AWS::S3::BucketPolicy');

  test.each([
    ['stays closed where somebody is left who may open it', { breakGlassRole: breakGlass }, 'Retain'],
    ['is opened with the end of the stack where nobody is', {}, 'Delete'],
  ] as const)('%s: when the stack goes, lets go of the policy, or makes its bucket anew', (_what, settings, kept) => {
    const policies = policiesIn(settings);
    expect(policies).toHaveLength(2);
    for (const { DeletionPolicy, UpdateReplacePolicy } of policies)
      expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({ DeletionPolicy: kept, UpdateReplacePolicy: kept });
  });

  test('has a policy that lets nobody change it but by deploys, nor delete what lies in it, whatever else it says', () => {
    const resources = resourcesOf({});
    const buckets = Object.keys(resources).filter((id) => resources[id]?.Type === 'AWS::S3::Bucket');
    const arns = Object.fromEntries(buckets.map((id) => [id, `arn:aws:s3:::${id.toLowerCase()}`]));
    expect(buckets).toHaveLength(2);
    for (const [id, bucket] of Object.entries(arns)) {
      const [policyId = ''] = Object.keys(resources).filter(
        (one) =>
          resources[one]?.Type === 'AWS::S3::BucketPolicy' && at(resources, one, 'Properties', 'Bucket', 'Ref') === id,
      );
      const who = { who: 'ci', roleArn: roleArn('ci') };
      const asked: readonly Case[] = [
        ...changesOfBucket(who, { actions: s3BucketWrites, bucketArn: bucket, mends: false, deploys: false }),
        ...['s3:PutObject', ...s3ObjectWrites].map((action) => {
          return { ...who, action, resource: `${bucket}/any`, context: {}, expected: false };
        }),
      ];
      expect([id, wrongOf(policyWith(resources, policyId, arns), asked)]).toEqual([id, []]);
    }
  });

  test('stays itself, also where it is made anew', () => {
    const buckets = Object.values(resourcesOf({})).filter(({ Type }) => Type === 'AWS::S3::Bucket');
    expect(buckets).toHaveLength(2);
    for (const bucket of buckets)
      expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('no resource of a stack is kept when it goes and lost when it is replaced, or the other way round', () => {
    for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of Object.entries(
      resourcesOf({ breakGlassRole: breakGlass }),
    ))
      expect([id, UpdateReplacePolicy]).toEqual([id, DeletionPolicy]);
  });
});
