import { expect, test } from 'vitest';
import type { StackParts } from '../../../../infra/functions.ts';
import { filled } from '../../../../infra/stack/limits/measure.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import type { StackSettings } from '../../../../shared/core/stack-settings.ts';
import type { Json, Resource } from '../../../../shared/deployment/template.ts';
import { at, largeConfiguration, listOf, shown, twentyEight, twentyEightWriters } from './stack-under-test.ts';

/** The longest ARN of ours that CloudFormation may fill in for a reference. */
const longestArn = 'x'.repeat(170);

/** Characters of a document as IAM counts them: without white space, references filled in. */
const lengthOf = (document: Json | undefined): number =>
  JSON.stringify(document ?? {}).replaceAll(/\{"(?:Ref|Fn::GetAtt)":(?:"[^"]*"|\[[^\]]*\])\}/g, longestArn).length;

type Measure = readonly [what: string, of: (properties: Resource['Properties']) => number, most: number];

/** Sources: the quota pages of IAM, SNS, SQS (policies), KMS, S3, EventBridge, CloudWatch. */
const limits: Readonly<Record<string, readonly Measure[]>> = {
  'AWS::IAM::Role': [
    [
      'its policies',
      ({ Policies }) => lengthOf(listOf(Policies).map((one) => at(one, 'PolicyDocument') ?? '')),
      10_240,
    ],
    ['its trust', ({ AssumeRolePolicyDocument }) => lengthOf(AssumeRolePolicyDocument), 2_048],
  ],
  'AWS::SNS::TopicPolicy': [['its policy', ({ PolicyDocument }) => lengthOf(PolicyDocument), 30_720]],
  'AWS::SQS::QueuePolicy': [
    ['its policy', ({ PolicyDocument }) => lengthOf(PolicyDocument), 8_192],
    ['its statements', ({ PolicyDocument }) => listOf(at(PolicyDocument, 'Statement')).length, 20],
  ],
  'AWS::KMS::Key': [['its policy', ({ KeyPolicy }) => lengthOf(KeyPolicy), 32_768]],
  'AWS::Events::Rule': [
    ['its pattern', ({ EventPattern }) => lengthOf(EventPattern), 2_048],
    ['its targets', ({ Targets }) => listOf(Targets).length, 5],
  ],
  'AWS::CloudWatch::Alarm': [['its description', ({ AlarmDescription }) => shown(AlarmDescription).length, 1_024]],
};
const mostEnvironment = 4_096;

// Only AWS would refuse what is too large, in the middle of a deployment.
test('with 60 brokers, 28 functions and a long key no document outgrows what its service takes', () => {
  const clusterKey = 'a'.repeat(24);
  const { resources, functions } = buildStack(
    largeConfiguration(60, twentyEight, { clusterKey }),
    clusterKey,
    twentyEight,
  );
  const made = Object.entries(resources);
  for (const [type, measures] of Object.entries(limits)) {
    const ofType = made.filter(([, { Type }]) => Type === type);
    expect(ofType, type).not.toEqual([]);
    for (const [logicalId, { Properties }] of ofType)
      for (const [what, of, most] of measures) {
        const size = of(Properties);
        expect(size, `${logicalId}: ${what}`).toBeGreaterThan(0);
        expect(size, `${logicalId}: ${what}`).toBeLessThanOrEqual(most);
      }
  }
  for (const [name, { environment }] of Object.entries(functions))
    expect(lengthOf(environment), name).toBeLessThanOrEqual(mostEnvironment);
});

/** The bucket's policy as large as it may become: names at their longest, a pair, and both roles that may change things. */
const largestBucketPolicy = (
  parts: StackParts,
  more: StackSettings = {},
): { readonly bytes: number; readonly statementCount: number } => {
  const clusterKey = 'a'.repeat(24);
  const large = largeConfiguration(3, parts, { clusterKey });
  const [orders] = Object.values(large.clusters);
  if (orders === undefined) throw new Error('no cluster');
  const longest = `arn:aws-us-gov:iam::111122223333:role/${'b'.repeat(64)}`;
  const configuration = {
    ...large,
    clusters: {
      [clusterKey]: {
        ...orders,
        region: 'us-gov-west-1',
        stack: {
          breakGlassRole: longest,
          deploymentRole: longest,
          ...more,
        },
      },
      ['s'.repeat(24)]: { ...orders, region: 'us-gov-east-1', role: 'backup' as const, backupOf: clusterKey },
    },
  };
  const { resources } = buildStack(configuration, clusterKey, parts);
  const { PolicyDocument: document = {} } = resources.BucketPolicy?.Properties ?? {};
  return {
    bytes: Buffer.byteLength(JSON.stringify(filled(document, resources))),
    statementCount: listOf(at(document, 'Statement')).length,
  };
};

test('the bucket’s policy has room left with 28 functions, and fits with 28 that write', () => {
  const usual = largestBucketPolicy(twentyEight, { auditRetention: { mode: 'governance', days: 36_500 } });
  expect(usual.statementCount).toBeGreaterThan(20);
  expect(usual.bytes).toBeLessThan(18 * 1_024);
  // With records kept 28 that all write do not fit, and packaging refuses such a stack.
  const most = largestBucketPolicy(twentyEightWriters);
  expect(most.statementCount).toBeGreaterThan(30);
  expect(most.bytes).toBeLessThanOrEqual(20_480);
});
