import { InvokeCommand, type InvokeCommandInput } from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, test } from 'vitest';
import { createResource } from '../../support/aws/aws-resource.ts';
import { functionArn, serveDurable } from '../../support/durable/account.ts';

const dayMs = 86_400_000;
const account = await serveDurable({
  source: `
    import { withDurableExecution } from '@aws/durable-execution-sdk-js';
    export const keeps = withDurableExecution(async (event, context) => {
      await context.wait('pause', { minutes: 5 });
      return { event };
    });
    export const long = withDurableExecution(async (event) => event);
    export const plain = async (event) => event;
    export const fails = withDurableExecution(async () => { throw new RangeError('out of range'); });`,
  functions: { keeps: {}, long: { DurableConfig: { ExecutionTimeout: 901 } }, fails: {} },
  plainFunctions: ['plain'],
});
const invoke = async (input: Partial<InvokeCommandInput>) => {
  const command = new InvokeCommand({ FunctionName: 'keeps:durable', InvocationType: 'Event', ...input });
  const answer = await account.lambdaClient().send(command);
  return { ...answer, text: answer.Payload?.transformToString() };
};

describe('a name', () => {
  test('joins the running execution that has it and the same payload', async () => {
    const first = await invoke({ DurableExecutionName: 'same', Payload: '{"n":1}' });
    expect(first).toMatchObject({ StatusCode: 202, text: undefined });
    expect(first.DurableExecutionArn).toMatch(
      new RegExp(`^${functionArn('keeps')}:1/durable-execution/same/[0-9a-f-]{36}$`),
    );
    const second = await invoke({ DurableExecutionName: 'same', Payload: '{"n":1}' });
    expect(second.DurableExecutionArn).toBe(first.DurableExecutionArn);
    await account.lambda.idle();
    expect(account.execution(first.DurableExecutionArn ?? '').usage.invocationCount).toBe(1);
  });

  test('with another payload is refused with 409', async () => {
    await invoke({ DurableExecutionName: 'taken', Payload: '{"n":1}' });
    await expect(invoke({ DurableExecutionName: 'taken', Payload: '{"n":2}' })).rejects.toMatchObject({
      name: 'DurableExecutionAlreadyStartedException',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test('joins after the end too, with the result, until the retention is over', async () => {
    const { DurableExecutionArn: arn } = await invoke({ DurableExecutionName: 'ended', Payload: '{"n":1}' });
    await account.lambda.idle();
    await account.pass(300_000);
    const joined = await invoke({
      DurableExecutionName: 'ended',
      Payload: '{"n":1}',
      InvocationType: 'RequestResponse',
    });
    expect(joined).toMatchObject({ DurableExecutionArn: arn, ExecutedVersion: '1', text: '{"event":{"n":1}}' });
    await expect(invoke({ DurableExecutionName: 'ended', Payload: '{"n":2}' })).rejects.toThrow(/already been started/);
    await account.pass(7 * dayMs);
    const fresh = await invoke({ DurableExecutionName: 'ended', Payload: '{"n":2}' });
    expect(fresh.DurableExecutionArn).not.toBe(arn);
  });

  test('joins an execution that failed, without running it again', async () => {
    const input = { FunctionName: 'fails:durable', DurableExecutionName: 'failed', Payload: '{}' };
    const first = await invoke({ ...input, InvocationType: 'RequestResponse' });
    expect(first).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(JSON.parse(first.text ?? '')).toMatchObject({ errorType: 'RangeError', errorMessage: 'out of range' });
    const second = await invoke({ ...input, InvocationType: 'RequestResponse' });
    expect(second).toMatchObject({ DurableExecutionArn: first.DurableExecutionArn, FunctionError: 'Unhandled' });
  });

  test.each(['with a blank', 'dotted.name', 'x'.repeat(65)])('%j is refused', async (name) => {
    await expect(invoke({ DurableExecutionName: name })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });

  test('belongs to its function alone', async () => {
    const one = await invoke({ DurableExecutionName: 'shared', Payload: '{"n":1}' });
    const other = await invoke({ FunctionName: 'fails:durable', DurableExecutionName: 'shared', Payload: '{"n":2}' });
    expect(other.DurableExecutionArn).not.toBe(one.DurableExecutionArn);
  });

  test('is refused for a function that is not durable', async () => {
    await expect(invoke({ FunctionName: 'plain', DurableExecutionName: 'x' })).rejects.toThrow(
      /durable functions only/,
    );
  });
});

describe('an invocation', () => {
  test('without a qualifier is refused', async () => {
    await expect(invoke({ FunctionName: 'keeps' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('unqualified ARN'),
    });
  });

  test('without a name starts a fresh execution each time', async () => {
    const [one, two] = [await invoke({}), await invoke({})];
    expect(one.DurableExecutionArn).not.toBe(two.DurableExecutionArn);
  });

  test('waits for the end where it is synchronous', async () => {
    const answer = invoke({ InvocationType: 'RequestResponse', DurableExecutionName: 'sync', Payload: '{"n":3}' });
    await expect.poll(() => account.lambda.durable.executions().some(({ name }) => name === 'sync')).toBe(true);
    await account.lambda.idle();
    await account.pass(300_000);
    expect((await answer).text).toBe('{"event":{"n":3}}');
  });

  test('is refused synchronously where an execution may take longer than 15 minutes', async () => {
    await expect(invoke({ FunctionName: 'long:durable', InvocationType: 'RequestResponse' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
    await expect(invoke({ FunctionName: 'long:durable' })).resolves.toMatchObject({ StatusCode: 202 });
  });
});

describe('other services', () => {
  const permission = (target: string, sourceArn: string, principal = 'events.amazonaws.com') =>
    createResource(account.world, 'AWS::Lambda::Permission', {
      FunctionName: target,
      Action: 'lambda:InvokeFunction',
      Principal: principal,
      SourceArn: sourceArn,
    });
  const alias = functionArn('keeps:durable');
  const rule = (name: string) => functionArn('').replace(':lambda:', ':events:').replace('function:', `rule/${name}`);
  const startedBy = (source: string) =>
    account.lambda.durable.executions().filter(({ start }) => start.invokedBy === source);
  beforeAll(async () => {
    await permission(alias, rule('wakes'));
    await permission(alias, rule('every-hour'));
    await createResource(account.world, 'AWS::Events::Rule', {
      Name: 'wakes',
      EventPattern: { source: ['mskeeper'] },
      Targets: [{ Id: 'run', Arn: alias }],
    });
    await createResource(account.world, 'AWS::Events::Rule', {
      Name: 'unqualified',
      EventPattern: { source: ['mskeeper'] },
      Targets: [{ Id: 'run', Arn: functionArn('keeps') }],
    });
    await createResource(account.world, 'AWS::Events::Rule', {
      Name: 'every-hour',
      ScheduleExpression: 'rate(1 hour)',
      Targets: [{ Id: 'run', Arn: alias }],
    });
  });

  test("start an execution of an alias by a rule, with the event as its input; a function's own ARN gets none", async () => {
    const event = {
      version: '0',
      id: 'e',
      'detail-type': 'wake',
      source: 'mskeeper',
      account: '1',
      time: '',
      region: '',
    };
    await account.core.eventBridge.deliver('default', { ...event, resources: [], detail: { n: 4 } } as never);
    await account.lambda.idle();
    const [execution] = startedBy(rule('wakes'));
    expect(JSON.parse(execution?.payload ?? '')).toMatchObject({ detail: { n: 4 } });
    expect(account.core.eventBridge.lost).toMatchObject([{ targetArn: functionArn('keeps') }]);
  });

  test('start one by a schedule', async () => {
    await account.pass(3_600_000);
    expect(startedBy(rule('every-hour')).length).toBeGreaterThan(0);
  });
});
