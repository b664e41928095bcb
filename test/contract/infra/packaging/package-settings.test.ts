import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { packageStack, templateFileName } from '../../../../infra/packaging/package-stack.ts';
import type { JsonObject, Resource, Resources } from '../../../../shared/deployment/template.ts';
import { bankSettings } from '../../../support/stack/bank-settings.ts';
import { configurationWith } from '../../../unit/infra/stack/stack-under-test.ts';

let folder = '';
const resources: { plain: Resources; bank: Resources } = { plain: {}, bank: {} };

const packaged = async (name: keyof typeof resources): Promise<Resources> => {
  const output = join(folder, name);
  const configuration = {
    ...configurationWith(name === 'bank' ? { stack: bankSettings } : {}),
    approverPrincipals: ['arn:aws:iam::111122223333:role/on-call'],
  };
  await packageStack({ configuration, clusterKey: 'orders', output, isVerbose: false });
  const template: { readonly Resources: Resources } = JSON.parse(
    await readFile(join(output, templateFileName), 'utf8'),
  );
  return template.Resources;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mskeeper-settings-'));
  resources.plain = await packaged('plain');
  resources.bank = await packaged('bank');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const propertiesOf = (name: keyof typeof resources, type: string): readonly JsonObject[] =>
  Object.values(resources[name]).flatMap(({ Type, Properties }: Resource) => (Type === type ? [Properties] : []));
const everyOf = (name: keyof typeof resources, type: string, property: string) =>
  propertiesOf(name, type).map((properties) => properties[property]);

test('every role that is deployed stands under the boundary, and no role that nobody asked to bound', () => {
  const count = functionDefinitions.length + 2;
  expect(everyOf('bank', 'AWS::IAM::Role', 'PermissionsBoundary')).toEqual(
    Array.from({ length: count }, () => bankSettings.permissionsBoundary),
  );
  expect(everyOf('plain', 'AWS::IAM::Role', 'PermissionsBoundary')).toEqual(
    Array.from({ length: count }, () => undefined),
  );
});

test('every group of logs has the key and the days that were asked for, and without a word 30 days and no key', () => {
  const groups = functionDefinitions.map(() => bankSettings.keys.logs);
  expect(everyOf('bank', 'AWS::Logs::LogGroup', 'KmsKeyId')).toEqual(groups);
  expect(everyOf('bank', 'AWS::Logs::LogGroup', 'RetentionInDays')).toEqual(groups.map(() => 400));
  expect(everyOf('plain', 'AWS::Logs::LogGroup', 'KmsKeyId')).toEqual(groups.map(() => undefined));
  expect(everyOf('plain', 'AWS::Logs::LogGroup', 'RetentionInDays')).toEqual(groups.map(() => 30));
});

test('every function’s environment is under the key, and executions are kept free for those that were named', () => {
  const functions = propertiesOf('bank', 'AWS::Lambda::Function');
  expect(functions.map(({ KmsKeyArn }) => KmsKeyArn)).toEqual(functions.map(() => bankSettings.keys.environment));
  const reserved = functions.flatMap(({ FunctionName, ReservedConcurrentExecutions: count }) =>
    count === undefined ? [] : [[FunctionName, count]],
  );
  expect(Object.fromEntries(reserved)).toEqual({
    'mskeeper-orders-storage-scaling': 1,
    'mskeeper-orders-storage-scaling-run': 2,
  });
  for (const one of propertiesOf('plain', 'AWS::Lambda::Function')) {
    expect(one).not.toHaveProperty('KmsKeyArn');
    expect(one).not.toHaveProperty('ReservedConcurrentExecutions');
  }
});

test.each(['plain', 'bank'] as const)(
  'every bucket of a %s stack, the one that bundles are deployed from too, keeps versions, encrypts, is its owner’s alone, closed to the public and to what comes without TLS',
  (name) => {
    const buckets = Object.entries(resources[name]).filter(([, { Type }]) => Type === 'AWS::S3::Bucket');
    expect(buckets.map(([logicalId]) => logicalId).toSorted()).toEqual(
      ['Bucket', 'ServerlessDeploymentBucket', ...(name === 'bank' ? ['AccessLogBucket'] : [])].toSorted(),
    );
    for (const [logicalId, { Properties }] of buckets) {
      expect(Properties, logicalId).toMatchObject({
        VersioningConfiguration: { Status: 'Enabled' },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: { ServerSideEncryptionConfiguration: [expect.anything()] },
      });
      const policies = propertiesOf(name, 'AWS::S3::BucketPolicy').filter(
        ({ Bucket }) => JSON.stringify(Bucket) === JSON.stringify({ Ref: logicalId }),
      );
      expect(policies, logicalId).toHaveLength(1);
      expect(JSON.stringify(policies), logicalId).toMatch(/"aws:SecureTransport":"?false/);
    }
  },
);

/** What AWS lets nobody tag. */
const cannotBeTagged = /::(Version|Alias|Permission|EventInvokeConfig|Schedule|Subscription|\w+Policy)$/;

test.each(['plain', 'bank'] as const)(
  'everything of a %s stack that can be tagged is, what osls makes too, by the tags of the configuration',
  (name) => {
    const expected = {
      ...(name === 'bank' && bankSettings.tags),
      'mskeeper:cluster': 'orders',
      'mskeeper:stack': 'mskeeper-orders',
    };
    for (const [logicalId, { Type, Properties }] of Object.entries(resources[name])) {
      const { Tags } = Properties;
      const tags = Array.isArray(Tags)
        ? Object.fromEntries(Tags.map((tag) => [Object(tag).Key, Object(tag).Value]))
        : Tags;
      expect([logicalId, tags]).toEqual([logicalId, cannotBeTagged.test(Type) ? undefined : expected]);
    }
  },
);

test('bundles lie under the key that was asked for, and each upload names it, since osls makes the bucket before that', async () => {
  const encryptionOf = (name: keyof typeof resources) =>
    JSON.stringify(resources[name].ServerlessDeploymentBucket?.Properties.BucketEncryption);
  expect(encryptionOf('plain')).toContain('"AES256"');
  expect(encryptionOf('bank')).toContain(`"KMSMasterKeyID":"${bankSettings.keys.deployment}"`);
  const settingsOf = async (name: string) => {
    const state: { service: { provider: { deploymentBucketObject: object } } } = JSON.parse(
      await readFile(join(folder, name, 'serverless-state.json'), 'utf8'),
    );
    return state.service.provider.deploymentBucketObject;
  };
  expect(await settingsOf('bank')).toMatchObject({
    serverSideEncryption: 'aws:kms',
    sseKMSKeyId: bankSettings.keys.deployment,
  });
  expect(await settingsOf('plain')).not.toHaveProperty('serverSideEncryption');
});
