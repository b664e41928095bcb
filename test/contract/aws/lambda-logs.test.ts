import { beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_ID, START_MS } from '../../support/aws/aws.ts';
import { lambdaApp } from '../../support/aws/lambda-app.ts';
import { serveLambda } from '../../support/aws/serve-lambda.ts';

const { aws, define, invoke, lambda, sumOf } = await serveLambda(lambdaApp);
const logPermission = { Effect: 'Allow', Action: 'logs:*', Resource: '*' };

beforeAll(() => {
  aws.role('function', logPermission);
  aws.role('silent');
});

describe('logs and metrics', () => {
  test('START, the lines, END and REPORT are in the group of the function', async () => {
    await define('talks');
    const { payload, log } = await invoke('talks');
    // The world's clock stands on another day than the machine's; the function lives in the world.
    expect(payload.slice(0, 16)).toBe(new Date(START_MS).toISOString().slice(0, 16));
    const lines = lambda.logs.read('/aws/lambda/talks').map(({ message }) => message);
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^START RequestId: \S+ Version: \$LATEST$/);
    expect(lines[1]).toMatch(/^2026-11-21T06:00:\d\d\.\d{3}Z\t\S+\tINFO\ttwo\nlines$/);
    expect(lines[2]).toMatch(/\tERROR\tbad luck$/);
    expect(lines[5]).toMatch(
      /^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms$/,
    );
    expect(log).toContain('two\nlines');
  });

  test('are JSON where the template says so', async () => {
    await define('talksJson', {
      Handler: 'src/app.talks',
      LoggingConfig: { LogFormat: 'JSON', LogGroup: 'shared-group' },
    });
    await invoke('talksJson');
    const [, first, second] = lambda.logs.read('shared-group').map(({ message }) => message);
    expect(JSON.parse(first ?? '')).toMatchObject({
      level: 'INFO',
      message: 'two\nlines',
      requestId: expect.any(String),
    });
    expect(JSON.parse(second ?? '')).toMatchObject({ level: 'ERROR', message: 'bad luck' });
  });

  test('embedded metrics are published', () => {
    expect(sumOf('mskeeper', 'RunCompleted', { Cluster: 'orders' })).toBe(2);
  });

  test('each invocation counts in AWS/Lambda, and a good one says that there were no errors', async () => {
    await define('fails');
    await invoke('fails');
    const of = (metric: string, FunctionName: string) => sumOf('AWS/Lambda', metric, { FunctionName });
    expect([of('Invocations', 'talks'), of('Errors', 'talks'), of('Throttles', 'talks')]).toEqual([1, 0, 0]);
    expect([of('Invocations', 'fails'), of('Errors', 'fails')]).toEqual([1, 1]);
    expect(of('Duration', 'talks')).toBeGreaterThan(0);
  });

  test('memory is noted', () => {
    const record = lambda.invocations.find(({ functionName }) => functionName === 'talks');
    expect(record?.maxMemoryMb).toBeGreaterThan(20);
    expect(record?.maxMemoryMb).toBeLessThan(256);
  });

  test('a role that may not write logs leaves none, and no embedded metric', async () => {
    const before = sumOf('mskeeper', 'RunCompleted', { Cluster: 'orders' });
    await define('mute', { Handler: 'src/app.talks', Role: `arn:aws:iam::${ACCOUNT_ID}:role/silent` });
    expect((await invoke('mute')).error).toBeUndefined();
    expect(lambda.logs.read('/aws/lambda/mute')).toEqual([]);
    expect(sumOf('mskeeper', 'RunCompleted', { Cluster: 'orders' })).toBe(before);
  });
});
