import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { defineHandler, type HandlerDefinition } from '../../../../shared/lambda/handler.ts';
import type { RunContext } from '../../../../shared/run/run-context.ts';
import { type CapturedOutput, captureOutput, lambdaContext } from '../../../support/aws/lambda.ts';

const schema = z.object({ wanted: z.string() });
type Event = z.infer<typeof schema>;

const handlerOf = (run: HandlerDefinition<Event, RunContext, string>['run'], deadlineReserveMs = 100) =>
  defineHandler<Event, RunContext, string>({
    procedure: 'cluster-health',
    schema,
    ports: (context) => context,
    run,
    summary: (result) => ({ observation: { brokers: 3 }, decision: { result }, outcome: 'reported' }),
    deadlineReserveMs,
  });

describe('an alias with events of its own', () => {
  const narrow = z.object({ narrow: z.literal(true) }).transform((): Event => ({ wanted: 'by the alias' }));
  const handler = defineHandler<Event, RunContext, string>({
    procedure: 'cluster-health',
    schema,
    schemaByAlias: { narrow },
    ports: (context) => context,
    run: async ({ wanted }) => wanted,
    summary: () => ({ observation: {}, decision: {}, outcome: 'done' }),
  });
  const by = (qualifier: string) => {
    const context = lambdaContext();
    return { ...context, invokedFunctionArn: `${context.invokedFunctionArn}:${qualifier}` };
  };

  test('brings these and no others; what comes otherwise brings the function’s own', async () => {
    expect(await handler({ narrow: true }, by('narrow'))).toBe('by the alias');
    await expect(handler({ wanted: 'x' }, by('narrow'))).rejects.toThrow('not one that this function accepts');
    for (const context of [lambdaContext(), by('$LATEST'), by('7'), by('other'), by('toString')]) {
      expect(await handler({ wanted: 'x' }, context)).toBe('x');
      await expect(handler({ narrow: true }, context)).rejects.toThrow('not one that this function accepts');
    }
  });
});

let output: CapturedOutput;
beforeEach(() => {
  vi.stubEnv('MSKEEPER_CLUSTER', 'orders');
  output = captureOutput();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const records = () => output.lines().map((line) => JSON.parse(line));
const logLines = () => records().filter((record) => record.level !== undefined);
const metricLines = () => records().filter((record) => record._aws !== undefined);

test('a run that finishes writes one line with what it saw, decided and did, what it cost and whether it was cold', async () => {
  const handler = handlerOf(async (event, ports) => {
    ports.calls.countRequests('kafka:ListNodes', 2);
    return event.wanted;
  });
  expect(await handler({ wanted: 'x', id: 'event-1' }, lambdaContext())).toBe('x');
  await handler({ wanted: 'y' }, lambdaContext());
  expect(logLines()).toEqual([
    expect.objectContaining({
      level: 'INFO',
      message: 'run finished',
      eventId: 'event-1',
      runId: '6f1c9a52-0000-4000-8000-000000000001',
      cluster: 'orders',
      procedure: 'cluster-health',
      isColdStart: true,
      durationMs: expect.any(Number),
      requestCountByCall: { 'kafka:ListNodes': 2 },
      observation: { brokers: 3 },
      decision: { result: 'x' },
      outcome: 'reported',
    }),
    expect.objectContaining({ isColdStart: false, eventId: '6f1c9a52-0000-4000-8000-000000000001' }),
  ]);
});

test('a finished run publishes nothing that Lambda counts itself', async () => {
  await handlerOf(async () => 'done')({ wanted: 'x' }, lambdaContext());
  expect(metricLines()).toEqual([]);
});

test('what a run measures is published by cluster and procedure, without any other dimension', async () => {
  const handler = handlerOf(async (_event, ports) => {
    ports.addMetric({ name: 'ScheduledRunCompleted', unit: 'Count', value: 1, by: 'procedure' });
    return 'done';
  });
  await handler({ wanted: 'x' }, lambdaContext());
  expect(metricLines()).toHaveLength(1);
  expect(metricLines()[0]).toMatchObject({ Cluster: 'orders', Procedure: 'cluster-health', ScheduledRunCompleted: 1 });
  expect(metricLines()[0]._aws.CloudWatchMetrics).toEqual([
    {
      Namespace: 'mskeeper',
      Dimensions: [['Cluster', 'Procedure']],
      Metrics: [{ Name: 'ScheduledRunCompleted', Unit: 'Count' }],
    },
  ]);
});

test('a metric of the run itself can stand under the cluster alone, and is published when the run fails too', async () => {
  const handler = handlerOf(async (_event, ports) => {
    ports.addMetric({ name: 'BrokersUnreachable', unit: 'Count', value: 1, by: 'cluster' });
    throw new DependencyError('s3:PutObject', 'denied', 'no');
  });
  await expect(handler({ wanted: 'x' }, lambdaContext())).rejects.toThrow('s3:PutObject: no');
  const [byCluster, ...others] = metricLines();
  expect(byCluster._aws.CloudWatchMetrics[0].Dimensions).toEqual([['Cluster']]);
  expect(byCluster).toMatchObject({ Cluster: 'orders', BrokersUnreachable: 1 });
  expect(others).toEqual([]);
  expect(logLines()).toEqual([
    expect.objectContaining({
      level: 'ERROR',
      message: 'run failed',
      outcome: 'failed',
      problem: expect.objectContaining({ name: 'DependencyError', call: 's3:PutObject', failure: 'denied' }),
    }),
  ]);
});

test('an event of another shape is refused with the path and what was expected there, and runs nothing', async () => {
  const run = vi.fn(async () => 'never');
  const failure = handlerOf(run)({ wanted: 7 }, lambdaContext());
  await expect(failure).rejects.toMatchObject({
    name: 'InvalidEventError',
    message: expect.stringContaining('wanted: '),
  });
  expect(run).not.toHaveBeenCalled();
  expect(logLines()).toHaveLength(1);
});

test('a stack that does not say which cluster it serves is refused by name', async () => {
  vi.stubEnv('MSKEEPER_CLUSTER', '');
  await expect(handlerOf(async () => 'x')({ wanted: 'x' }, lambdaContext())).rejects.toMatchObject({
    name: 'ConfigError',
    message: 'MSKEEPER_CLUSTER is not set',
  });
});

test('a call that hangs ends the run before the deadline with an error that names the call', async () => {
  const handler = handlerOf(async (_event, ports) => {
    let hasEnded = false;
    ports.calls.signal.addEventListener('abort', () => {
      hasEnded = true;
    });
    await ports.calls.track('kafka:DescribeClusterV2', () => new Promise(() => {}));
    return String(hasEnded);
  });
  const context = lambdaContext(250);
  await expect(handler({ wanted: 'x' }, context)).rejects.toMatchObject({
    name: 'DependencyError',
    call: 'kafka:DescribeClusterV2',
    failure: 'timed-out',
    message: expect.stringContaining('before the deadline of cluster-health'),
  });
  expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
});

test('a run that hangs without a call in flight is named itself', async () => {
  const failure = handlerOf(() => new Promise(() => {}))({ wanted: 'x' }, lambdaContext(200));
  await expect(failure).rejects.toMatchObject({ call: 'cluster-health', failure: 'timed-out' });
});

test('an SDK error that nobody caught becomes a DependencyError with its cause kept', async () => {
  const sdkError = Object.assign(new Error('Rate exceeded'), {
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 400, attempts: 3, requestId: 'r-1' },
  });
  const failure = handlerOf(async () => Promise.reject(sdkError))({ wanted: 'x' }, lambdaContext());
  await expect(failure).rejects.toMatchObject({
    name: 'DependencyError',
    failure: 'throttled',
    cause: expect.objectContaining({ name: 'ThrottlingException', message: 'Rate exceeded' }),
  });
});

test('a defect stays the error that it is', async () => {
  const failure = handlerOf(async () => Promise.reject(new TypeError('x is undefined')))(
    { wanted: 'x' },
    lambdaContext(),
  );
  await expect(failure).rejects.toMatchObject({ name: 'TypeError', message: 'x is undefined' });
});

describe('the answer to the invoker', () => {
  const answer = {
    message: 'password=planted-Hunter2',
    contact: { phone: '+1 555 010 0199' },
    body: 'H4sIAAAAAAAAA/AKIAIOSFODNN7EXAMPLE==',
    partitions: [{ topic: 'payment-token', lag: 7 }],
  };
  const answering = (isAnswerVerbatim?: boolean) =>
    defineHandler<Event, undefined, typeof answer>({
      procedure: 'kafka-read',
      schema,
      ports: () => undefined,
      run: async () => answer,
      summary: () => ({ observation: {}, decision: {}, outcome: 'answered' }),
      ...(isAnswerVerbatim !== undefined && { isAnswerVerbatim }),
    });

  test('is what the bucket would get: every key and number stays, secrets are marked', async () => {
    expect(await answering()({ wanted: 'x' }, lambdaContext())).toEqual({
      message: 'password=[redacted]',
      contact: { phone: '[redacted]' },
      body: 'H4sIAAAAAAAAA/[redacted key]==',
      partitions: [{ topic: 'payment-token', lag: 7 }],
    });
  });

  test('of the arm is exact to the byte, since a packed view that is altered cannot be unpacked', async () => {
    expect(await answering(true)({ wanted: 'x' }, lambdaContext())).toBe(answer);
  });
});
