import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { createKafkaArmClient, fetchClusterView } from '../../../../shared/aws/kafka-arm.ts';
import type { ClusterView, LookRequest } from '../../../../shared/core/cluster-view.ts';
import { DependencyError, dependencyFailures } from '../../../../shared/core/errors.ts';
import { encodeClusterView } from '../../../../shared/kafka/view/payload.ts';
import { defineHandler } from '../../../../shared/lambda/handler.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import {
  type AnsweringServer,
  errorAnswer,
  jsonAnswer,
  startAnsweringServer,
} from '../../../support/aws/answering-server.ts';
import { captureOutput, lambdaContext } from '../../../support/aws/lambda.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const request: LookRequest = {
  groups: true,
  commits: false,
  ends: 'latest',
  logDirectories: true,
  topicSettings: ['min.insync.replicas'],
  expectedBrokerIds: [1, 2, 3],
};
const view: ClusterView = {
  version: 1,
  takenAtMs: 1_772_355_880_000,
  durationMs: 12,
  controller: { brokerId: 1, toldBy: 'quorum' },
  brokers: [{ id: 1, host: 'b-1', port: 9092, answerMs: 4, requestCount: 3 }],
  topics: [],
  witnesses: [],
  absentBrokerIds: [2],
  problems: [],
  requestCountByApi: { Metadata: 1 },
};
const withinMs = 20_000;
const look = (signal = new AbortController().signal, patienceMs = 30_000) =>
  fetchClusterView(
    createKafkaArmClient(),
    openCallScope(signal),
    'mskeeper-orders-kafka-read',
    { bootstrapServers: ['b-1:9092'], withinMs, patienceMs },
    request,
  );
const functionError = (errorType: string, errorMessage: string) =>
  jsonAnswer({ errorType, errorMessage, trace: [] }, 200, { 'x-amz-function-error': 'Unhandled' });

test('the arm is invoked with a versioned request and its view comes back whole', async () => {
  server.answerWith(() => jsonAnswer(encodeClusterView(view)));
  expect(await look()).toEqual(view);
  expect(server.requests[0]?.path).toBe('/2015-03-31/functions/mskeeper-orders-kafka-read/invocations');
  expect(server.requests[0]?.headers['x-amz-invocation-type']).toBe('RequestResponse');
  expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
    version: 1,
    operation: 'look',
    bootstrapServers: ['b-1:9092'],
    request,
    withinMs,
  });
});

test.each([
  ['DependencyError', '[denied] ', 'secretsmanager:GetSecretValue: AccessDeniedException: no', 'denied'],
  ['DependencyError', '[bad-answer] ', 'secretsmanager:GetSecretValue: bad answer: SecretString: x', 'bad-answer'],
  ['DependencyError', '[timed-out] ', 'Kafka look: no answer before the deadline of kafka-read', 'timed-out'],
  // The words of other failures further back prove nothing, nor does one that nobody knows, or another kind of error.
  ['DependencyError', '[unreachable] ', 'Kafka look: timed-out: denied: y', 'unreachable'],
  ['DependencyError', '', 'Kafka look: timed-out: denied: y', 'failed'],
  ['DependencyError', '', '[strange] Kafka look: y', 'failed'],
  ['Error', '', '[denied] who knows', 'failed'],
  ['InvalidEventError', '', 'bootstrapServers: not in the cluster', 'failed'],
  ['Sandbox.Timedout', '', 'RequestId: 1 Error: Task timed out after 30.00 seconds', 'timed-out'],
  ['', '', '2026-03-01T09:00:00.000Z 1 Task timed out after 30.00 seconds', 'timed-out'],
  ['Runtime.ExitError', '', 'RequestId: 1 Error: Runtime exited', 'failed'],
])('an error of the function, %s "%s%s", is told with its failure', async (type, first, message, failure) => {
  server.answerWith(() => functionError(type, `${first}${message}`));
  await expect(look()).rejects.toMatchObject({
    name: 'DependencyError',
    call: 'kafka/read',
    failure,
    message: `kafka/read: ${type || 'Unhandled'}: ${message}`,
  });
});

/** What the arm's frame throws, as Lambda hands it over. */
const thrownBy = async (run: () => Promise<never>): Promise<{ readonly name: string; readonly message: string }> => {
  vi.stubEnv('MSKEEPER_CLUSTER', 'orders');
  captureOutput();
  const handler = defineHandler({
    procedure: 'kafka-read',
    schema: z.unknown(),
    ports: ({ calls }) => calls,
    run: (_event, calls) => calls.track('Kafka look', run),
    summary: () => ({ observation: {}, decision: {}, outcome: 'answered' }),
    deadlineReserveMs: 100,
  });
  try {
    await handler({}, lambdaContext(300));
  } catch (error) {
    if (error instanceof Error) return error;
  } finally {
    vi.restoreAllMocks();
  }
  throw new Error('the run did not fail');
};

test.each<[string, () => Promise<never>, string]>([
  ['cut off by its own deadline', () => new Promise(() => {}), 'timed-out'],
  ...dependencyFailures.map((failure): [string, () => Promise<never>, string] => [
    `${failure}, with other failures' words behind it`,
    async () => {
      throw new DependencyError('Kafka: timed-out: look', failure, `denied: conflict: [throttled] of ${failure}`);
    },
    failure,
  ]),
])('whatever the arm throws arrives under the same name: %s', async (_name, run, failure) => {
  const thrown = await thrownBy(run);
  server.answerWith(() => functionError(thrown.name, thrown.message));
  await expect(look()).rejects.toMatchObject({ call: 'kafka/read', failure });
});

test("a secret in the function's error does not come through", async () => {
  server.answerWith(() => functionError('Error', 'login failed with password=hunter2'));
  const failure = look();
  await expect(failure).rejects.toThrow('password=[redacted]');
  await expect(failure).rejects.not.toThrow('hunter2');
});

test.each([
  ['nothing', { status: 200, body: '' }],
  ['no JSON', { status: 200, body: 'view' }],
  ['another version', jsonAnswer({ ...encodeClusterView(view), version: 2 })],
  ['a damaged body', jsonAnswer({ ...encodeClusterView(view), body: 'AAAA' })],
  ['more than Lambda allows', { status: 200, body: JSON.stringify({ body: 'x'.repeat(6 * 1024 * 1024) }) }],
] as const)('%s is a bad answer', async (_what, answer) => {
  server.answerWith(() => answer);
  await expect(look()).rejects.toMatchObject({ failure: 'bad-answer' });
});

test.each([
  [403, 'AccessDeniedException', 'denied'],
  [404, 'ResourceNotFoundException', 'not-found'],
  [429, 'TooManyRequestsException', 'throttled'],
])('an invocation that ends in %i %s is %s', async (status, type, failure) => {
  server.answerWith(() => errorAnswer(status, type, 'no'));
  await expect(look()).rejects.toMatchObject({ call: 'lambda:Invoke kafka/read', failure });
});

test("an arm that hangs is given up when the run's signal fires", async () => {
  server.answerWith(() => 'hang');
  await expect(look(AbortSignal.timeout(200))).rejects.toMatchObject({ failure: 'timed-out' });
});

test('an arm that hangs is given up, asked once, when patience ends, long before the run does', async () => {
  server.answerWith(() => 'hang');
  const before = server.requests.length;
  await expect(look(undefined, 200)).rejects.toMatchObject({
    call: 'lambda:Invoke kafka/read',
    failure: 'timed-out',
  });
  expect(server.requests.length - before).toBe(1);
});
