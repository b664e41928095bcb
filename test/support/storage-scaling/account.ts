import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient, SendDurableExecutionCallbackSuccessCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll } from 'vitest';
import * as z from 'zod';
import { signProof } from '../../../cli/account/proof.ts';
import { templateFileName } from '../../../infra/packaging/package-stack.ts';
import type { EventBridgeEvent } from '../../../local/aws/services/eventbridge/event.ts';
import type { DurableExecution } from '../../../local/aws/services/lambda/durable/execution.ts';
import { storeObject } from '../../../local/aws/services/s3/bucket.ts';
import { type StandIn, startStandIn } from '../../../local/aws/stand-in.ts';
import { type ManualClock, manualClock } from '../../../local/clock.ts';
import { readWorldConfiguration } from '../../../local/world/configuration.ts';
import type { Configuration } from '../../../shared/core/configuration.ts';
import { receiptKey, stateKey } from '../../../shared/core/store-keys.ts';
import { dayMs, minuteMs } from '../../../shared/core/units.ts';
import { type ApprovalAnswer, approvalDocument, approvalPrefix } from '../../../shared/durable/approval.ts';
import { digestOfAnswer } from '../../../shared/durable/approval-digest.ts';
import { digestOf } from '../../../shared/text/digest.ts';
import { START_MS } from '../aws/aws.ts';
import { chosenNamesOf, type Witness, witnessOf } from '../aws/declared-calls.ts';
import { packageOnce } from '../aws/package-once.ts';
import type { TrialWorld } from '../durable/killed-run.ts';

/** An account with the packaged stack of the local cluster, whose disks are nearly full. */
export type StorageScalingAccount = TrialWorld & {
  readonly standIn: StandIn;
  readonly witness: Witness;
  /** GiB on each broker's disk, by the clock; a test may change it. */
  readonly disk: { usedGiB: (atMs: number) => number };
};

const volumeGiB = 100;
const firstUsedGiB = 90;
/** Long enough to be seen under way, short enough that a run needs few invocations. */
const operationMs = 20_000;
const ownTemplate = 'trial-template.json';

const { configuration: file, cluster, clusterKey } = readWorldConfiguration();
/** The local configuration with a second pair of eyes, so that a run also waits for a person. */
const configuration: Configuration = {
  ...file,
  approvals: {
    ...file.approvals,
    'storage-scaling': { isRequired: true, timeoutMinutes: 60, validMinutes: 1440, mayInitiatorApprove: false },
  },
  approverPrincipals: [`arn:aws:iam::${cluster.accountId}:role/people`],
};
export const intakeFunction = `mskeeper-${clusterKey}-storage-scaling`;
export const runFunction = `mskeeper-${clusterKey}-storage-scaling-run:durable`;
export const executionName = `${clusterKey}-storage-scaling-1`;
export const runInput = {
  version: 1,
  cluster: clusterKey,
  episode: 1,
  openedAtMs: START_MS,
  openedBy: 'a-test',
  isOpenerProven: true,
};
export const clusterArn = cluster.arn;
export const bucketName = `mskeeper-${clusterKey}-bucket-${cluster.accountId}`;

/**
 * The stack; each call opens it in an account of its own. Nobody there tells people what the bus takes.
 *
 * @param options.mustTell the policy wants people to hear of an act first
 */
export const useStorageScalingAccounts = (
  options: { readonly mustTell?: boolean } = {},
): (() => Promise<StorageScalingAccount>) => {
  const { mustTell = false } = options;
  let root = '';
  let packageDirectory = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'mskeeper-storage-'));
    packageDirectory = await packageQuietStack(root, {
      ...configuration,
      policy: { ...configuration.policy, mustTell },
    });
  });
  afterAll(async () => {
    await rm(root, { recursive: true, force: true });
  });
  return () => openAccount(packageDirectory, root);
};

/** The packaged stack in a folder below `root`, without what would run by itself: schedules, alarms and readers of queues. */
async function packageQuietStack(root: string, packaged: Configuration): Promise<string> {
  const output = join(root, 'package');
  await cp(await packageOnce(packaged, clusterKey), output, { recursive: true });
  const template: { Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }> } = JSON.parse(
    await readFile(join(output, templateFileName), 'utf8'),
  );
  for (const [name, { Type: type, Properties: properties = {} }] of Object.entries(template.Resources)) {
    if (type.startsWith('AWS::CloudWatch::') || type === 'AWS::Lambda::EventSourceMapping')
      delete template.Resources[name];
    if (type === 'AWS::Scheduler::Schedule' || 'ScheduleExpression' in properties) properties.State = 'DISABLED';
  }
  await writeFile(join(output, ownTemplate), JSON.stringify(template));
  return output;
}

/** What mskeeper's own bus took, oldest first. */
export const saidIn = ({ standIn }: StorageScalingAccount): readonly EventBridgeEvent[] =>
  standIn.eventBridge.events.map(({ event }) => event).filter(({ source }) => source === 'mskeeper');

const intent = z.looseObject({ notice: z.looseObject({ key: z.string(), isIntent: z.literal(true) }) });

/** Says in incident's place that people were told of each act that is about to be called. */
export function keepReceipts(account: StorageScalingAccount): void {
  const { standIn, clock } = account;
  for (const { detail } of saidIn(account)) {
    const asked = intent.safeParse(detail);
    if (!asked.success) continue;
    const { key } = asked.data.notice;
    const receipt = { version: 1, cluster: clusterKey, key, atMs: clock.nowMs() };
    storeObject(standIn.s3.bucket(bucketName), {
      key: receiptKey(clusterKey, digestOf(key)),
      body: new TextEncoder().encode(JSON.stringify(receipt)),
      modifiedMs: clock.nowMs(),
      contentType: 'application/json',
      contentEncoding: undefined,
      metadata: {},
    });
  }
}

/** Writes an episode's document as its intake does, or as somebody does who gets past the bucket's policy. */
export function keepEpisode({ standIn, clock }: StorageScalingAccount, document: object): void {
  storeObject(standIn.s3.bucket(bucketName), {
    key: stateKey('storage-scaling', clusterKey),
    body: new TextEncoder().encode(JSON.stringify(document)),
    modifiedMs: clock.nowMs(),
    contentType: 'application/json',
    contentEncoding: undefined,
    metadata: {},
  });
}

/** Such an account in which an intake just opened the episode of `runInput`, whose run is still to be started. */
export async function withEpisode(open: () => Promise<StorageScalingAccount>): Promise<StorageScalingAccount> {
  const account = await open();
  const { cluster: _own, ...opened } = runInput;
  keepEpisode(account, opened);
  return account;
}

/** Opens such an account, each time a fresh one, on a clock of its own. */
const openAccount = async (packageDirectory: string, root: string): Promise<StorageScalingAccount> => {
  const clock = manualClock(START_MS);
  const directory = await mkdtemp(join(root, 'account-'));
  const standIn = await startStandIn({
    clock,
    accountId: cluster.accountId,
    region: cluster.region,
    packageDirectory,
    templateFileName: ownTemplate,
    scratchDirectory: directory,
  });
  const { network, monitoringLevel, metadataMode } = cluster;
  standIn.msk.addCluster({
    arn: cluster.arn,
    kafkaVersion: '3.9.0',
    instanceType: 'kafka.m7g.large',
    brokers: Array.from({ length: cluster.brokerCount }, (_, index) => ({
      brokerId: index + 1,
      addresses: { plaintext: `127.0.0.1:${9092 + index}` },
    })),
    ...network,
    volumeGiB,
    monitoringLevel,
    metadataMode,
  });
  standIn.msk.behaveOnStorage({ operationMs });
  standIn.ssm.put(configuration.killSwitch.parameter, 'off');
  for (const endpoint of Object.values(configuration.channels.endpoints))
    if ('parameter' in endpoint)
      standIn.ssm.put(endpoint.parameter, endpoint.kind === 'email' ? 'team@example.com' : '+15550100');
  const disk = { usedGiB: () => firstUsedGiB };
  publishDisks(standIn, clock, disk);
  const deployed = await standIn.deploy(`mskeeper-${clusterKey}`);
  for (const { subscriptions } of standIn.sns.topics())
    for (const { endpoint, isConfirmed } of subscriptions) if (!isConfirmed) standIn.sns.confirm(endpoint);
  return {
    standIn,
    lambda: standIn.lambda,
    disk,
    witness: witnessOf({ configuration, clusterKey }, chosenNamesOf(deployed), standIn.world.calls.all),
    clock,
    close: async () => {
      await standIn.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};

/** A day of history and from then on a point a minute, as full as the volumes make it. */
function publishDisks(standIn: StandIn, clock: ManualClock, disk: StorageScalingAccount['disk']): void {
  const publish = (atMs: number): void => {
    const sizeGiB = standIn.msk.cluster(cluster.arn).volumeGiB ?? volumeGiB;
    for (let brokerId = 1; brokerId <= cluster.brokerCount; brokerId += 1) {
      const dimensions = { 'Cluster Name': cluster.name, 'Broker ID': String(brokerId) };
      standIn.cloudWatch.publish(
        { namespace: 'AWS/Kafka', name: 'KafkaDataLogsDiskUsed', dimensions },
        (100 * disk.usedGiB(atMs)) / sizeGiB,
        { atMs, unit: 'Percent' },
      );
    }
  };
  for (let atMs = START_MS - dayMs; atMs < START_MS; atMs += minuteMs) publish(atMs);
  const next = (atMs: number): void => {
    publish(atMs);
    clock.schedule(atMs + minuteMs, () => next(atMs + minuteMs));
  };
  next(START_MS);
}

/** The request that an execution waits with, read with the approver's role; undefined where nobody waits, or none was kept. */
async function fetchAsked({ standIn }: StorageScalingAccount, { operations }: DurableExecution) {
  if (!operations.all().some(({ Type, Status }) => Type === 'CALLBACK' && Status === 'STARTED')) return undefined;
  const { url: endpoint, world } = standIn;
  const { region } = world;
  const role = `mskeeper-${clusterKey}-approver-${region}`;
  const settings = { endpoint, region, credentials: world.identities.assumeRole(role, 'alice') };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const where = { Bucket: bucketName };
  const { Contents: requests = [] } = await s3.send(
    new ListObjectsV2Command({ ...where, Prefix: approvalPrefix(clusterKey) }),
  );
  const newest = requests.toSorted((left, right) => Number(left.LastModified) - Number(right.LastModified)).at(-1);
  if (newest === undefined) return undefined;
  const { Body: body } = await s3.send(new GetObjectCommand({ ...where, Key: newest.Key }));
  const request = approvalDocument.parse(JSON.parse((await body?.transformToString()) ?? ''));
  return { request, settings };
}

/** Somebody with the role answers the request of that look with no answer at all. @returns whether it was asked */
export async function spendRequest(
  account: StorageScalingAccount,
  execution: DurableExecution,
  look: number,
): Promise<boolean> {
  const asked = await fetchAsked(account, execution);
  if (asked === undefined || !asked.request.id.endsWith(`-${look}`)) return false;
  const { request, settings } = asked;
  await new LambdaClient(settings).send(
    new SendDurableExecutionCallbackSuccessCommand({ CallbackId: request.callbackId, Result: Buffer.from('"yes"') }),
  );
  return true;
}

/**
 * A person reads the request and says yes, with the approver's role for that alone and under her own name. Asked at each
 * quiet moment; says nothing where nobody waits.
 */
export async function approve(account: StorageScalingAccount, execution: DurableExecution): Promise<void> {
  const asked = await fetchAsked(account, execution);
  if (asked === undefined) return;
  const { standIn, lambda } = account;
  const { request, settings } = asked;
  const { endpoint, region } = settings;
  const { world } = standIn;
  const decision = { decision: 'approved' } as const;
  const digest = digestOfAnswer(request, decision);
  // Whoever approved before is not asked again.
  const name = request.approvers.some((arn) => arn.endsWith('/alice')) ? 'carol' : 'alice';
  world.identities.addRole({ name: 'people', policies: [], trust: { statements: [] } });
  const own = new STSClient({ endpoint, region, credentials: world.identities.assumeRole('people', name) });
  const proof = await signProof(own, region, digest, { AWS_ENDPOINT_URL: endpoint });
  const answer: ApprovalAnswer = { version: 2, ...decision, digest, proof };
  await new LambdaClient(settings).send(
    new SendDurableExecutionCallbackSuccessCommand({
      CallbackId: request.callbackId,
      Result: Buffer.from(JSON.stringify(answer)),
    }),
  );
  // One more may have to.
  await lambda.idle();
  await approve(account, execution);
}
