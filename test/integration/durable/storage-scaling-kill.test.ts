import { expect, test } from 'vitest';
import { isDeep } from '../../support/depth.ts';
import { killEverywhere } from '../../support/durable/kill.ts';
import {
  approve,
  bucketName,
  clusterArn,
  executionName,
  runFunction,
  runInput,
  type StorageScalingAccount,
  useStorageScalingAccounts,
  withEpisode,
} from '../../support/storage-scaling/account.ts';

const openAccount = useStorageScalingAccounts();

/** One act, its record, and what people were told: a message that is sent again after a crash says the same. */
function storageEffects({ standIn }: StorageScalingAccount) {
  const { world, msk, s3, sns } = standIn;
  const distinct = (texts: readonly string[]) => [...new Set(texts)].sort();
  return {
    acceptedUpdates: world.calls.of('kafka:UpdateBrokerStorage').filter(({ outcome }) => outcome === 'ok').length,
    operations: msk.operations(clusterArn).length,
    volumeGiB: msk.cluster(clusterArn).volumeGiB ?? 0,
    objects: distinct([...s3.bucket(bucketName).versions.keys()]),
    messages: distinct(sns.inbox.map(({ message }) => message)),
  };
}

test('the packaged run asks, enlarges the volumes once and ends the same, wherever it is killed', async () => {
  const report = await killEverywhere({
    open: () => withEpisode(openAccount),
    functionName: runFunction,
    payload: runInput,
    executionName,
    effectsOf: storageEffects,
    whileWaiting: approve,
    // MSK's versions, and what is signed over a callback's id at its own time.
    mask: /\bK[0-9A-F]{12}\b|\b[0-9a-f]{64}\b|\b\d{8}T\d{6}Z/,
    // Each process takes half a second of a core.
    killsPerRun: 12,
    drawnCount: 24,
  });
  expect(report.findings).toEqual([]);
  expect(report.trace.result).toMatchObject({ outcome: 'expanded', fromGiB: 100, toGiB: 200, attempts: 1 });
  expect(report.effects).toMatchObject({ acceptedUpdates: 1, operations: 1, volumeGiB: 200 });
  expect(Object.keys(report.trace.operations)).toContainEqual(expect.stringContaining('(approval 1)'));
  expect(report.places).toContainEqual(expect.stringMatching(/^before STEP SUCCEED of act 1\.1 /));
  expect(report.places.length).toBe(2 * (report.invocationCount + report.checkpointCount));
  expect(report.killedAt.length).toBe(isDeep ? report.places.length : 24);
});
