import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killEverywhere } from '../../support/durable-kill.ts';
import {
  approve,
  bucketName,
  clusterArn,
  executionName,
  packageQuietStack,
  runFunction,
  runInput,
  type StorageScalingAccount,
  storageScalingAccounts,
} from '../../support/storage-scaling-account.ts';

let root = '';
let packageDirectory = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mskeeper-kill-'));
  packageDirectory = await packageQuietStack(root);
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/** One act and one record of it; what people and the bus are told may come twice, and says the same. */
function countStorageEffects({ standIn }: StorageScalingAccount): Readonly<Record<string, number>> {
  const { world, msk, s3 } = standIn;
  const accepted = (operation: string) => world.calls.of(operation).filter(({ outcome }) => outcome === 'ok').length;
  const bucket = s3.bucket(bucketName);
  return {
    acceptedUpdates: accepted('kafka:UpdateBrokerStorage'),
    operations: msk.operations(clusterArn).length,
    volumeGiB: msk.cluster(clusterArn).volumeGiB ?? 0,
    auditRecords: [...bucket.versions.keys()].filter((key) => key.startsWith('audit/')).length,
    messages: new Set(standIn.sns.inbox.map(({ message }) => message)).size,
  };
}

test('the packaged run asks, enlarges the volumes once and ends the same, wherever it is killed', async () => {
  const report = await killEverywhere({
    open: storageScalingAccounts(packageDirectory, root),
    functionName: runFunction,
    payload: runInput,
    executionName,
    countEffects: countStorageEffects,
    whileWaiting: approve,
    // MSK's version of the cluster, drawn at each start and change.
    mask: /\bK[0-9A-F]{12}\b/,
    // Each process takes half a second of a core.
    killsPerRun: 12,
  });
  expect(report.findings).toEqual([]);
  expect(report.trace.result).toMatchObject({ outcome: 'expanded', fromGiB: 100, toGiB: 200, attempts: 1 });
  expect(report.effects).toMatchObject({ acceptedUpdates: 1, operations: 1, volumeGiB: 200 });
  expect(Object.keys(report.trace.operations)).toContainEqual(expect.stringContaining('(approval 1)'));
  expect(report.killedAt).toContainEqual(expect.stringMatching(/^before STEP SUCCEED of act 1\.1 /));
  expect(report.killedAt.length).toBe(2 * (report.invocationCount + report.checkpointCount));
}, 180_000);
