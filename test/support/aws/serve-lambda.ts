import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, type InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll } from 'vitest';
import type { Credentials } from '../../../local/aws/iam/identities.ts';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { createLambda } from '../../../local/aws/services/lambda/lambda.ts';
import type { Sqs } from '../../../local/aws/services/sqs/sqs.ts';
import type { AwsWorld } from '../../../local/aws/world.ts';
import { ACCOUNT_ID, serveAws } from './aws.ts';
import { createResource } from './aws-resource.ts';
import { makeZip } from './zip.ts';

/**
 * The stand-in's Lambda, whose functions all come out of one package with these files; gone with the test file.
 *
 * @param createQueues where event source mappings find their queues; without it there are none
 */
export async function serveLambda(
  files: Readonly<Record<string, string>>,
  createQueues?: (world: AwsWorld) => Pick<Sqs, 'queue'>,
) {
  const aws = serveAws();
  const cloudWatch = createCloudWatch(aws.world, { putEvent: () => {} });
  const directory = await mkdtemp(join(tmpdir(), 'lambda-'));
  const archive = makeZip(files);
  const lambda = createLambda(aws.world, {
    cloudWatch,
    directory,
    readPackage: async (key) => {
      if (key !== 'stack/app.zip') throw new Error(`no package ${key}`);
      return archive;
    },
    endpointUrl: () => 'http://127.0.0.1:4566',
    ...(createQueues && { queues: createQueues(aws.world) }),
  });
  afterAll(async () => {
    await lambda.stop();
    await rm(directory, { recursive: true, force: true });
  });
  const client = (credentials: Credentials = aws.world.identities.admin) =>
    new LambdaClient({ ...aws.client(credentials), requestHandler: { requestTimeout: 20_000 } });
  return {
    aws,
    cloudWatch,
    lambda,
    directory,
    client,
    /** A function of the role `function`, which the test makes; `properties` are CloudFormation's. */
    define: (name: string, properties: object = {}) =>
      createResource(aws.world, 'AWS::Lambda::Function', {
        FunctionName: name,
        Handler: `src/app.${name}`,
        Runtime: 'nodejs24.x',
        Role: `arn:aws:iam::${ACCOUNT_ID}:role/function`,
        Code: { S3Bucket: 'deployments', S3Key: 'stack/app.zip' },
        Timeout: 5,
        MemorySize: 256,
        ...properties,
      }),
    /** Its answer, parsed, and the tail of its log. */
    invoke: async (name: string, payload?: unknown, more: Partial<InvokeCommandInput> = {}) => {
      const answer = await client().send(
        new InvokeCommand({
          FunctionName: name,
          ...(payload === undefined ? {} : { Payload: JSON.stringify(payload) }),
          LogType: 'Tail',
          ...more,
        }),
      );
      const text = answer.Payload?.transformToString() ?? '';
      return {
        status: answer.StatusCode,
        error: answer.FunctionError,
        payload: text === '' ? undefined : JSON.parse(text),
        log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
      };
    },
    attemptsOf: (name: string) => lambda.invocations.filter((record) => record.functionName === name),
    /** All that was ever published of a metric, added up. */
    sumOf: (namespace: string, name: string, dimensions: Readonly<Record<string, string>>) =>
      cloudWatch.metrics
        .read({ namespace, name, dimensions }, 0, Number.MAX_SAFE_INTEGER)
        .reduce((sum, sample) => sum + sample.sum, 0),
  };
}
