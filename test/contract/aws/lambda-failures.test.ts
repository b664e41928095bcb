import { InvokeCommand } from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, test } from 'vitest';
import { lambdaApp } from '../../support/aws/lambda-app.ts';
import { serveLambda } from '../../support/aws/serve-lambda.ts';

const { aws, client, define, invoke, lambda } = await serveLambda(lambdaApp);
const logPermission = { Effect: 'Allow', Action: 'logs:*', Resource: '*' };

beforeAll(() => {
  aws.role('function', logPermission);
});

describe('a function that fails', () => {
  test.each([
    ['fails', {}, 'RangeError', 'out of range'],
    ['throwsText', {}, 'string', 'just text'],
    ['exits', {}, 'Runtime.ExitError', /Runtime exited with error: exit status 3$/],
    ['rejects', {}, 'Runtime.UnhandledPromiseRejection', 'Error: nobody listens'],
    ['callback', {}, 'Runtime.CallbackHandlerDeprecated', /callback-based/],
    ['value', {}, 'Runtime.HandlerNotFound', 'src/app.value is not a function'],
    ['missing', {}, 'Runtime.HandlerNotFound', 'src/app.missing is undefined or not exported'],
    ['broken', { Handler: 'broken.handler' }, 'Runtime.UserCodeSyntaxError', /SyntaxError/],
    ['lost', { Handler: 'lost.handler' }, 'Runtime.ImportModuleError', /no-such-package/],
    ['early', { Handler: 'early.handler' }, 'TypeError', 'no configuration'],
    ['hangs', { Handler: 'hangs.handler' }, 'Runtime.NodeJsExit', /Promise that was never settled/],
    ['nowhere', { Handler: 'nowhere.handler' }, 'Runtime.ImportModuleError', /Cannot find module 'nowhere'/],
    // A file's name ends at its first dot.
    ['dotted', { Handler: 'names.with.dots.handler' }, 'Runtime.ImportModuleError', /Cannot find module 'names'/],
  ])('%s with %j answers %s', async (name, properties, errorType, errorMessage) => {
    await define(name, properties);
    const { status, error, payload } = await invoke(name);
    expect(status).toBe(200);
    expect(error).toBe('Unhandled');
    expect(payload).toMatchObject({
      errorType,
      errorMessage: typeof errorMessage === 'string' ? errorMessage : expect.stringMatching(errorMessage),
    });
  });

  test('over its time is killed, and keeps what it logged', async () => {
    await define('sleeps', { Timeout: 1 });
    const { error, payload, log } = await invoke('sleeps');
    expect(error).toBe('Unhandled');
    expect(payload).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/),
    });
    expect(log).toMatch(/\tINFO\tbefore\n/);
    expect(log).toMatch(/Z \S+ Task timed out after 1\.00 seconds\n/);
    expect(log).toMatch(/\tStatus: timeout\n$/);
    expect(lambda.invocations.at(-1)).toMatchObject({ functionName: 'sleeps', status: 'timeout' });
  });

  test('over its memory is killed and named as such', async () => {
    await define('leaks', { MemorySize: 128, Timeout: 20 });
    const { payload, log } = await invoke('leaks');
    expect(payload.errorType).toBe('Runtime.ExitError');
    expect(log).toContain('Error Type: Runtime.OutOfMemory');
    expect(lambda.invocations.at(-1)).toMatchObject({ functionName: 'leaks', status: 'out-of-memory', memoryMb: 128 });
  });
});

describe('payload limits', () => {
  beforeAll(() => define('nothing'));

  test('an answer over 6 MB is an error of the function', async () => {
    await define('large');
    expect((await invoke('large', { bytes: 6_291_000 })).payload).toHaveLength(6_291_000);
    expect((await invoke('large', { bytes: 6_291_600 })).payload).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
  });

  test.each([
    ['6 MB synchronously', 6 * 1024 * 1024, {}],
    ['1 MB asynchronously', 1024 * 1024, { InvocationType: 'Event' as const }],
  ])('a request over %s is refused', async (_what, bytes, more) => {
    await expect(invoke('nothing', 'x'.repeat(bytes), more)).rejects.toMatchObject({
      name: 'RequestTooLargeException',
    });
  });

  test('a payload that is no JSON is refused', async () => {
    const send = client().send(new InvokeCommand({ FunctionName: 'nothing', Payload: 'not json' }));
    await expect(send).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
  });
});
