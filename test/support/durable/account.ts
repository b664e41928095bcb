import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetDurableExecutionCommand,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll } from 'vitest';
import { addCoreServices, type CoreServices } from '../../../local/aws/core-services.ts';
import type { Credentials } from '../../../local/aws/iam/identities.ts';
import { type CloudWatch, createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import type { DurableExecution } from '../../../local/aws/services/lambda/durable/execution.ts';
import { createLambda, type Lambda } from '../../../local/aws/services/lambda/lambda.ts';
import { ACCOUNT_ID, type AwsFixture, REGION, START_MS, serveAws } from '../aws/aws.ts';
import { createResource } from '../aws/aws-resource.ts';
import { bundleSource } from './bundle.ts';

/** An account with durable functions, on a manual clock, served over HTTP for the length of a test file. */
export type DurableAccount = AwsFixture & {
  readonly core: CoreServices;
  readonly cloudWatch: CloudWatch;
  readonly lambda: Lambda;
  readonly lambdaClient: (credentials?: Credentials) => LambdaClient;
  /** Starts an execution of `<function>:durable`, asynchronously unless told; gives its ARN. */
  readonly start: (functionName: string, more?: Partial<InvokeCommandInput>) => Promise<string>;
  /** Lets the world's time pass, and waits until nothing is under way. */
  readonly pass: (durationMs: number) => Promise<void>;
  readonly execution: (arn: string) => DurableExecution;
  readonly describe: (
    arn: string,
  ) => Promise<{ status: string | undefined; result: unknown; error: string | undefined }>;
  /** Sums a Lambda metric of a function over the whole life of the account. */
  readonly metric: (
    functionName: string,
    name: string,
  ) => { readonly sum: number; readonly samples: number; readonly last: number };
};

export const functionArn = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;

/**
 * @param source a module of handlers; every export named in `functions` becomes a durable function of that name with a
 *   version and the alias `durable`, every one in `plainFunctions` a plain one
 */
export async function serveDurable(options: {
  readonly source: string;
  readonly functions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly plainFunctions?: readonly string[];
  /** What the functions' role may do besides. */
  readonly statements?: readonly object[];
  /** Other roles by name, with their statements. */
  readonly roles?: Readonly<Record<string, readonly object[]>>;
}): Promise<DurableAccount> {
  const aws = serveAws();
  const core = addCoreServices(aws.world);
  const cloudWatch = createCloudWatch(aws.world, { putEvent: () => {} });
  const directory = await mkdtemp(join(tmpdir(), 'durable-'));
  const archive = await bundleSource(options.source);
  const lambda = createLambda(aws.world, {
    cloudWatch,
    directory,
    readPackage: async () => archive,
    endpointUrl: () => aws.client().endpoint,
    putEvent: (event) => core.eventBridge.deliver('default', event),
  });
  const lambdaClient = (credentials = aws.world.identities.admin) =>
    new LambdaClient({ ...aws.client(credentials), requestHandler: { requestTimeout: 20_000 } });
  const define = async (name: string, properties: object): Promise<void> => {
    await createResource(aws.world, 'AWS::Lambda::Function', {
      FunctionName: name,
      Handler: `index.${name}`,
      Runtime: 'nodejs24.x',
      Role: `arn:aws:iam::${ACCOUNT_ID}:role/durable`,
      Code: { S3Key: 'durable.zip' },
      Timeout: 10,
      MemorySize: 512,
      ...properties,
    });
  };
  const execution = (arn: string): DurableExecution => {
    const found = lambda.durable.executions().find((each) => each.arn === arn);
    if (found === undefined) throw new Error(`no execution ${arn}`);
    return found;
  };

  beforeAll(async () => {
    aws.role(
      'durable',
      { Effect: 'Allow', Action: 'logs:*', Resource: '*' },
      {
        Effect: 'Allow',
        Action: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
        Resource: `${functionArn('*')}:*/durable-execution/*/*`,
      },
      ...(options.statements ?? []),
    );
    for (const [name, statements] of Object.entries(options.roles ?? {})) aws.role(name, ...statements);
    for (const name of options.plainFunctions ?? []) await define(name, {});
    for (const [name, { DurableConfig, ...properties }] of Object.entries(options.functions)) {
      await define(name, {
        ...properties,
        DurableConfig: { ExecutionTimeout: 900, RetentionPeriodInDays: 7, ...Object(DurableConfig) },
      });
      await createResource(aws.world, 'AWS::Lambda::Version', { FunctionName: name });
      const alias = { FunctionName: name, FunctionVersion: '1', Name: 'durable' };
      await createResource(aws.world, 'AWS::Lambda::Alias', alias);
    }
  });
  afterAll(async () => {
    await lambda.stop();
    await rm(directory, { recursive: true, force: true });
  });

  return {
    ...aws,
    core,
    cloudWatch,
    lambda,
    lambdaClient,
    execution,
    async start(functionName, more = {}) {
      const command = new InvokeCommand({ FunctionName: `${functionName}:durable`, InvocationType: 'Event', ...more });
      const { DurableExecutionArn: arn } = await lambdaClient().send(command);
      if (arn === undefined) throw new Error('the answer names no execution');
      await lambda.idle();
      return arn;
    },
    async pass(durationMs) {
      await aws.clock.advanceTo(aws.clock.nowMs() + durationMs);
      await lambda.idle();
    },
    async describe(arn) {
      const {
        Status: status,
        Result: text,
        Error: error,
      } = await lambdaClient().send(new GetDurableExecutionCommand({ DurableExecutionArn: arn }));
      const result: unknown = text === undefined ? undefined : JSON.parse(text);
      return { status, result, error: error && `${error.ErrorType}: ${error.ErrorMessage}` };
    },
    metric(functionName, name) {
      const id = { namespace: 'AWS/Lambda', name, dimensions: { FunctionName: functionName } };
      const samples = cloudWatch.metrics.read(id, START_MS - 1, Number.MAX_SAFE_INTEGER);
      return {
        sum: samples.reduce((sum, sample) => sum + sample.sum, 0),
        samples: samples.length,
        last: samples.at(-1)?.maximum ?? Number.NaN,
      };
    },
  };
}
