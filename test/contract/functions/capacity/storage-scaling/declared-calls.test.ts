import { randomUUID } from 'node:crypto';
import { STSClient } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { signProof } from '../../../../../cli/account/proof.ts';
import { createEvent } from '../../../../../local/aws/services/eventbridge/event.ts';
import { hourMs } from '../../../../../shared/core/units.ts';
import { digestOfWake } from '../../../../../shared/durable/wake-digest.ts';
import type { SignedWake } from '../../../../../shared/events/wake.ts';
import { testDeclaredCalls } from '../../../../support/aws/call-witness.ts';
import { untilItEnds } from '../../../../support/durable/killed-run.ts';
import { eventually } from '../../../../support/eventually.ts';
import {
  approve,
  clusterArn,
  executionName,
  intakeFunction,
  keepEpisode,
  keepReceipts,
  runFunction,
  type StorageScalingAccount,
  saidIn,
  useStorageScalingAccounts,
} from '../../../../support/storage-scaling/account.ts';

const openAccount = useStorageScalingAccounts({ mustTell: true });

const person = { source: 'mskeeper.manual', procedure: 'storage-scaling', scope: 'light', requestedBy: 'bob' };

/** A person who is not the one that approves wakes the intake, signing it or not, and gets its answer. */
const wake = async ({ lambda }: StorageScalingAccount, event: object = person): Promise<unknown> => {
  const { functionError, payload } = await lambda.invoke({
    functionName: intakeFunction,
    payload: Buffer.from(JSON.stringify(event)),
    invocationType: 'RequestResponse',
  });
  const text = new TextDecoder().decode(payload);
  expect(functionError, text).toBeUndefined();
  return JSON.parse(text);
};

const hour = { source: 'mskeeper.schedule', procedure: 'storage-scaling', scope: 'watch' };

/** Signs with credentials of her own, for the intake to ask STS. */
const signWake = async ({ standIn }: StorageScalingAccount): Promise<SignedWake> => {
  const { url: endpoint, world } = standIn;
  const { region } = world;
  const wakeId = randomUUID();
  const sts = new STSClient({ endpoint, region, credentials: world.identities.addUser('dora') });
  const digest = digestOfWake({ clusterArn, procedure: 'storage-scaling', wakeId });
  return { wakeId, proof: await signProof(sts, region, digest, { AWS_ENDPOINT_URL: endpoint }) };
};

/** An alarm's event, of which CloudWatch knows nothing: it wakes all the same. */
const wakeByAlarm = async ({ lambda, standIn }: StorageScalingAccount): Promise<void> => {
  const { accountId, region } = standIn.world;
  const event = {
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    account: accountId,
    region,
    detail: {
      alarmName: `mskeeper/${executionName.replace(/-storage-scaling-1$/, '')}/storage-scaling/forged/warning`,
      state: { value: 'ALARM', timestamp: '2026-11-21T06:00:00.000+0000' },
    },
  };
  const { functionError, payload } = await lambda.invoke({
    functionName: intakeFunction,
    payload: Buffer.from(JSON.stringify(event)),
    invocationType: 'RequestResponse',
  });
  expect(functionError, new TextDecoder().decode(payload)).toBeUndefined();
};

const waitUntilTold = (account: StorageScalingAccount, words: string): Promise<void> =>
  eventually(() =>
    expect(
      saidIn(account)
        .map((event) => JSON.stringify(event.detail))
        .join('\n'),
    ).toContain(words),
  );

/**
 * From the first wake-up to volumes that have room, with a person's yes. The run's history comes in pages, and MSK fails
 * once, so that what was written down before the call is read again.
 */
const enlarge = async (account: StorageScalingAccount): Promise<void> => {
  account.lambda.durable.setPageSize(5);
  account.standIn.world.faults.inject({ operation: 'kafka:UpdateBrokerStorage', fault: 'server-error', times: 1 });
  expect(await wake(account)).toMatchObject({ outcome: 'started', executionName });
  expect(await wake(account)).toMatchObject({ outcome: 'joined', executionName });
  await wakeByAlarm(account);
  const { status, result } = await untilItEnds(
    {
      executionName,
      whileWaiting: async (waiting: StorageScalingAccount, execution) => {
        keepReceipts(waiting);
        await approve(waiting, execution);
      },
    },
    account,
  );
  expect({ status, result }).toMatchObject({ status: 'SUCCEEDED', result: expect.stringContaining('expanded') });
};

/** Storage is locked since then, and the disk will be full before it is free: people get a retention cut to apply. */
const fillWhileLocked = async (account: StorageScalingAccount): Promise<void> => {
  const { clock, disk, lambda } = account;
  const sinceMs = clock.nowMs();
  disk.usedGiB = (atMs) => 160 + (20 * (atMs - sinceMs)) / hourMs;
  await clock.advanceTo(sinceMs + hourMs);
  const signed = await signWake(account);
  const dora = expect.stringMatching(/:user\/dora$/);
  expect(await wake(account, { ...person, signed })).toMatchObject({ outcome: 'started', episode: 2, openedBy: dora });
  // Once more the same, and one that was signed for another wake.
  await expect(wake(account, { ...person, signed })).rejects.toThrow('this wake counted before');
  await expect(wake(account, { ...person, signed: { ...signed, wakeId: randomUUID() } })).rejects.toThrow(
    'SignatureDoesNotMatch',
  );
  await lambda.idle();
  await waitUntilTold(account, 'retention cut');
};

/** Somebody turns the kill switch on: Parameter Store's event does not say who, and people hear it all the same. */
const turnTheSwitch = async (account: StorageScalingAccount): Promise<void> => {
  const { standIn, clock } = account;
  const { accountId, region } = standIn.world;
  const name = '/mskeeper/kill-switch';
  standIn.ssm.put(name, 'on', 'String', `arn:aws:iam::${accountId}:user/mallory`);
  const detail = { operation: 'Update', name, type: 'String' };
  const frame = { account: accountId, region, atMs: clock.nowMs(), resources: [] };
  await standIn.eventBridge.deliver(
    'default',
    createEvent({ ...frame, source: 'aws.ssm', detailType: 'Parameter Store Change', detail }),
  );
  await waitUntilTold(account, 'was changed from off to on by arn:aws:iam');
  await waitUntilTold(account, 'user/mallory');
};

/** Somebody else writes an episode that no intake opened: the run that waits sees it at its next look, and says so. */
const forgeAnEpisode = async (account: StorageScalingAccount): Promise<void> => {
  const { clock, lambda } = account;
  const document = { version: 1, episode: 999, openedAtMs: clock.nowMs(), openedBy: 'somebody' };
  keepEpisode(account, document);
  await clock.advanceTo(clock.nowMs() + hourMs);
  await lambda.idle();
  await waitUntilTold(account, 'looks forged');
};

/** A run that refuses its event, which is of somebody's own hand. */
const endBadly = async (account: StorageScalingAccount): Promise<void> => {
  await account.lambda.invoke({
    functionName: runFunction,
    payload: Buffer.from('{"version":1}'),
    invocationType: 'Event',
    durableExecutionName: executionName.replace(/1$/, '77'),
  });
  await waitUntilTold(account, `The run ${executionName.replace(/1$/, '77')} failed`);
};

testDeclaredCalls(import.meta.dirname, async () => {
  const account = await openAccount();
  try {
    await enlarge(account);
    await fillWhileLocked(account);
    expect(await wake(account, hour)).toMatchObject({ outcome: 'noted' });
    await turnTheSwitch(account);
    await forgeAnEpisode(account);
    await endBadly(account);
    await account.lambda.idle();
  } finally {
    await account.close();
  }
  return [account.witness];
});
