import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { claimDocument } from '../../../../../functions/health/cluster-health/claim-document.ts';
import { type Errand, lookForWake } from '../../../../../functions/health/cluster-health/claim-look.ts';
import { addCoreServices } from '../../../../../local/aws/core-services.ts';
import { keepJson, readJson, type Store } from '../../../../../shared/aws/store.ts';
import { claimKey } from '../../../../../shared/core/store-keys.ts';
import { serveAws } from '../../../../support/aws/aws.ts';
import { eventually } from '../../../../support/eventually.ts';
import { noonMs } from '../../../../support/health/builders.ts';
import { healthPorts, outside } from '../../../../support/health/health-ports.ts';
import { openStateStore } from '../../../../support/health/state-store.ts';

const aws = serveAws(Date.now());
addCoreServices(aws.world);
const key = claimKey('cluster-health', 'orders');
const wakeCount = 60;
let store: Store;

beforeAll(async () => {
  // That a store which does not answer keeps no run from looking is another test's.
  store = await openStateStore(aws, aws.world.identities.admin, 120_000);
});
afterAll(() => vi.unstubAllEnvs());

/** Runs over the real claim, on the wire. In the pause before a second look all that woke at once have come. */
function openWorld() {
  const looks: (readonly string[])[] = [];
  const left: string[] = [];
  let nowMs = noonMs;
  const look = async ({ serving }: Errand) => {
    looks.push(serving.wakes.map(({ alarmName }) => alarmName));
    return 'looked' as const;
  };
  const wait = async (ms: number) => {
    if (ms < 5_000) return delay(ms);
    await eventually(() => expect(left).toHaveLength(wakeCount - 1));
    nowMs += ms;
  };
  const run = async (index: number) => {
    const ports = healthPorts(outside());
    const wake = { alarmName: `alarm-${index}`, rule: 'cpu-used', changedAtMs: noonMs, eventId: `event-${index}` };
    const result = await lookForWake(wake, look, {
      ...ports,
      run: { ...ports.run, runId: `run-${index}` },
      nowMs: () => nowMs,
      wait,
      chance: () => Math.random(),
      fetchClaim: () => readJson(store, key, claimDocument),
      applyClaim: (claim, condition) => keepJson(store, key, claim, condition, claimDocument),
    });
    if (result !== 'looked') left.push(wake.alarmName);
  };
  return { looks, left, run };
}

test('sixty alarms at once make three looks at most, which serve each of them', async () => {
  const { looks, left, run } = openWorld();
  await Promise.all(Array.from({ length: wakeCount }, (_, index) => run(index)));
  expect(looks.length).toBeGreaterThanOrEqual(2);
  expect(looks.length).toBeLessThanOrEqual(3);
  expect(left).toHaveLength(wakeCount - 1);
  // Each was left after the first look began, so one of the later ones is for it.
  expect(new Set(looks.slice(1).flat())).toEqual(new Set(left));
  const stored = await readJson(store, key, claimDocument);
  expect(stored?.value).toMatchObject({ serving: { wakes: [] }, waiting: { wakes: [] } });
  expect(stored?.value.holder).toBeUndefined();
});
