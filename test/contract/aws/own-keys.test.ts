import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from 'vitest';
import { addCoreServices } from '../../../local/aws/core-services.ts';
import { serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
const services = addCoreServices(aws.world);
const key = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-0000-4000-8000-000000000000';
const via = (service: string) => ({ StringEquals: { 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` } });
const onBucket = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'], Resource: '*' };
const onKey = (actions: readonly string[], service: string, Resource = key) => ({
  Effect: 'Allow',
  Action: actions,
  Resource,
  Condition: via(service),
});

beforeAll(async () => {
  await createResource(aws.world, 'AWS::S3::Bucket', {
    BucketName: 'sealed',
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key }, BucketKeyEnabled: true },
      ],
    },
  });
  await createResource(aws.world, 'AWS::S3::Bucket', {
    BucketName: 'usual',
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
  });
  await createResource(aws.world, 'AWS::SQS::Queue', { QueueName: 'sealed', KmsMasterKeyId: key });
  await createResource(aws.world, 'AWS::SQS::Queue', { QueueName: 'usual', SqsManagedSseEnabled: true });
});

describe('a bucket under a key of the user’s', () => {
  const outcomesOf = async (bucket: string, name: string, ...statements: readonly object[]) => {
    const client = new S3Client({ ...aws.client(aws.role(name, onBucket, ...statements)), forcePathStyle: true });
    const put = client.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: 'text' })).then(
      () => 'written',
      ({ name: error }: Error) => error,
    );
    const written = await put;
    if (written !== 'written')
      await new S3Client({ ...aws.client(), forcePathStyle: true }).send(
        new PutObjectCommand({ Bucket: bucket, Key: name, Body: 'text' }),
      );
    const read = await client.send(new GetObjectCommand({ Bucket: bucket, Key: name })).then(
      () => 'read',
      ({ name: error }: Error) => error,
    );
    return [written, read];
  };

  test.each<[what: string, name: string, statements: readonly object[], outcomes: readonly string[]]>([
    ['may neither write nor read without it', 'a', [], ['AccessDenied', 'AccessDenied']],
    ['writes with what makes data keys', 'b', [onKey(['kms:GenerateDataKey'], 's3')], ['written', 'AccessDenied']],
    ['reads with what decrypts', 'c', [onKey(['kms:Decrypt'], 's3')], ['AccessDenied', 'read']],
    ['does both with both', 'd', [onKey(['kms:Decrypt', 'kms:GenerateDataKey'], 's3')], ['written', 'read']],
    [
      'does neither where the key is for another service',
      'e',
      [onKey(['kms:Decrypt', 'kms:GenerateDataKey'], 'sqs')],
      ['AccessDenied', 'AccessDenied'],
    ],
    [
      'does neither with another key',
      'f',
      [onKey(['kms:Decrypt', 'kms:GenerateDataKey'], 's3', key.replace('1111-', '2222-'))],
      ['AccessDenied', 'AccessDenied'],
    ],
  ])('who may use the bucket %s', async (_what, name, statements, outcomes) => {
    expect(await outcomesOf('sealed', name, ...statements)).toEqual(outcomes);
  });

  test('one under S3’s own key asks nobody', async () => {
    expect(await outcomesOf('usual', 'g')).toEqual(['written', 'read']);
  });
});

describe('a queue under a key of the user’s', () => {
  const send = async (queue: string, role: string, ...statements: readonly object[]) => {
    aws.role(role, { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }, ...statements);
    const sender = {
      kind: 'role',
      roleArn: `arn:aws:iam::111122223333:role/${role}`,
      service: 'lambda.amazonaws.com',
      sourceArn: 'arn:aws:lambda:eu-west-1:111122223333:function:one',
    } as const;
    const targetArn = `arn:aws:sqs:eu-west-1:111122223333:${queue}`;
    return aws.world.deliver({ sender, targetArn, payload: role }).then(
      () => services.sqs.queue(queue).messages.some(({ body }) => body === role),
      ({ code }: { readonly code: string }) => code,
    );
  };

  test('takes what failed from a role that may use the key through SQS, and from no other', async () => {
    const both = ['kms:Decrypt', 'kms:GenerateDataKey'];
    expect(await send('sealed', 'without')).toBe('AccessDeniedException');
    expect(await send('sealed', 'by-half', onKey(['kms:GenerateDataKey'], 'sqs'))).toBe('AccessDeniedException');
    expect(await send('sealed', 'elsewhere', onKey(both, 's3'))).toBe('AccessDeniedException');
    expect(await send('sealed', 'with', onKey(both, 'sqs'))).toBe(true);
    expect(await send('usual', 'plain')).toBe(true);
  });
});
