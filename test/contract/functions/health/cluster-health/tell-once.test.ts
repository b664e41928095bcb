import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import {
  decodeState,
  encodeState,
  stateDocument,
} from '../../../../../functions/health/cluster-health/memory-document.ts';
import type { Ports } from '../../../../../functions/health/cluster-health/ports.ts';
import { addCoreServices } from '../../../../../local/aws/core-services.ts';
import { createClient } from '../../../../../shared/aws/client.ts';
import { readJson, type Store, writeJson } from '../../../../../shared/aws/store.ts';
import { stateKey, statePrefix } from '../../../../../shared/core/store-keys.ts';
import type { WakeEvent } from '../../../../../shared/events/wake.ts';
import { openCallScope } from '../../../../../shared/run/call-scope.ts';
import { verbatim } from '../../../../../shared/text/redaction.ts';
import { serveAws } from '../../../../support/aws/aws.ts';
import { createResource } from '../../../../support/aws/aws-resource.ts';
import { blindView, minuteMs, noonMs, problem } from '../../../../support/health/builders.ts';
import { checkClusterHealth, healthPorts, type Outside, outside } from '../../../../support/health/health-ports.ts';

const aws = serveAws();
addCoreServices(aws.world);
const key = stateKey('cluster-health', 'orders');
const light: WakeEvent = { kind: 'schedule', procedure: 'cluster-health', scope: 'light', scheduledAtMs: noonMs };
let store: Store;

beforeAll(async () => {
  await createResource(aws.world, 'AWS::S3::Bucket', { BucketName: 'reports' });
  const { endpoint, region } = aws.client();
  const credentials = aws.role('cluster-health', { Effect: 'Allow', Action: 's3:*', Resource: '*' });
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', credentials.sessionToken);
  // The client of the product, with its retries: they are the subject.
  store = {
    client: createClient(S3Client, { requestMs: 60_000 }),
    calls: openCallScope(new AbortController().signal),
    bucket: 'reports',
    prefixes: [statePrefix('cluster-health')],
  };
});
afterEach(() => aws.world.faults.clear());

/** A run that remembers in the bucket, on the wire. */
function lookAt(kept: Outside, runId: string, nowMs: number, more: Partial<Ports> = {}) {
  const ports = healthPorts(kept, {
    nowMs: () => nowMs,
    fetchState: async () => {
      const stored = await readJson(store, key, stateDocument);
      return stored && { value: decodeState(stored.value), etag: stored.etag };
    },
    applyState: (state, condition) => writeJson(store, key, verbatim(encodeState(state)), condition),
    ...more,
  });
  return checkClusterHealth(light, { ...ports, run: { ...ports.run, runId } });
}

test('that the cluster is gone is told once, where S3 loses the answer to the first write of it, and the SDK repeats it', async () => {
  const kept = outside();
  const fetchView = async () => blindView(problem('timed-out'));
  await lookAt(kept, 'run-1', noonMs);
  const before = aws.world.calls.of('s3:PutObject').length;
  aws.world.faults.inject({ operation: 's3:PutObject', fault: 'lost-answer', times: 1 });
  await lookAt(kept, 'run-2', noonMs + 5 * minuteMs, { fetchView });
  const outcomes = aws.world.calls.of('s3:PutObject').map(({ outcome }) => outcome);
  expect(outcomes.slice(before)).toEqual(['lost', 'PreconditionFailed', 'ok']);
  expect(kept.told.filter(({ severity }) => severity === 'emergency')).toHaveLength(1);
  const stored = await readJson(store, key, stateDocument);
  expect(stored?.value).toMatchObject({ runId: 'run-2' });
  expect(stored?.value).not.toHaveProperty('announcing');
  await lookAt(kept, 'run-3', noonMs + 10 * minuteMs, { fetchView });
  expect(kept.told.filter(({ severity }) => severity === 'emergency')).toHaveLength(1);
});
