import {
  CheckpointDurableExecutionCommand,
  GetDurableExecutionCommand,
  GetDurableExecutionHistoryCommand,
  GetDurableExecutionStateCommand,
  InvokeCommand,
  type LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  SendDurableExecutionCallbackFailureCommand,
  SendDurableExecutionCallbackHeartbeatCommand,
  SendDurableExecutionCallbackSuccessCommand,
  StopDurableExecutionCommand,
} from '@aws-sdk/client-lambda';
import { beforeAll, expect, test } from 'vitest';
import { functionArn, serveDurable } from '../../support/durable/account.ts';

const account = await serveDurable({
  source: `
    import { withDurableExecution } from '@aws/durable-execution-sdk-js';
    export const asks = withDurableExecution(async (event, context) => context.waitForCallback('ask', async () => {}));
    export const denied = withDurableExecution(async (event, context) => context.step('one', async () => 1));`,
  functions: {
    asks: {},
    denied: { Role: 'arn:aws:iam::111122223333:role/without-checkpoints' },
  },
  roles: { 'without-checkpoints': [{ Effect: 'Allow', Action: 'logs:*', Resource: '*' }] },
});
let arn = '';
let callbackId = '';
beforeAll(async () => {
  arn = await account.start('asks');
  callbackId =
    account
      .execution(arn)
      .operations.all()
      .flatMap((each) => each.CallbackDetails?.CallbackId ?? [])[0] ?? '';
});

const onExecution: readonly (readonly [string, (client: LambdaClient) => Promise<unknown>])[] = [
  [
    'CheckpointDurableExecution',
    (client) =>
      client.send(new CheckpointDurableExecutionCommand({ DurableExecutionArn: arn, CheckpointToken: 'eA==' })),
  ],
  [
    'GetDurableExecutionState',
    (client) => client.send(new GetDurableExecutionStateCommand({ DurableExecutionArn: arn, CheckpointToken: 'eA==' })),
  ],
  ['GetDurableExecution', (client) => client.send(new GetDurableExecutionCommand({ DurableExecutionArn: arn }))],
  [
    'GetDurableExecutionHistory',
    (client) => client.send(new GetDurableExecutionHistoryCommand({ DurableExecutionArn: arn })),
  ],
  [
    'SendDurableExecutionCallbackHeartbeat',
    (client) => client.send(new SendDurableExecutionCallbackHeartbeatCommand({ CallbackId: callbackId })),
  ],
  [
    'SendDurableExecutionCallbackSuccess',
    (client) => client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId: callbackId })),
  ],
  [
    'SendDurableExecutionCallbackFailure',
    (client) => client.send(new SendDurableExecutionCallbackFailureCommand({ CallbackId: callbackId })),
  ],
  ['StopDurableExecution', (client) => client.send(new StopDurableExecutionCommand({ DurableExecutionArn: arn }))],
];
/** What a caller who was let in may still be told. */
const refusals = ['InvalidParameterValueException', 'CallbackTimeoutException'];
const outcome = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'allowed',
    (error: Error) => (refusals.includes(error.name) ? 'allowed' : error.name),
  );

test.each(onExecution)("%s needs its permission on the execution's ARN", async (operation, send) => {
  const allow = (name: string, action: string, resource: string) =>
    account.lambdaClient(account.role(name, { Effect: 'Allow', Action: `lambda:${action}`, Resource: resource }));
  const role = operation.slice(0, 40);
  const executions = `${functionArn('asks')}:*/durable-execution/*/*`;
  expect(await outcome(send(allow(`${role}-other`, 'InvokeFunction', '*')))).toBe('AccessDeniedException');
  const elsewhere = `${functionArn('other')}:*/durable-execution/*/*`;
  expect(await outcome(send(allow(`${role}-elsewhere`, operation, elsewhere)))).toBe('AccessDeniedException');
  expect(await outcome(send(allow(`${role}-function`, operation, functionArn('asks'))))).toBe('AccessDeniedException');
  expect(await outcome(send(allow(`${role}-here`, operation, executions)))).toBe('allowed');
});

test('a list needs its permission on the function', async () => {
  const list = (name: string, resource: string) =>
    outcome(
      account
        .lambdaClient(
          account.role(name, { Effect: 'Allow', Action: 'lambda:ListDurableExecutionsByFunction', Resource: resource }),
        )
        .send(new ListDurableExecutionsByFunctionCommand({ FunctionName: 'asks', Qualifier: 'durable' })),
    );
  expect(await list('list-here', functionArn('asks'))).toBe('allowed');
  expect(await list('list-elsewhere', functionArn('denied'))).toBe('AccessDeniedException');
});

test('a start needs its permission on the alias', async () => {
  const start = (name: string, resource: string) =>
    outcome(
      account
        .lambdaClient(account.role(name, { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: resource }))
        .send(new InvokeCommand({ FunctionName: 'asks:durable', InvocationType: 'Event' })),
    );
  expect(await start('start-here', functionArn('asks:durable'))).toBe('allowed');
  expect(await start('start-function', functionArn('asks'))).toBe('AccessDeniedException');
});

test('a function whose role may not checkpoint fails at its first step', async () => {
  const execution = await account.start('denied');
  expect(await account.describe(execution)).toMatchObject({
    status: 'FAILED',
    error: expect.stringContaining('not authorized to perform: lambda:CheckpointDurableExecution'),
  });
});
