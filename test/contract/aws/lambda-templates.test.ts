import { beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../support/aws/aws.ts';
import { lambdaApp } from '../../support/aws/lambda-app.ts';
import { serveLambda } from '../../support/aws/serve-lambda.ts';

const { aws, define } = await serveLambda(lambdaApp);
const logPermission = { Effect: 'Allow', Action: 'logs:*', Resource: '*' };

beforeAll(() => {
  aws.role('function', logPermission);
});

describe('templates that are refused', () => {
  test.each([
    ['another runtime', { Runtime: 'python3.14' }, /only nodejs24.x/],
    ['a reserved variable', { Environment: { Variables: { AWS_REGION: REGION } } }, /AWS_REGION is reserved/],
    ['over 4 KB of variables', { Environment: { Variables: { BIG: 'x'.repeat(4096) } } }, /4099 of 4096/],
    ['a timeout of an hour', { Timeout: 3600 }, /900/],
    ['layers', { Layers: ['arn:aws:lambda:eu-west-1:1:layer:x:1'] }, /Layers/],
    [
      'a durable function whose executions never time out',
      { DurableConfig: { RetentionPeriodInDays: 7 } },
      /ExecutionTimeout/,
    ],
    ['a role that nobody made', { Role: `arn:aws:iam::${ACCOUNT_ID}:role/nobody` }, /cannot be assumed by Lambda/],
    ['a VPC that its role cannot enter', { VpcConfig: { SubnetIds: ['subnet-1'] } }, /CreateNetworkInterface/],
    ['a package that is not there', { Code: { S3Key: 'stack/other.zip' } }, /no package stack\/other.zip/],
  ])('%s', async (_what, properties, reason) => {
    await expect(define('refused', properties)).rejects.toThrow(reason);
  });
});
