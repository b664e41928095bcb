import { KafkaClient } from '@aws-sdk/client-kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../../../shared/aws/client.ts';
import {
  createMskClient,
  fetchBootstrapServers,
  fetchMskCluster,
  fetchMskNodes,
  fetchMskOperations,
} from '../../../../shared/aws/msk.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import {
  type AnsweringServer,
  errorAnswer,
  jsonAnswer,
  startAnsweringServer,
} from '../../../support/aws/answering-server.ts';

const arn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0b9d3a5e-7c1f-4a63-9c0a-2f3d4e5f6a7b-4';
const clusterInfo = {
  clusterArn: arn,
  clusterName: 'orders',
  clusterType: 'PROVISIONED',
  currentVersion: 'KTVPDKIKX0DER',
  state: 'ACTIVE',
  creationTime: '2026-01-31T12:00:00.000Z',
  provisioned: {
    numberOfBrokerNodes: 3,
    brokerNodeGroupInfo: {
      instanceType: 'kafka.m7g.large',
      clientSubnets: ['subnet-1', 'subnet-2', 'subnet-3'],
      storageInfo: { ebsStorageInfo: { volumeSize: 100 } },
    },
    currentBrokerSoftwareInfo: { kafkaVersion: '3.9.x' },
    enhancedMonitoring: 'PER_BROKER',
    customerActionStatus: 'NONE',
    storageMode: 'LOCAL',
  },
};

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const scope = (signal = new AbortController().signal) => openCallScope(signal);

describe('a cluster', () => {
  test('is described as plain data with units', async () => {
    server.answerWith(() => jsonAnswer({ clusterInfo }));
    expect(await fetchMskCluster(createMskClient(), scope(), arn)).toEqual({
      arn,
      name: 'orders',
      state: 'ACTIVE',
      kind: 'standard',
      currentVersion: 'KTVPDKIKX0DER',
      brokerCount: 3,
      instanceType: 'kafka.m7g.large',
      kafkaVersion: '3.9.x',
      volumeGiB: 100,
      storageMode: 'LOCAL',
      monitoringLevel: 'PER_BROKER',
      customerActionStatus: 'NONE',
      zoneCount: 3,
      createdAtMs: Date.UTC(2026, 0, 31, 12),
    });
    expect(server.requests[0]?.path).toBe(`/api/v2/clusters/${encodeURIComponent(arn)}`);
  });

  test('of Express brokers or of Serverless is told apart', async () => {
    const express = { ...clusterInfo.provisioned, brokerNodeGroupInfo: { instanceType: 'express.m7g.large' } };
    server.answerWith(() => jsonAnswer({ clusterInfo: { ...clusterInfo, provisioned: express } }));
    expect(await fetchMskCluster(createMskClient(), scope(), arn)).toMatchObject({ kind: 'express' });
    const { provisioned: _none, ...serverless } = clusterInfo;
    server.answerWith(() => jsonAnswer({ clusterInfo: { ...serverless, clusterType: 'SERVERLESS' } }));
    expect(await fetchMskCluster(createMskClient(), scope(), arn)).toMatchObject({
      kind: 'serverless',
      brokerCount: 0,
    });
  });

  test('that failed and has no version is told to have failed', async () => {
    const failed = { ...clusterInfo, state: 'FAILED', currentVersion: undefined, activeOperationArn: '' };
    server.answerWith(() => jsonAnswer({ clusterInfo: failed }));
    const cluster = await fetchMskCluster(createMskClient(), scope(), arn);
    expect(cluster).toMatchObject({ state: 'FAILED', brokerCount: 3 });
    expect(cluster).not.toHaveProperty('currentVersion');
    expect(cluster).not.toHaveProperty('activeOperationArn');
  });

  test('of Express brokers has no volume, also where MSK says 0', async () => {
    const brokerNodeGroupInfo = {
      instanceType: 'express.m7g.large',
      storageInfo: { ebsStorageInfo: { volumeSize: 0 } },
    };
    server.answerWith(() =>
      jsonAnswer({
        clusterInfo: { ...clusterInfo, provisioned: { ...clusterInfo.provisioned, brokerNodeGroupInfo } },
      }),
    );
    const cluster = await fetchMskCluster(createMskClient(), scope(), arn);
    expect(cluster.kind).toBe('express');
    expect(cluster).not.toHaveProperty('volumeGiB');
  });

  test('in a state that is new to us keeps that state', async () => {
    server.answerWith(() => jsonAnswer({ clusterInfo: { ...clusterInfo, state: 'REBALANCING' } }));
    expect(await fetchMskCluster(createMskClient(), scope(), arn)).toMatchObject({ state: 'REBALANCING' });
  });
});

describe('a call that fails', () => {
  test.each([
    [403, 'ForbiddenException', 'denied'],
    [401, 'UnauthorizedException', 'denied'],
    [403, 'AccessDeniedException', 'denied'],
    [403, 'UnrecognizedClientException', 'authentication-failed'],
    [404, 'NotFoundException', 'not-found'],
    [400, 'BadRequestException', 'failed'],
  ])('with %i %s is %s, names the call and keeps its cause', async (status, type, failure) => {
    server.answerWith(() => errorAnswer(status, type, 'no'));
    await expect(fetchMskCluster(createMskClient(), scope(), arn)).rejects.toMatchObject({
      name: 'DependencyError',
      call: 'kafka:DescribeClusterV2',
      failure,
      cause: expect.objectContaining({ name: type }),
    });
    expect(server.requests).toHaveLength(1);
  });

  test('is repeated when throttled, and counted', async () => {
    const calls = scope();
    server.answerWith((_request, index) =>
      index === 0 ? errorAnswer(429, 'TooManyRequestsException', 'slow down') : jsonAnswer({ clusterInfo }),
    );
    expect(await fetchMskCluster(createMskClient(), calls, arn)).toMatchObject({ name: 'orders' });
    expect(calls.requestCountByCall()).toEqual({ 'kafka:DescribeClusterV2': 2 });
  });

  test('for ever throttled is throttled after three attempts', async () => {
    const calls = scope();
    server.answerWith(() => errorAnswer(429, 'TooManyRequestsException', 'slow down'));
    await expect(fetchMskCluster(createMskClient(), calls, arn)).rejects.toMatchObject({ failure: 'throttled' });
    expect(server.requests).toHaveLength(3);
    expect(calls.requestCountByCall()).toEqual({ 'kafka:DescribeClusterV2': 3 });
  });

  test('without an answer is timed out by its own limit', async () => {
    server.answerWith(() => 'hang');
    const client = createClient(KafkaClient, { requestMs: 200, maxAttempts: 1 });
    await expect(fetchMskCluster(client, scope(), arn)).rejects.toMatchObject({ failure: 'timed-out' });
  });

  test("without an answer is timed out when the run's signal fires", async () => {
    server.answerWith(() => 'hang');
    const deadline = AbortSignal.timeout(200);
    const startedAtMs = performance.now();
    // Its own limit would end it much later.
    const client = createClient(KafkaClient, { requestMs: 60_000, maxAttempts: 1 });
    const failure = fetchMskCluster(client, scope(deadline), arn);
    await expect(failure).rejects.toMatchObject({ failure: 'timed-out', call: 'kafka:DescribeClusterV2' });
    expect(performance.now() - startedAtMs).toBeLessThan(30_000);
  });

  test('for want of anybody listening is unreachable', async () => {
    const client = new KafkaClient({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 });
    await expect(fetchMskCluster(client, scope(), arn)).rejects.toMatchObject({ failure: 'unreachable' });
  });
});

describe('garbage', () => {
  test.each([
    ['a page of a proxy', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>login</html>' }],
    ['an empty object', jsonAnswer({})],
    ['half a JSON', { status: 200, body: '{"clusterInfo":' }],
    ['a provisioned cluster without nodes', jsonAnswer({ clusterInfo: { ...clusterInfo, provisioned: undefined } })],
    [
      'a broker count of no number',
      jsonAnswer({
        clusterInfo: { ...clusterInfo, provisioned: { ...clusterInfo.provisioned, numberOfBrokerNodes: -1 } },
      }),
    ],
    ['a list', jsonAnswer([1, 2])],
  ] as const)('%s is a bad answer', async (_what, answer) => {
    server.answerWith(() => answer);
    const client = createClient(KafkaClient, { maxAttempts: 1 });
    await expect(fetchMskCluster(client, scope(), arn)).rejects.toMatchObject({
      call: 'kafka:DescribeClusterV2',
      failure: 'bad-answer',
    });
  });
});

describe('nodes', () => {
  const node = (brokerId: number) => ({
    nodeType: 'BROKER',
    instanceType: 'kafka.m7g.large',
    brokerNodeInfo: { brokerId, endpoints: [`b-${brokerId}.orders.example.internal`] },
  });

  test('come from all pages, brokers only, by their ids', async () => {
    server.answerWith((_request, index) =>
      index === 0
        ? jsonAnswer({ nodeInfoList: [node(3), { controllerNodeInfo: { endpoints: ['c-1'] } }], nextToken: 'more' })
        : jsonAnswer({ nodeInfoList: [node(1), node(2)] }),
    );
    const nodes = await fetchMskNodes(createMskClient(), scope(), arn);
    expect(nodes.map(({ brokerId }) => brokerId)).toEqual([1, 2, 3]);
    expect(nodes[0]?.endpoints).toEqual(['b-1.orders.example.internal']);
    expect(server.requests[1]?.path).toContain('nextToken=more');
  });

  test('whose pages never end are a bad answer', async () => {
    server.answerWith(() => jsonAnswer({ nodeInfoList: [node(1)], nextToken: 'again' }));
    await expect(fetchMskNodes(createMskClient(), scope(), arn)).rejects.toMatchObject({ failure: 'bad-answer' });
    expect(server.requests.length).toBeLessThan(5);
  });
});

describe('bootstrap servers', () => {
  const strings = {
    bootstrapBrokerString: 'b-1.orders.example:9092,b-2.orders.example:9092',
    bootstrapBrokerStringTls: 'b-1.orders.example:9094',
    bootstrapBrokerStringSaslScram: 'b-1.orders.example:9096',
    bootstrapBrokerStringSaslIam: 'b-1.orders.example:9098, b-2.orders.example:9098',
  };

  test.each([
    ['plaintext', ['b-1.orders.example:9092', 'b-2.orders.example:9092']],
    ['tls', ['b-1.orders.example:9094']],
    ['mtls', ['b-1.orders.example:9094']],
    ['scram', ['b-1.orders.example:9096']],
    ['iam', ['b-1.orders.example:9098', 'b-2.orders.example:9098']],
  ] as const)('for %s are those of its listener', async (kind, expected) => {
    server.answerWith(() => jsonAnswer(strings));
    expect(await fetchBootstrapServers(createMskClient(), scope(), arn, kind)).toEqual(expected);
  });

  test('of a listener that the cluster does not have are not found, and the error says what to correct', async () => {
    server.answerWith(() => jsonAnswer({ bootstrapBrokerStringSaslIam: 'b-1.orders.example:9098' }));
    await expect(fetchBootstrapServers(createMskClient(), scope(), arn, 'scram')).rejects.toMatchObject({
      failure: 'not-found',
      message: expect.stringContaining('no listener for scram'),
    });
  });

  test('of which one is no address are the others', async () => {
    server.answerWith(() => jsonAnswer({ bootstrapBrokerStringSaslIam: 'b-1 9098;rm,b-2.orders.example:9098' }));
    expect(await fetchBootstrapServers(createMskClient(), scope(), arn, 'iam')).toEqual(['b-2.orders.example:9098']);
  });

  test('that are no addresses are a bad answer', async () => {
    server.answerWith(() => jsonAnswer({ bootstrapBrokerStringSaslIam: 'b-1 9098;rm' }));
    const failure = fetchBootstrapServers(createMskClient(), scope(), arn, 'iam');
    await expect(failure).rejects.toMatchObject({ failure: 'bad-answer' });
  });
});

describe('operations', () => {
  const operation = (id: number) => ({
    operationArn: `arn:op:${id}`,
    operationType: 'SECURITY_PATCHING',
    operationState: 'UPDATE_COMPLETE',
    startTime: new Date(Date.UTC(2026, 0, id)).toISOString(),
  });

  const days = [3, 1, 5, 2, 4];

  test('come newest first, wherever in the list MSK names the newest', async () => {
    server.answerWith((_request, index) =>
      jsonAnswer({
        clusterOperationInfoList: days.slice(2 * index, 2 * index + 2).map(operation),
        ...(index < 2 && { nextToken: `t${index}` }),
      }),
    );
    const operations = await fetchMskOperations(createMskClient(), scope(), arn);
    expect(operations.map(({ arn: id }) => id)).toEqual([5, 4, 3, 2, 1].map((id) => `arn:op:${id}`));
    expect(server.requests).toHaveLength(3);
  });

  test('of which not all can be read are not known, since the newest may be among them', async () => {
    const page = Array.from({ length: 100 }, () => operation(1));
    const answerPages = (pages: number) =>
      server.answerWith((_request, index) =>
        jsonAnswer({ clusterOperationInfoList: page, ...(index + 1 < pages && { nextToken: `t${index}` }) }),
      );
    answerPages(50);
    expect(await fetchMskOperations(createMskClient(), scope(), arn)).toHaveLength(5_000);
    answerPages(60);
    await expect(fetchMskOperations(createMskClient(), scope(), arn)).rejects.toMatchObject({
      call: 'kafka:ListClusterOperationsV2',
      failure: 'failed',
      message: expect.stringContaining('more than 5000 operations'),
    });
    expect(server.requests).toHaveLength(51);
  });
});
