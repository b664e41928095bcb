import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCoreServices, type CoreServices } from '../../../local/aws/core-services.ts';
import { parsePolicy, parseTrustPolicy } from '../../../local/aws/iam/policy.ts';
import { startAwsServer } from '../../../local/aws/server.ts';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { createLambda } from '../../../local/aws/services/lambda/lambda.ts';
import { type AwsWorld, createAwsWorld } from '../../../local/aws/world.ts';
import { type Clock, manualClock } from '../../../local/clock.ts';
import { ACCOUNT_ID, REGION, START_MS } from '../aws/aws.ts';
import { createResource } from '../aws/aws-resource.ts';
import type { TrialWorld } from './killed-run.ts';

/** A small account with one durable function, `trial:durable`, that may do everything. */
export type FixtureWorld = TrialWorld & { readonly aws: AwsWorld; readonly core: CoreServices; readonly url: string };

export const fixtureFunction = 'trial:durable';
export const fixtureTopicArn = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:effects`;

/**
 * Opens such an account on a clock of the caller's.
 *
 * @param archive the function's package: `index.mjs` with a `handler`
 * @param directory a folder of the account's own
 */
export async function openFixture(archive: Uint8Array, clock: Clock, directory: string) {
  const aws = createAwsWorld({ clock, accountId: ACCOUNT_ID, region: REGION });
  const core = addCoreServices(aws);
  const cloudWatch = createCloudWatch(aws, { putEvent: () => {} });
  const server = await startAwsServer(aws);
  const lambda = createLambda(aws, {
    cloudWatch,
    directory,
    readPackage: async () => archive,
    endpointUrl: () => server.url,
  });
  aws.identities.addRole({
    name: 'trial',
    policies: [parsePolicy({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })],
    trust: parseTrustPolicy({
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    }),
  });
  await createResource(aws, 'AWS::S3::Bucket', { BucketName: 'effects' });
  await createResource(aws, 'AWS::SNS::Topic', { TopicName: 'effects' });
  await createResource(aws, 'AWS::Lambda::Function', {
    FunctionName: 'trial',
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: `arn:aws:iam::${ACCOUNT_ID}:role/trial`,
    Code: { S3Key: 'trial.zip' },
    Timeout: 30,
    MemorySize: 512,
    DurableConfig: { ExecutionTimeout: 30 * 86_400 },
  });
  await createResource(aws, 'AWS::Lambda::Version', { FunctionName: 'trial' });
  await createResource(aws, 'AWS::Lambda::Alias', { FunctionName: 'trial', FunctionVersion: '1', Name: 'durable' });
  const close = async (): Promise<void> => {
    await lambda.stop();
    await server.close();
  };
  return { aws, core, url: server.url, lambda, close };
}

/** @returns opens such an account on a manual clock, each time a fresh one on a port of its own */
export const fixtureWorlds = (archive: Uint8Array) => async (): Promise<FixtureWorld> => {
  const clock = manualClock(START_MS);
  const directory = await mkdtemp(join(tmpdir(), 'durable-trial-'));
  const account = await openFixture(archive, clock, directory);
  const close = async (): Promise<void> => {
    await account.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { ...account, clock, close };
};
