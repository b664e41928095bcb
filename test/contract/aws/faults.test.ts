import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DescribeClusterV2Command, KafkaClient } from '@aws-sdk/client-kafka';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/core/protocols';
import { afterEach, describe, expect, test } from 'vitest';
import { addCoreServices } from '../../../local/aws/core-services.ts';
import type { Fault } from '../../../local/aws/faults.ts';
import { serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';

const aws = serveAws();
addCoreServices(aws.world);
const everything = () => aws.role('everything', { Effect: 'Allow', Action: '*', Resource: '*' });
const clusterArn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/x-1';
afterEach(() => aws.world.faults.clear());

/** One call of each protocol, by a role whose policy allows it. */
const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  'kafka:DescribeClusterV2': () =>
    new KafkaClient(aws.client(everything())).send(new DescribeClusterV2Command({ ClusterArn: clusterArn })),
  'sns:Publish': () =>
    new SNSClient(aws.client(everything())).send(new PublishCommand({ TopicArn: 'arn:t', Message: 'm' })),
  's3:GetObject': () => new S3Client(aws.client(everything())).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })),
  'ssm:GetParameter': () => new SSMClient(aws.client(everything())).send(new GetParameterCommand({ Name: 'n' })),
};
const outcomeOf = (operation: string, fault: Fault): Promise<unknown> => {
  aws.world.faults.inject({ operation, fault, times: 1 });
  return (calls[operation] ?? (() => Promise.reject(new Error(`no call for ${operation}`))))().then(
    () => 'no error',
    (error: unknown) => error,
  );
};

describe('faults', () => {
  test.each([
    ['kafka:DescribeClusterV2', 'TooManyRequestsException', 429],
    ['sns:Publish', 'ThrottledException', 429],
    ['s3:GetObject', 'SlowDown', 503],
    ['ssm:GetParameter', 'ThrottlingException', 400],
  ])('throttling of %s looks like %s', async (operation, name, httpStatusCode) => {
    expect(await outcomeOf(operation, 'throttle')).toMatchObject({ name, $metadata: { httpStatusCode } });
  });

  test.each([
    ['kafka:DescribeClusterV2', 'InternalServerErrorException'],
    ['sns:Publish', 'InternalErrorException'],
    ['s3:GetObject', 'InternalError'],
    ['ssm:GetParameter', 'InternalServerError'],
  ])('a broken %s looks like %s', async (operation, name) => {
    expect(await outcomeOf(operation, 'server-error')).toMatchObject({
      name,
      $fault: 'server',
      $metadata: { httpStatusCode: 500 },
    });
  });

  test.each([
    ['kafka:DescribeClusterV2', 'AccessDeniedException'],
    ['sns:Publish', 'AuthorizationErrorException'],
    ['s3:GetObject', 'AccessDenied'],
    ['ssm:GetParameter', 'AccessDeniedException'],
  ])('a denial of %s looks like %s', async (operation, name) => {
    expect(await outcomeOf(operation, 'deny')).toMatchObject({
      name,
      message: expect.stringContaining(`is not authorized to perform: ${operation}`),
    });
  });

  test.each(['kafka:DescribeClusterV2', 'ssm:GetParameter'])(
    'garbage from %s is an error of reading',
    async (operation) => {
      expect(await outcomeOf(operation, 'garbage')).toBeInstanceOf(SyntaxError);
    },
  );

  test('garbage from SNS is an error of reading', async () => {
    expect(await outcomeOf('sns:Publish', 'garbage')).toBeInstanceOf(Error);
  });

  test('a call that hangs ends by the client’s own timeout', async () => {
    expect(await outcomeOf('kafka:DescribeClusterV2', 'hang')).toMatchObject({ name: 'TimeoutError' });
  });

  test('a call whose answer is lost has done its work, and the SDK sends it once more', async () => {
    await createResource(aws.world, 'AWS::S3::Bucket', { BucketName: 'kept' });
    const s3 = new S3Client({ ...aws.client(everything()), maxAttempts: 2 });
    aws.world.faults.inject({ operation: 's3:PutObject', fault: 'lost-answer', times: 1 });
    const put = new PutObjectCommand({ Bucket: 'kept', Key: 'once', Body: 'v', IfNoneMatch: '*' });
    await expect(s3.send(put)).rejects.toMatchObject({ name: 'PreconditionFailed' });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'kept', Key: 'once' }));
    expect(await Body?.transformToString()).toBe('v');
    const outcomes = aws.world.calls.of('s3:PutObject').map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['lost', 'PreconditionFailed']);
  });

  test('a fault hits only as often as told, and never the admin', async () => {
    expect(await outcomeOf('ssm:GetParameter', 'throttle')).toMatchObject({ name: 'ThrottlingException' });
    await expect(calls['ssm:GetParameter']?.()).rejects.toMatchObject({ name: 'ParameterNotFound' });
    const lift = aws.world.faults.inject({ operation: 'ssm:*', fault: 'deny' });
    const admin = new SSMClient(aws.client());
    await expect(admin.send(new GetParameterCommand({ Name: 'n' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    lift();
    await expect(calls['ssm:GetParameter']?.()).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });
});

describe('who calls', () => {
  const parameter = new GetParameterCommand({ Name: 'n' });

  test('an unknown key is refused in each service’s own words', async () => {
    const stranger = { accessKeyId: 'ASIANOBODYKNOWSTHIS', secretAccessKey: 'x', sessionToken: 'y' };
    const ssm = new SSMClient(aws.client(stranger)).send(parameter);
    await expect(ssm).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      $metadata: { httpStatusCode: 403 },
    });
    const sns = new SNSClient(aws.client(stranger)).send(new PublishCommand({ TopicArn: 't', Message: 'm' }));
    await expect(sns).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
    const s3 = new S3Client(aws.client(stranger)).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
    await expect(s3).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  });

  test('a known key with a wrong secret, or the token of another session, is refused', async () => {
    const forged = { ...aws.world.identities.admin, secretAccessKey: 'guessed' };
    await expect(new SSMClient(aws.client(forged)).send(parameter)).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    const swapped = { ...everything(), sessionToken: aws.world.identities.admin.sessionToken };
    await expect(new SSMClient(aws.client(swapped)).send(parameter)).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  test('a session’s key without its token, or with another one’s, is refused in each service’s own words', async () => {
    const { accessKeyId, secretAccessKey } = everything();
    const { sessionToken: another } = aws.world.identities.admin;
    const outcomesOf = async (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) => {
      const client = { ...aws.client(), credentials, maxAttempts: 1 };
      const asked = [
        new SSMClient(client).send(parameter),
        new SNSClient(client).send(new PublishCommand({ TopicArn: 't', Message: 'm' })),
        new STSClient(client).send(new GetCallerIdentityCommand({})),
        new KafkaClient(client).send(new DescribeClusterV2Command({ ClusterArn: clusterArn })),
        new S3Client({ ...client, forcePathStyle: true }).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })),
      ];
      const settled = await Promise.allSettled(asked);
      return settled.map((one) => (one.status === 'rejected' ? one.reason.name : 'answered'));
    };
    const refused = ['UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidClientTokenId'];
    const byMsk = 'UnrecognizedClientException';
    expect(await outcomesOf({ accessKeyId, secretAccessKey })).toEqual([...refused, byMsk, 'InvalidAccessKeyId']);
    expect(await outcomesOf({ accessKeyId, secretAccessKey, sessionToken: another })).toEqual([
      ...refused,
      byMsk,
      'InvalidToken',
    ]);
  });

  test('a compressed body that is none is refused and recorded', async () => {
    const ssm = new SSMClient(aws.client());
    ssm.middlewareStack.add(
      (next) => (sent) => {
        if (HttpRequest.isInstance(sent.request)) sent.request.headers['content-encoding'] = 'gzip';
        return next(sent);
      },
      { step: 'build' },
    );
    await expect(ssm.send(parameter)).rejects.toMatchObject({ name: 'SerializationException' });
    expect(aws.world.calls.all.at(-1)).toMatchObject({ operation: 'unknown', outcome: 'SerializationException' });
  });

  test('an unsigned request is refused', async () => {
    const response = await fetch(`${aws.client().endpoint}/v1/clusters`);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ message: 'Missing Authentication Token' });
  });

  test('a service and an operation that are not served say so', async () => {
    const client = new CloudWatchClient(aws.client()).send(new DescribeAlarmsCommand({}));
    await expect(client).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('serves no monitoring'),
    });
    const bus = new EventBridgeClient(aws.client()).send(new CreateEventBusCommand({ Name: 'x' }));
    await expect(bus).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('events:CreateEventBus'),
    });
  });

  test('a grant that is taken away is denied in IAM’s words, on its own resources alone, and counted', async () => {
    const read = calls['ssm:GetParameter'] ?? Promise.reject;
    const takeAway = (resource: string) =>
      aws.world.faults.takeAway({
        roleName: 'everything',
        action: 'ssm:GetParameter',
        resources: [`arn:aws:ssm:eu-west-1:111122223333:parameter/${resource}`],
      });
    const asked = takeAway('n');
    const askedElsewhere = takeAway('n2');
    await expect(read()).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('because no identity-based policy allows the ssm:GetParameter action'),
    });
    expect([asked(), askedElsewhere()]).toEqual([1, 0]);
    aws.world.faults.clear();
    await expect(read()).rejects.toMatchObject({ name: 'ParameterNotFound' });
    expect(asked()).toBe(1);
  });

  test('every call is recorded with its caller and outcome', async () => {
    const before = aws.world.calls.of('ssm:GetParameter').length;
    await calls['ssm:GetParameter']?.().catch(() => undefined);
    await outcomeOf('ssm:GetParameter', 'throttle');
    expect(aws.world.calls.of('ssm:GetParameter').slice(before)).toMatchObject([
      {
        roleName: 'everything',
        outcome: 'ParameterNotFound',
        principalArn: 'arn:aws:sts::111122223333:assumed-role/everything/everything',
      },
      { roleName: 'everything', outcome: 'fault:throttle' },
    ]);
  });
});
