import { afterEach, beforeAll, expect, test } from 'vitest';
import {
  decodeState,
  encodeState,
  stateDocument,
} from '../../../../../functions/health/cluster-health/memory-document.ts';
import type { Ports } from '../../../../../functions/health/cluster-health/ports.ts';
import { addCoreServices } from '../../../../../local/aws/core-services.ts';
import { keepJson, readJson, type Store } from '../../../../../shared/aws/store.ts';
import { stateKey } from '../../../../../shared/core/store-keys.ts';
import type { WakeEvent } from '../../../../../shared/events/wake.ts';
import { verbatim } from '../../../../../shared/text/redaction.ts';
import { serveAws } from '../../../../support/aws/aws.ts';
import { blindView, minuteMs, noonMs, problem } from '../../../../support/health/builders.ts';
import { newsOf } from '../../../../support/health/bus.ts';
import { checkClusterHealth, healthPorts, type Outside, outside } from '../../../../support/health/health-ports.ts';
import { openStateStore } from '../../../../support/health/state-store.ts';

const aws = serveAws();
addCoreServices(aws.world);
const key = stateKey('cluster-health', 'orders');
const light: WakeEvent = { kind: 'schedule', procedure: 'cluster-health', scope: 'light', scheduledAtMs: noonMs };
const goneNews = 'opened emergency cluster-answers|cluster';
let store: Store;

beforeAll(async () => {
  const credentials = aws.role('cluster-health', { Effect: 'Allow', Action: 's3:*', Resource: '*' });
  // The client's retries are the subject.
  store = await openStateStore(aws, credentials, 60_000);
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
    applyState: (state, condition) => keepJson(store, key, verbatim(encodeState(state)), condition, stateDocument),
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
  expect(newsOf(kept.onBus).filter((news) => news === goneNews)).toHaveLength(1);
  const stored = await readJson(store, key, stateDocument);
  expect(stored?.value).toMatchObject({ runId: 'run-2' });
  expect(stored?.value).toMatchObject({ untold: [] });
  await lookAt(kept, 'run-3', noonMs + 10 * minuteMs, { fetchView });
  expect(newsOf(kept.onBus).filter((news) => news === goneNews)).toHaveLength(1);
});
