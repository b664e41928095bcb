import { KafkaClient } from '@aws-sdk/client-kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAutoScalingClient, fetchStorageAutoScaling } from '../../../../shared/aws/auto-scaling.ts';
import { createClient } from '../../../../shared/aws/client.ts';
import { createMskClient, fetchMskOperation } from '../../../../shared/aws/msk.ts';
import { applyBrokerStorage } from '../../../../shared/aws/msk-update.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import {
  type AnsweringServer,
  errorAnswer,
  jsonAnswer,
  startAnsweringServer,
} from '../../../support/aws/answering-server.ts';

const arn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0b9d3a5e-7c1f-4a63-9c0a-2f3d4e5f6a7b-4';
const operationArn = arn.replace(':cluster/', ':cluster-operation/');

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.stop());

const scope = () => openCallScope(new AbortController().signal);
const apply = () =>
  applyBrokerStorage(createClient(KafkaClient, { maxAttempts: 1 }), scope(), arn, {
    currentVersion: 'KTVPDKIKX0DER',
    volumeGiB: 600,
  });

describe('UpdateBrokerStorage', () => {
  test('gives all brokers one size, pinned to the version that the plan saw', async () => {
    const headers = { 'x-amzn-requestid': 'request-1' };
    server.answerWith(() => jsonAnswer({ clusterArn: arn, clusterOperationArn: operationArn }, 200, headers));
    expect(await apply()).toEqual({ operationArn, requestId: 'request-1' });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'PUT', path: expect.stringContaining('/nodes/storage') });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      currentVersion: 'KTVPDKIKX0DER',
      targetBrokerEBSVolumeInfo: [{ kafkaBrokerNodeId: 'All', volumeSizeGB: 600 }],
    });
  });

  test.each([
    [
      "The cluster's storage is optimizing. Wait until it has finished.",
      'failed',
      'storage-optimizing: ',
      'storage-optimizing',
    ],
    [
      "The version of the cluster isn't current. Check the current version and try again.",
      'conflict',
      'version-moved: ',
      'version-moved',
    ],
    ["You can't update broker storage for a cluster in UPDATING state.", 'failed', 'not-updatable: ', 'not-updatable'],
    [
      'To update storage, you must increase it by at least 10 GiB.',
      'failed',
      'failed: BadRequestException: ',
      undefined,
    ],
  ])(
    'a refusal "%s" is named, once, in words and as a fact, and carries its cause',
    async (message, failure, start, refusal) => {
      server.answerWith(() => errorAnswer(400, 'BadRequestException', message));
      await expect(apply()).rejects.toMatchObject({
        name: 'DependencyError',
        call: 'kafka:UpdateBrokerStorage',
        failure,
        message: expect.stringMatching(new RegExp(`^kafka:UpdateBrokerStorage: ${start}`)),
        facts: { httpStatus: 400, attempts: 1, errorName: 'BadRequestException', ...(refusal && { refusal }) },
        cause: expect.objectContaining({ name: 'BadRequestException' }),
      });
      expect(server.requests).toHaveLength(1);
    },
  );

  test('an answer without the operation is a bad answer', async () => {
    server.answerWith(() => jsonAnswer({ clusterArn: arn }));
    await expect(apply()).rejects.toMatchObject({ failure: 'bad-answer' });
  });
});

describe('one operation', () => {
  const info = {
    clusterArn: arn,
    clusterType: 'PROVISIONED',
    operationArn,
    operationType: 'INCREASE_BROKER_STORAGE',
    operationState: 'UPDATE_FAILED',
    startTime: '2026-01-14T12:00:00.000Z',
    endTime: '2026-01-14T12:10:00.000Z',
    errorInfo: { errorCode: 'INTERNAL', errorString: 'no capacity' },
    provisioned: { targetClusterInfo: { brokerEBSVolumeInfo: [{ kafkaBrokerNodeId: '1', volumeSizeGB: 600 }] } },
  };

  test('says its target and its error', async () => {
    server.answerWith(() => jsonAnswer({ clusterOperationInfo: info }));
    expect(await fetchMskOperation(createMskClient(), scope(), operationArn)).toEqual({
      arn: operationArn,
      type: 'INCREASE_BROKER_STORAGE',
      state: 'UPDATE_FAILED',
      startedAtMs: Date.UTC(2026, 0, 14, 12),
      endedAtMs: Date.UTC(2026, 0, 14, 12, 10),
      targetVolumeGiB: 600,
      errorMessage: 'INTERNAL no capacity',
    });
  });

  test('without a target has none, never zero', async () => {
    const { provisioned: _provisioned, errorInfo: _error, ...bare } = info;
    server.answerWith(() => jsonAnswer({ clusterOperationInfo: bare }));
    const operation = await fetchMskOperation(createMskClient(), scope(), operationArn);
    expect(Object.keys(operation)).not.toContain('targetVolumeGiB');
  });
});

describe('storage auto scaling', () => {
  test('is targets and policies of this cluster’s volumes alone', async () => {
    server.answerWith(({ headers }) =>
      jsonAnswer(
        String(headers['x-amz-target']).endsWith('DescribeScalableTargets')
          ? { ScalableTargets: [{ ResourceId: arn }] }
          : { ScalingPolicies: [{ PolicyName: 'grow', ResourceId: arn }] },
      ),
    );
    expect(await fetchStorageAutoScaling(createAutoScalingClient(), scope(), arn)).toEqual({
      targetCount: 1,
      policyNames: ['grow'],
    });
    const bodies = server.requests.map(({ body }) => JSON.parse(body));
    expect(bodies).toContainEqual({
      ServiceNamespace: 'kafka',
      ScalableDimension: 'kafka:broker-storage:VolumeSize',
      ResourceIds: [arn],
    });
    expect(bodies).toContainEqual({
      ServiceNamespace: 'kafka',
      ScalableDimension: 'kafka:broker-storage:VolumeSize',
      ResourceId: arn,
    });
  });

  test('that is not set up is nobody', async () => {
    server.answerWith(() => jsonAnswer({}));
    expect(await fetchStorageAutoScaling(createAutoScalingClient(), scope(), arn)).toEqual({
      targetCount: 0,
      policyNames: [],
    });
  });

  test('that may not be read is an error, never nobody', async () => {
    server.answerWith(() => errorAnswer(400, 'AccessDeniedException', 'no'));
    await expect(fetchStorageAutoScaling(createAutoScalingClient(), scope(), arn)).rejects.toMatchObject({
      failure: 'denied',
    });
  });
});
