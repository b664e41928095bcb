import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll } from 'vitest';
import { emptyDocument, type IncidentDocument } from '../../../functions/health/incident/core/document.ts';
import { incidentDocument } from '../../../functions/health/incident/document-schema.ts';
import { templateFileName } from '../../../infra/packaging/package-stack.ts';
import type { EventBridgeEvent } from '../../../local/aws/services/eventbridge/event.ts';
import { currentObject, storeObject } from '../../../local/aws/services/s3/bucket.ts';
import { type StandIn, startStandIn } from '../../../local/aws/stand-in.ts';
import { type ManualClock, manualClock } from '../../../local/clock.ts';
import { furnishChannels } from '../../../local/world/channels.ts';
import { hearFirstWords } from '../../../local/world/cloud.ts';
import { type BusEvent, findingEventOf } from '../../../shared/core/bus-event.ts';
import type { Configuration } from '../../../shared/core/configuration.ts';
import type { Finding } from '../../../shared/core/finding.ts';
import { stateKey } from '../../../shared/core/store-keys.ts';
import { minuteMs, secondMs } from '../../../shared/core/units.ts';
import { START_MS } from '../aws/aws.ts';
import { chosenNamesOf, type Witness, witnessOf } from '../aws/declared-calls.ts';
import { packageOnce } from '../aws/package-once.ts';
import { judge } from '../configuration.ts';
import { heartbeatMetricsOf } from '../heartbeats.ts';

export const clusterKey = 'paged';
const accountId = '111122223333';
const region = 'eu-west-1';
export const clusterArn = `arn:aws:kafka:${region}:${accountId}:cluster/${clusterKey}/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4`;
export const slackChannel = 'C0123456789';
const chatChannel = 'C9876543210';

/** Three brokers, every kind of channel, by RUNBOOK's own severities, and who may command incident. */
export const configurationText = `version: 1
clusters:
  ${clusterKey}:
    arn: ${clusterArn}
    region: ${region}
    role: primary
    brokerCount: 3
    metadataMode: kraft
    authentication: { kind: plaintext }
    network: { subnetIds: [subnet-0a1b2c3d4e5f60001], securityGroupIds: [sg-0a1b2c3d4e5f60001] }
channels:
  endpoints:
    on-call: { kind: pagerduty, secret: mskeeper/pagerduty }
    on-call-phone: { kind: phone, secret: mskeeper/phone }
    incidents: { kind: slack, secret: mskeeper/slack, channel: ${slackChannel} }
    on-call-sms: { kind: sms, parameter: /mskeeper/channels/on-call-sms }
    team-mail: { kind: email, parameter: /mskeeper/channels/team-mail }
    boss-mail: { kind: email, secret: mskeeper/boss-mail }
    chat: { kind: amazon-q, workspace: T0123456789, channel: ${chatChannel} }
  byTopic:
    emergency: [on-call-phone, on-call-sms, on-call, incidents]
    critical: [on-call, incidents]
    warning: [incidents, team-mail]
    maintenance: [incidents, team-mail, chat]
    operations: [incidents, team-mail]
  heartbeat: { parameter: /mskeeper/channels/heartbeat }
contacts:
  - { role: on-call engineer, level: on-call, channel: on-call }
  - { role: head of platform, level: management, channel: boss-mail }
policy:
  preset: msk-operations
  # Sooner than RUNBOOK has it, so that a test climbs within minutes.
  escalation:
    critical: [{ afterMinutes: 10, raisesTo: emergency }, { afterMinutes: 60, level: management }]
    warning: [{ afterMinutes: 2, raisesTo: critical, endpoints: [boss-mail] }, { afterMinutes: 30, raisesTo: emergency }]
approverPrincipals: [arn:aws:iam::${accountId}:user/alice, arn:aws:iam::${accountId}:role/on-call]
`;

const readConfiguration = (): Configuration => {
  const { configuration, mistakes } = judge(configurationText);
  if (configuration === undefined) throw new Error(JSON.stringify(mistakes));
  return configuration;
};
const configuration = readConfiguration();

const ownTemplate = 'trial-template.json';
const busName = `mskeeper-${clusterKey}`;
export const bucketName = `mskeeper-${clusterKey}-bucket-${accountId}`;
export const incidentFunction = `mskeeper-${clusterKey}-incident`;

/** Whose looks find what is told here. */
export const checker = { cluster: clusterKey, procedure: 'cluster-health', runId: 'run-1' };

/** The packaged stack in an account of its own, with people who can be paged. */
export type IncidentAccount = {
  readonly standIn: StandIn;
  readonly clock: ManualClock;
  readonly witness: Witness;
  /** A procedure tells the bus of a finding. */
  readonly tellFinding: (finding: Finding, change: 'opened' | 'worse' | 'closed', sinceMs?: number) => Promise<void>;
  /** What a procedure tells at once comes at once: the queue makes batches of it as it likes. */
  readonly tellBus: (...events: readonly BusEvent[]) => Promise<void>;
  /** The world goes on, minute by minute, and every function that runs comes to its end. */
  readonly pass: (minutes: number) => Promise<void>;
  readonly document: () => IncidentDocument;
  /** What lies in the bucket under keys that begin so, by its key. */
  readonly documentsUnder: (prefix: string) => ReadonlyMap<string, unknown>;
  readonly close: () => Promise<void>;
};

type Use = (account: IncidentAccount) => Promise<void>;

/** The stack; each use has it in an account of its own. */
export const useIncidentAccounts = (): {
  readonly open: () => Promise<IncidentAccount>;
  readonly inAccount: (use: Use) => Promise<void>;
} => {
  let root = '';
  let packageDirectory = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'mskeeper-incident-'));
    packageDirectory = await packageAlone(root);
  });
  afterAll(async () => {
    await rm(root, { recursive: true, force: true });
  });
  const open = () => openAccount(packageDirectory, root);
  return {
    open,
    inAccount: async (use) => {
      const account = await open();
      try {
        await use(account);
      } finally {
        await account.close();
      }
    },
  };
};

/**
 * The packaged stack, of whose schedules only incident's own runs: nobody looks at brokers here. That the others' runs end well
 * CloudWatch hears all the same, from the first ones on that docs/deploy.md asks for: `keepHeartbeats`.
 */
async function packageAlone(root: string): Promise<string> {
  const output = join(root, 'package');
  await cp(await packageOnce(configuration, clusterKey), output, { recursive: true });
  const template: { Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }> } = JSON.parse(
    await readFile(join(output, templateFileName), 'utf8'),
  );
  for (const { Type: type, Properties: properties = {} } of Object.values(template.Resources)) {
    const isOthers = type === 'AWS::Scheduler::Schedule' && !String(properties.Name).includes('incident');
    if (isOthers) properties.State = 'DISABLED';
  }
  await writeFile(join(output, ownTemplate), JSON.stringify(template));
  return output;
}

/** An event of mskeeper's own as EventBridge hands it over. */
export const asBusBrings = ({ detailType, detail }: BusEvent, atMs: number): EventBridgeEvent => ({
  source: 'mskeeper',
  'detail-type': detailType,
  account: accountId,
  region,
  resources: [clusterArn],
  detail,
  id: crypto.randomUUID(),
  time: new Date(atMs).toISOString(),
  version: '0',
});

/** What is long is kept packed. */
const textOf = ({ body, contentEncoding }: NonNullable<ReturnType<typeof currentObject>>): string =>
  new TextDecoder().decode(contentEncoding === 'gzip' ? gunzipSync(body) : body);

/** @returns ends it */
const keepHeartbeats = (clock: ManualClock, { cloudWatch }: StandIn): (() => void) => {
  const beat = (): void => {
    for (const { id, value } of heartbeatMetricsOf(clusterKey)) cloudWatch.publish(id, value);
    timer = clock.schedule(clock.nowMs() + 5 * minuteMs, beat);
  };
  let timer = clock.schedule(clock.nowMs(), beat);
  return () => timer.cancel();
};

const openAccount = async (packageDirectory: string, root: string): Promise<IncidentAccount> => {
  const clock = manualClock(START_MS);
  const directory = await mkdtemp(join(root, 'account-'));
  const standIn = await startStandIn({
    clock,
    accountId,
    region,
    packageDirectory,
    templateFileName: ownTemplate,
    scratchDirectory: directory,
  });
  standIn.ssm.put(configuration.killSwitch.parameter, 'off');
  furnishChannels(standIn, configuration.channels);
  const deployed = await standIn.deploy(`mskeeper-${clusterKey}`);
  // A cluster's first number goes by the clock; here incidents are counted from 1.
  storeObject(standIn.s3.bucket(bucketName), {
    key: stateKey('incident', clusterKey),
    body: Buffer.from(JSON.stringify(emptyDocument)),
    modifiedMs: clock.nowMs(),
    contentType: 'application/json',
    contentEncoding: undefined,
    metadata: {},
  });
  const endHeartbeats = keepHeartbeats(clock, standIn);
  for (const { subscriptions } of standIn.sns.topics())
    for (const { endpoint, isConfirmed } of subscriptions) if (!isConfirmed) standIn.sns.confirm(endpoint);
  await hearFirstWords(standIn);

  const tellBus = async (...events: readonly BusEvent[]): Promise<void> => {
    for (const event of events) await standIn.eventBridge.deliver(busName, asBusBrings(event, clock.nowMs()));
    await standIn.lambda.idle();
  };
  return {
    standIn,
    clock,
    witness: witnessOf({ configuration, clusterKey }, chosenNamesOf(deployed), standIn.world.calls.all),
    tellBus,
    tellFinding: (finding, change, sinceMs = clock.nowMs()) =>
      tellBus(findingEventOf(checker, clock.nowMs(), { change, sinceMs, finding })),
    pass: async (minutes) => {
      for (let second = 0; second < minutes * 60; second += 10) {
        await clock.advanceTo(clock.nowMs() + 10 * secondMs);
        await standIn.lambda.idle();
      }
    },
    document: () => {
      const found = currentObject(standIn.s3.bucket(bucketName), stateKey('incident', clusterKey));
      if (found === undefined) throw new Error('incident has written nothing yet');
      return incidentDocument.parse(JSON.parse(textOf(found)));
    },
    documentsUnder: (prefix) => {
      const bucket = standIn.s3.bucket(bucketName);
      const keys = [...bucket.versions.keys()].filter((key) => key.startsWith(prefix));
      return new Map(
        keys.flatMap((key): [string, unknown][] => {
          const found = currentObject(bucket, key);
          return found === undefined ? [] : [[key, JSON.parse(textOf(found))]];
        }),
      );
    },
    close: async () => {
      endHeartbeats();
      await standIn.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};

/** What cluster-health says of a broker that is away. */
export const brokerAway = (id: number): Finding => ({
  check: 'broker-answers',
  subject: `broker ${id}`,
  severity: 'critical',
  reason: 'timed-out',
  message: `Broker ${id} does not answer in 3 looks: 15 partitions affected (0 without a leader): orders-0, orders-1 and 13 more.`,
  sources: ['brokers'],
  evidence: { affectedPartitionCount: 15 },
});

/** The same broker, back. */
export const brokerBack = (id: number): Finding => ({
  ...brokerAway(id),
  severity: 'ok',
  reason: 'answers',
  message: `Broker ${id} answers.`,
  evidence: {},
});

/** Ten seconds after a minute of incident's, so that two further ones pass before two minutes have. */
export const aMoment = 1 / 6;
