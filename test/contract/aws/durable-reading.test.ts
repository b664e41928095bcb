import {
  type EventType,
  GetDurableExecutionCommand,
  GetDurableExecutionHistoryCommand,
  GetFunctionConfigurationCommand,
  ListDurableExecutionsByFunctionCommand,
  type ListDurableExecutionsByFunctionCommandInput,
} from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, test } from 'vitest';
import { createResource } from '../../support/aws/aws-resource.ts';
import { functionArn, serveDurable } from '../../support/durable/account.ts';

const minuteMs = 60_000;
const account = await serveDurable({
  source: `
    import { withDurableExecution } from '@aws/durable-execution-sdk-js';
    export const works = withDurableExecution(async (event, context) => {
      const one = await context.step('one', async ({ attempt }) => {
        if (attempt === 1) throw new Error('not yet');
        return 'secret';
      }, { retryStrategy: () => ({ shouldRetry: true, delay: { seconds: 30 } }) });
      await context.wait('pause', { seconds: 30 });
      return one.length;
    });
    export const ends = withDurableExecution(async (event) => event);`,
  functions: { works: { DurableConfig: { ExecutionTimeout: 600, RetentionPeriodInDays: 3 } }, ends: {} },
});
const list = async (input: Partial<ListDurableExecutionsByFunctionCommandInput>) => {
  const { DurableExecutions: listed = [], NextMarker: marker } = await account
    .lambdaClient()
    .send(new ListDurableExecutionsByFunctionCommand({ FunctionName: 'ends', ...input }));
  return { names: listed.map(({ DurableExecutionName: name }) => name), marker, listed };
};

describe('a description', () => {
  test('tells input, result, version and settings, and less where less is asked', async () => {
    const arn = await account.start('works', { DurableExecutionName: 'described', Payload: '{"n":1}' });
    await account.pass(minuteMs);
    const full = await account.lambdaClient().send(new GetDurableExecutionCommand({ DurableExecutionArn: arn }));
    expect(full).toMatchObject({
      DurableExecutionName: 'described',
      FunctionArn: functionArn('works:1'),
      Version: '1',
      Status: 'SUCCEEDED',
      InputPayload: '{"n":1}',
      Result: '6',
      DurableConfig: { ExecutionTimeout: 600, RetentionPeriodInDays: 3 },
    });
    expect(full.EndTimestamp?.getTime()).toBe((full.StartTimestamp?.getTime() ?? 0) + minuteMs);
    const bare = await account
      .lambdaClient()
      .send(new GetDurableExecutionCommand({ DurableExecutionArn: arn, IncludeExecutionData: false }));
    expect(bare).toMatchObject({ Status: 'SUCCEEDED', ExecutionDataIncluded: false });
    expect(bare).not.toHaveProperty('Result');
  });

  test('of what is not there is refused', async () => {
    const arn = `${functionArn('works')}:1/durable-execution/none/00000000-0000-0000-0000-000000000000`;
    await expect(
      account.lambdaClient().send(new GetDurableExecutionCommand({ DurableExecutionArn: arn })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } });
  });

  test('of the function tells its durable settings', async () => {
    const { DurableConfig: settings } = await account
      .lambdaClient()
      .send(new GetFunctionConfigurationCommand({ FunctionName: 'works' }));
    expect(settings).toEqual({ ExecutionTimeout: 600, RetentionPeriodInDays: 3 });
  });
});

describe('a history', () => {
  test('tells what happened, in order and page by page', async () => {
    const arn = await account.start('works');
    await account.pass(minuteMs);
    const read = async (more: object) =>
      account.lambdaClient().send(new GetDurableExecutionHistoryCommand({ DurableExecutionArn: arn, ...more }));
    const types: (EventType | undefined)[] = [];
    let marker: string | undefined;
    do {
      const page = await read({ MaxItems: 4, Marker: marker });
      types.push(...(page.Events ?? []).map(({ EventType: type }) => type));
      marker = page.NextMarker;
    } while (marker !== undefined);
    expect(types).toEqual([
      'ExecutionStarted',
      'StepStarted',
      'StepFailed',
      'InvocationCompleted',
      'StepStarted',
      'StepSucceeded',
      'WaitStarted',
      'InvocationCompleted',
      'WaitSucceeded',
      'InvocationCompleted',
      'ExecutionSucceeded',
    ]);
    const { Events: reversed = [] } = await read({ ReverseOrder: true });
    expect(reversed[0]).toMatchObject({ EventType: 'ExecutionSucceeded', EventId: 11 });
    expect(reversed.find(({ EventType: type }) => type === 'StepFailed')).toMatchObject({
      Name: 'one',
      StepFailedDetails: {
        Error: { Payload: { ErrorMessage: 'not yet' } },
        RetryDetails: { CurrentAttempt: 1, NextAttemptDelaySeconds: 30 },
      },
    });
    expect(JSON.stringify(reversed)).toContain('secret');
    expect(JSON.stringify((await read({ IncludeExecutionData: false })).Events)).not.toContain('secret');
    await expect(read({ Marker: 'bm8=' })).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });
});

describe('a list', () => {
  beforeAll(async () => {
    for (const name of ['first', 'second', 'third']) {
      await account.start('ends', { DurableExecutionName: name });
      await account.pass(minuteMs);
    }
    await createResource(account.world, 'AWS::Lambda::Version', { FunctionName: 'ends' });
    await account.start('ends', { FunctionName: 'ends:2', DurableExecutionName: 'of-version-two' });
    await account.start('works', { DurableExecutionName: 'running' });
  });

  test('is newest first, or the other way round', async () => {
    expect((await list({})).names).toEqual(['of-version-two', 'third', 'second', 'first']);
    expect((await list({ ReverseOrder: true })).names).toEqual(['first', 'second', 'third', 'of-version-two']);
  });

  test('is filtered by name, status, version and start', async () => {
    expect((await list({ DurableExecutionName: 'second' })).names).toEqual(['second']);
    expect((await list({ Statuses: ['RUNNING'] })).names).toEqual([]);
    expect((await list({ FunctionName: 'works', Statuses: ['RUNNING', 'FAILED'] })).names).toEqual(['running']);
    expect((await list({ Qualifier: '2' })).names).toEqual(['of-version-two']);
    const [second] = (await list({ DurableExecutionName: 'second' })).listed;
    expect((await list({ StartedAfter: second?.StartTimestamp ?? new Date() })).names).toEqual([
      'of-version-two',
      'third',
    ]);
    expect((await list({ StartedBefore: second?.StartTimestamp ?? new Date() })).names).toEqual(['first']);
  });

  test('comes page by page', async () => {
    const { names, marker } = await list({ MaxItems: 3 });
    expect(names).toEqual(['of-version-two', 'third', 'second']);
    expect(await list({ MaxItems: 3, Marker: marker })).toMatchObject({ names: ['first'], marker: undefined });
    await expect(list({ MaxItems: 1001 })).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });

  test('of a function that is not there is refused', async () => {
    await expect(list({ FunctionName: 'nobody' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
