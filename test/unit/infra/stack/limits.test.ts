import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findLimitProblems } from '../../../../infra/stack/limits/measure.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { ConfigError } from '../../../../shared/core/errors.ts';
import { limitsByType } from '../../../../shared/deployment/limits.ts';
import type { Json, JsonObject } from '../../../../shared/deployment/template.ts';
import { cases } from '../../../support/depth.ts';
import { configurationWith, largeConfiguration, twentyEight } from './stack-under-test.ts';

/** A property at its path, lists and maps around it with one item each. */
const propertyAt = ([key, ...rest]: readonly string[], value: Json): Json => {
  if (key === undefined) return value;
  return key === '[]' ? [propertyAt(rest, value)] : { [key]: propertyAt(rest, value) };
};
const objectAt = (path: string, value: Json): JsonObject => {
  const [key = '', ...rest] = path.replaceAll('[]', '.[]').split('.');
  return { [key]: propertyAt(rest, value) };
};

/** A value of exactly that size. */
const sized = (unit: string | undefined, size: number): Json => {
  if (unit === 'items') return Array.from({ length: size }, () => 1);
  return unit === 'bytes' ? { a: 'x'.repeat(size - '{"a":""}'.length) } : 'x'.repeat(size);
};

const rows = Object.entries(limitsByType).flatMap(([type, limits]) =>
  limits.flatMap(({ path, most, unit, setting }) => (most === undefined ? [] : [{ type, path, most, unit, setting }])),
);

test.each(rows)('$type $path: $most $unit and no more', ({ type, path, most, unit, setting }) => {
  const problemsAt = (size: number) =>
    findLimitProblems({ One: { Type: type, Properties: objectAt(path, sized(unit, size)) } });
  expect(problemsAt(most)).toEqual([]);
  expect(problemsAt(most + 1)).toEqual([
    {
      logicalId: 'One',
      message: `One (${type}): ${path} has ${most + 1} ${unit}, AWS takes ${most}`,
      ...(setting !== undefined && { setting }),
    },
  ]);
});

// Written by hand, from CloudFormation's resource schemas and the quota pages: names and what users reach.
test.each([
  ['AWS::CloudWatch::Alarm', 'AlarmName', 255],
  ['AWS::CloudWatch::Alarm', 'AlarmDescription', 1_024],
  ['AWS::Events::EventBus', 'Name', 256],
  ['AWS::Events::Rule', 'Name', 64],
  ['AWS::IAM::Role', 'RoleName', 64],
  ['AWS::IAM::Role', 'AssumeRolePolicyDocument', 2_048],
  ['AWS::IAM::Role', 'Policies', 10_240],
  ['AWS::Lambda::Function', 'FunctionName', 64],
  ['AWS::Lambda::Function', 'Environment.Variables', 4_096],
  ['AWS::SNS::Topic', 'TopicName', 256],
  ['AWS::SNS::Topic', 'DisplayName', 100],
  ['AWS::SQS::Queue', 'QueueName', 80],
  ['AWS::Scheduler::Schedule', 'Name', 64],
  ['AWS::Scheduler::Schedule', 'ScheduleExpressionTimezone', 50],
  ['AWS::Scheduler::ScheduleGroup', 'Name', 64],
  ['AWS::Logs::LogGroup', 'LogGroupName', 512],
])('%s %s has %i', (type, path, most) => {
  expect(rows.find((row) => row.type === type && row.path === path)?.most).toBe(most);
});

test('a type or a text without a row is no part of a stack', () => {
  expect(findLimitProblems({ One: { Type: 'AWS::DynamoDB::Table', Properties: {} } })).toMatchObject([
    { message: expect.stringContaining('AWS::DynamoDB::Table has no rows') },
  ]);
  const Properties = { QueueName: 'a', Nickname: 'b', RedrivePolicy: { maxReceiveCount: 3, targets: ['c'] } };
  expect(findLimitProblems({ One: { Type: 'AWS::SQS::Queue', Properties } }).map(({ message }) => message)).toEqual([
    expect.stringContaining('AWS::SQS::Queue Nickname has no row'),
    expect.stringContaining('AWS::SQS::Queue RedrivePolicy.targets[] has no row'),
  ]);
});

test('references are as long as what they stand for may become', () => {
  const role = (count: number) => ({
    Many: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r'.repeat(64) } },
    One: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: Array.from({ length: count }, () => ({ 'Fn::GetAtt': ['Many', 'Arn'] })),
      },
    },
  });
  expect(findLimitProblems(role(10))).toEqual([]);
  expect(findLimitProblems(role(20))).toHaveLength(1);
});

describe('a stack', () => {
  const approvers = (count: number) =>
    Array.from({ length: count }, (_, index) => `arn:aws:iam::111122223333:role/platform/on-call-engineer-${index}`);

  test('with more approvers than a trust policy holds is refused, and says which setting is to blame', () => {
    const build = (count: number) =>
      buildStack({ ...configurationWith(), approverPrincipals: approvers(count) }, 'orders');
    expect(() => build(25)).not.toThrow();
    expect(() => build(50)).toThrow(ConfigError);
    expect(() => build(50)).toThrow(
      /ApproverRole \(AWS::IAM::Role\): AssumeRolePolicyDocument has \d+ bytes, AWS takes 2048: shorten approverPrincipals in mskeeper\.yml/,
    );
  });

  test('of 28 functions and 60 brokers under the longest key is within all limits', () => {
    const clusterKey = 'a'.repeat(24);
    expect(() =>
      buildStack(largeConfiguration(60, twentyEight, { clusterKey }), clusterKey, twentyEight),
    ).not.toThrow();
  });

  test('is within all limits whatever topics and groups are called', () => {
    const topic = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/),
      fc.stringMatching(/^[A-Za-z0-9._-]{240,249}$/),
      fc.constantFrom('.'.repeat(249), '_'.repeat(249), 'constructor'),
    );
    const group = fc.oneof(
      topic,
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 249 }).map((name) => name.slice(0, 249)),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(topic, { minLength: 1, maxLength: 3 }),
        fc.uniqueArray(group, { maxLength: 3 }),
        (topics, groups) => {
          const configuration = configurationWith({
            monitoringLevel: 'PER_TOPIC_PER_PARTITION',
            topics: {
              critical: topics.map((name) => ({ name, replicationFactor: 3 })),
              watch: ['*'],
              ignore: [],
              deadLetter: [],
              flowing: topics.map((name) => ({ name, minMessagesPerMinute: 1 })),
            },
            groups: { watch: groups.filter((name) => !/[*?\p{Cc}]/u.test(name) && name.isWellFormed()), ignore: [] },
          });
          buildStack(configuration, 'orders');
        },
      ),
      cases(25, 2_000),
    );
  });
});
