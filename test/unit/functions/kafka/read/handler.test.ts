import { describe, expect, test } from 'vitest';
import { planBootstrap } from '../../../../../functions/kafka/read/core/bootstrap.ts';
import { readCluster } from '../../../../../functions/kafka/read/handler.ts';
import type { Ports } from '../../../../../functions/kafka/read/ports.ts';
import type { ClusterView, LookRequest, ViewProblem } from '../../../../../shared/core/cluster-view.ts';
import { readInvocation } from '../../../../../shared/kafka/read-invocation.ts';
import { decodeClusterView } from '../../../../../shared/kafka/view/payload.ts';

const region = 'eu-west-1';
const ours = 'b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com:9098';

describe('bootstrap servers', () => {
  test.each([
    ['of an MSK cluster', [ours]],
    ['with public access', ['b-2-public.orders.abc123.c2.kafka.eu-west-1.amazonaws.com:9198']],
    ['of MSK Serverless', ['boot-abc123.c1.kafka-serverless.eu-west-1.amazonaws.com:9098']],
    ['in capitals', [ours.toUpperCase()]],
  ])('%s are connected to', (_name, servers) => {
    expect(planBootstrap(servers, { region })).toEqual({ action: 'connect', servers });
  });

  test.each([
    ['of another Region', 'b-1.orders.abc123.c2.kafka.us-east-1.amazonaws.com:9098'],
    ['of another partition’s domain', 'b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com.cn:9098'],
    ['of a stranger', 'kafka.example:9092'],
    ['that only begin like MSK', 'b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com.example:9098'],
    ['that hide a stranger before the name', 'example:9092@b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com:9098'],
    ['that are an address', '10.0.0.1:9098'],
    ['that are empty', ''],
  ])('%s are refused, and ours beside them too', (_name, stranger) => {
    expect(planBootstrap([ours, stranger], { region })).toMatchObject({ action: 'refuse', strangers: [stranger] });
  });

  test('that the configuration names are the only ones', () => {
    const rule = { region, bootstrap: '127.0.0.1:9092, 127.0.0.1:9093' };
    expect(planBootstrap(['127.0.0.1:9093'], rule)).toMatchObject({ action: 'connect' });
    expect(planBootstrap([ours], rule)).toMatchObject({ action: 'refuse', strangers: [ours] });
  });
});

const request: LookRequest = {
  groups: true,
  commits: false,
  ends: 'none',
  logDirectories: false,
  topicSettings: [],
  expectedBrokerIds: [1],
};
const nowMs = 1_900_000_000_000;
const withinMs = 20_000;
const invocation = { version: 1, operation: 'look', bootstrapServers: [ours], request, withinMs } as const;

const viewOf = (problem?: ViewProblem): ClusterView => ({
  version: 1,
  takenAtMs: 1,
  durationMs: 2,
  controller: { toldBy: 'quorum', brokerId: 1 },
  brokers: [{ id: 1, host: 'b-1', port: 9098, requestCount: 1, ...(problem === undefined ? {} : { problem }) }],
  topics: [],
  witnesses: [],
  absentBrokerIds: [],
  problems: [],
  requestCountByApi: { Metadata: 1 },
});

const portsOf = (view: ClusterView, latestEndAtMs = nowMs + 60_000) => {
  const looks: Parameters<Ports['look']>[] = [];
  const counts = { authentications: 0, forgotten: 0 };
  const ports: Ports = {
    bootstrapRule: { region },
    latestEndAtMs,
    nowMs: () => nowMs,
    fetchAuthentication: async () => {
      counts.authentications += 1;
      return { kind: 'plaintext' };
    },
    forgetAuthentication: () => {
      counts.forgotten += 1;
    },
    look: async (...asked) => {
      looks.push(asked);
      return view;
    },
  };
  return { ports, looks, counts };
};

test.each([
  ["by the caller's patience", nowMs + 60_000, nowMs + withinMs],
  ['before the function ends', nowMs + 7_000, nowMs + 7_000],
])('the look is packed for the caller, and ends %s', async (_name, latestEndAtMs, deadlineAtMs) => {
  const { ports, looks } = portsOf(viewOf(), latestEndAtMs);
  const payload = await readCluster(invocation, ports);
  expect(decodeClusterView(payload)).toEqual(viewOf());
  expect(payload.counts).toMatchObject({ brokers: 1, brokersWithProblem: 0, requests: 1 });
  const where = { bootstrapServers: [ours], authentication: { kind: 'plaintext' }, deadlineAtMs };
  expect(looks).toEqual([[request, { ...where, refusalOf: expect.any(Function) }]]);
  const refusalOf = looks[0]?.[1].refusalOf;
  expect(refusalOf?.({ host: 'b-2.orders.abc123.c2.kafka.eu-west-1.amazonaws.com', port: 9098 })).toBeUndefined();
  expect(refusalOf?.({ host: 'kafka.example', port: 9098 })).toContain('no credentials sent');
});

test('a look that is too short to prove anything is refused, so that nobody is called dead by it', async () => {
  const { ports, looks } = portsOf(viewOf(), nowMs + 4_999);
  await expect(readCluster(invocation, ports)).rejects.toMatchObject({ name: 'DependencyError', failure: 'timed-out' });
  expect(looks).toEqual([]);
});

test('how short is too short follows from the time that brokers are granted', async () => {
  const { ports, looks } = portsOf(viewOf(), nowMs + 4_999);
  await readCluster({ ...invocation, request: { ...request, answerTimeoutMs: 2_000 } }, ports);
  expect(looks).toHaveLength(1);
});

test('credentials are not even read for a stranger', async () => {
  const { ports, looks, counts } = portsOf(viewOf());
  const stray = { ...invocation, bootstrapServers: ['kafka.example:9092'] };
  await expect(readCluster(stray, ports)).rejects.toMatchObject({
    name: 'InvalidEventError',
    message: expect.stringContaining('kafka.example:9092'),
  });
  expect({ looks, ...counts }).toEqual({ looks: [], authentications: 0, forgotten: 0 });
});

test.each([
  ['refused our credentials', { kind: 'authentication-failed', message: '' } as const, 1],
  ['was not reached', { kind: 'unreachable', message: '' } as const, 0],
])('where a broker %s the credentials are read anew next time: %o %d', async (_name, problem, forgotten) => {
  const { ports, counts } = portsOf(viewOf(problem));
  await readCluster(invocation, ports);
  expect(counts.forgotten).toBe(forgotten);
});

test.each<readonly [string, object]>([
  ['another version', { version: 2 }],
  ['another operation', { operation: 'write' }],
  ['no bootstrap servers', { bootstrapServers: [] }],
  ['a moment instead of a duration', { withinMs: 1_900_000_000_000 }],
  ['a look without ends', { request: { ...request, ends: 'all' } }],
  ['a broker id below zero', { request: { ...request, expectedBrokerIds: [-1] } }],
  ['something more', { extra: true }],
])('an invocation with %s is refused', (_name, change) => {
  expect(readInvocation.safeParse(invocation).success).toBe(true);
  expect(readInvocation.safeParse({ ...invocation, ...change }).success).toBe(false);
});
