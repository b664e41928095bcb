import { expect } from 'vitest';
import { storeObject } from '../../../../../local/aws/services/s3/bucket.ts';
import { noticeEventOf } from '../../../../../shared/core/bus-event.ts';
import type { NotificationTopic } from '../../../../../shared/core/configuration.ts';
import { stateKey } from '../../../../../shared/core/store-keys.ts';
import { testDeclaredCalls } from '../../../../support/aws/call-witness.ts';
import {
  brokerAway,
  bucketName,
  checker,
  clusterKey,
  type IncidentAccount,
  incidentFunction,
  useIncidentAccounts,
} from '../../../../support/incident/account.ts';
import { bring, signCommand } from '../../../../support/incident/command.ts';
import { lookNow } from '../../../../support/incident/look-now.ts';

const { inAccount } = useIncidentAccounts();

/** What is no finding, for the people of a topic. */
const noticeTo = ({ clock }: IncidentAccount, topic: NotificationTopic, isIntent = false) =>
  noticeEventOf(checker, clock.nowMs(), {
    key: `news/${topic}`,
    topic,
    severity: 'notice',
    headline: `News for ${topic}.`,
    findings: [],
    isIntent,
  });

/** A fault that is as bad as can be, and one that can wait. */
const cluster = { ...brokerAway(1), check: 'cluster-answers', subject: 'cluster', reason: 'no-broker-answers' };
const traffic = { ...brokerAway(1), check: 'high-throughput', subject: 'cluster', severity: 'warning' } as const;

/** What cluster-health remembers of a look that left nothing open. */
const keepMemory = ({ standIn, clock }: IncidentAccount): void => {
  const memory = { version: 1, runId: 'run-1', atMs: clock.nowMs(), open: [] };
  storeObject(standIn.s3.bucket(bucketName), {
    key: stateKey('cluster-health', clusterKey),
    body: Buffer.from(JSON.stringify(memory)),
    modifiedMs: clock.nowMs(),
    contentType: 'application/json',
    contentEncoding: undefined,
    metadata: {},
  });
};

testDeclaredCalls(import.meta.dirname, async () => {
  const witnesses: IncidentAccount['witness'][] = [];
  await inAccount(async (account) => {
    const { standIn, pass, tellFinding, tellBus, witness } = account;
    witnesses.push(witness);
    keepMemory(account);
    // Every fifth minute asks what looks left open, too; nobody answers what can wait.
    await tellFinding(traffic, 'opened');
    await pass(8);
    await tellBus(
      noticeTo(account, 'operations', true),
      noticeTo(account, 'maintenance'),
      noticeTo(account, 'critical'),
    );
    await tellFinding({ ...cluster, severity: 'emergency' }, 'opened');
    // What a look asks: who is subscribed, and of a sandbox which numbers it reaches.
    standIn.sns.setSms({ isInSandbox: true });
    await lookNow(account);
    const command = await signCommand(account, { command: 'ack', incidentId: '1' });
    // What S3 took and did not answer is read again.
    const roleName = `${incidentFunction}-eu-west-1`;
    standIn.world.faults.inject({ operation: 's3:PutObject', roleName, fault: 'lost-answer', times: 1 });
    expect(await bring(account, command)).toContain('"outcome":"done"');
  });
  return witnesses;
});
