import { expect, test } from 'vitest';
import * as z from 'zod';
import type { DurableExecution } from '../../../local/aws/services/lambda/durable/execution.ts';
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
  saidIn,
  spendRequest,
  useStorageScalingAccounts,
  withEpisode,
} from '../../support/storage-scaling/account.ts';

const openAccount = useStorageScalingAccounts();

const said = z.looseObject({
  notice: z.looseObject({ key: z.string(), headline: z.string() }).optional(),
  change: z.string().optional(),
  finding: z.looseObject({ message: z.string() }).optional(),
});

/** What people hear of an event by incident: a word that is sent again after a crash is the same one. */
function wordsOf(detail: unknown): readonly string[] {
  const { notice, change, finding } = said.parse(detail);
  return [
    ...(notice === undefined ? [] : [`${notice.key}: ${notice.headline}`]),
    ...(finding === undefined ? [] : [`${change}: ${finding.message}`]),
  ];
}

/** One act, its record, and what people were told: a message that is sent again after a crash says the same. */
function storageEffects(account: StorageScalingAccount) {
  const { standIn } = account;
  const { world, msk, s3 } = standIn;
  const distinct = (texts: readonly string[]) => [...new Set(texts)].sort();
  return {
    acceptedUpdates: world.calls.of('kafka:UpdateBrokerStorage').filter(({ outcome }) => outcome === 'ok').length,
    operations: msk.operations(clusterArn).length,
    volumeGiB: msk.cluster(clusterArn).volumeGiB ?? 0,
    objects: distinct([...s3.bucket(bucketName).versions.keys()]),
    words: distinct(saidIn(account).flatMap(({ detail }) => wordsOf(detail))),
  };
}

/** Somebody with the callback's id, first: no answer of the command. Then alice, to the request that people got anew. */
async function answerInTurn(account: StorageScalingAccount, execution: DurableExecution): Promise<void> {
  if (await spendRequest(account, execution, 1)) await account.lambda.idle();
  await approve(account, execution);
}

/** An approval's own steps: whether its opener is known, asked, told, answered, judged. */
const ofApproval = /own episode|approval/;

test('the packaged run asks, asks anew, enlarges the volumes once and ends the same, wherever it is killed', async () => {
  const report = await killEverywhere({
    open: () => withEpisode(openAccount),
    functionName: runFunction,
    payload: runInput,
    executionName,
    effectsOf: storageEffects,
    whileWaiting: answerInTurn,
    // MSK's versions, and what is signed over a callback's id at its own time.
    mask: /\bK[0-9A-F]{12}\b|\b[0-9a-f]{64}\b|\b\d{8}T\d{6}Z/,
    // Each process takes half a second of a core.
    killsPerRun: 12,
    drawnCount: 12,
    rather: { places: ofApproval, drawnCount: 12 },
  });
  expect(report.findings).toEqual([]);
  expect(report.trace.result).toMatchObject({ outcome: 'expanded', fromGiB: 100, toGiB: 200, attempts: 1 });
  expect(report.effects).toMatchObject({ acceptedUpdates: 1, operations: 1, volumeGiB: 200 });
  const operations = Object.keys(report.trace.operations).join('\n');
  for (const name of ['approval 1', 'ask approval 1', 'answer approval 1', 'approval 2', 'answer approval 2'])
    expect(operations).toContain(`(${name})`);
  // Told of each request, and of why the first answer counted for nothing.
  expect(report.effects.words).toEqual(
    expect.arrayContaining([
      expect.stringContaining('Waits for approval'),
      expect.stringContaining('counted for nothing, since it was none of the command approve. Asked anew'),
    ]),
  );
  expect(report.places).toContainEqual(expect.stringMatching(/^before STEP SUCCEED of act 1\.1 /));
  for (const step of ['ask', 'answer', 'notify'])
    for (const when of ['before', 'after'])
      expect(report.places).toContainEqual(expect.stringMatching(`^${when} STEP SUCCEED of ${step} approval 2 `));
  expect(report.places.length).toBe(2 * (report.invocationCount + report.checkpointCount));
  expect(report.killedAt.length).toBe(isDeep ? report.places.length : 24);
  expect(report.killedAt.filter((name) => ofApproval.test(name)).length).toBeGreaterThanOrEqual(12);
});
