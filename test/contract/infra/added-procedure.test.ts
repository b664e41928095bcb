import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { estimateCost } from '../../../infra/bill/cost-estimate.ts';
import { planBlocks } from '../../../infra/docs/blocks.ts';
import { partsOf, productParts, type Registry, type StackParts } from '../../../infra/functions.ts';
import { packageStack, templateFileName } from '../../../infra/packaging/package-stack.ts';
import { procedures } from '../../../infra/procedures.ts';
import { alarmsOf } from '../../../infra/stack/alarms.ts';
import { stackContextOf } from '../../../infra/stack/context.ts';
import { type StandIn, startStandIn } from '../../../local/aws/stand-in.ts';
import { type ManualClock, manualClock } from '../../../local/clock.ts';
import type { Configuration } from '../../../shared/core/configuration.ts';
import { deployment } from '../../fixtures/functions/health/disk-review/deployment.ts';
import { judge, smallFile } from '../../support/configuration.ts';
import { eventually } from '../../support/eventually.ts';
import { heartbeatsOf, heartbeatsSaidBy } from '../../support/heartbeats.ts';
import { sentEventsOf, untoldAlarmsOf } from '../../support/runbook-page.ts';

/** The whole of what is added: one line of a registry. Its folder is one of the tests'. */
const added: Registry = { 'health/disk-review': deployment };
const addedParts = partsOf(added, 'test/fixtures/functions');
const parts: StackParts = {
  functions: [...productParts.functions, ...addedParts.functions],
  alarms: [...productParts.alarms, ...addedParts.alarms],
};

const file = smallFile(
  {},
  `policy: { limits: { diskIoPercent: { warning: 70 } } }
schedules: { disk-review-hourly: "cron(0 * * * ? *)", disk-review-daily: "cron(0 10 * * ? *)" }
`,
);

const configurationOf = (text: string): Configuration => {
  const { configuration, mistakes } = judge(text, parts.functions);
  if (configuration === undefined) throw new Error(JSON.stringify(mistakes));
  return configuration;
};
const configuration = configurationOf(file);
const { orders: cluster } = configuration.clusters;
if (cluster === undefined) throw new Error('the file has a cluster');

/** Half a minute before ten, when both of its schedules are due and nothing else is. */
const startMs = Date.UTC(2026, 10, 24, 9, 59, 31);
let root = '';
let standIn: StandIn;
let clock: ManualClock;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mskeeper-added-'));
  const packageDirectory = join(root, 'package');
  await packageStack({ configuration, clusterKey: 'orders', output: packageDirectory, isVerbose: false, parts });
  clock = manualClock(startMs);
  standIn = await startStandIn({
    clock,
    accountId: cluster.accountId,
    region: cluster.region,
    packageDirectory,
    templateFileName,
    scratchDirectory: root,
  });
  await standIn.deploy('mskeeper-orders');
});
afterAll(async () => {
  await standIn?.close();
  await rm(root, { recursive: true, force: true });
});

const reports = () =>
  [...standIn.s3.bucket(`mskeeper-orders-bucket-${cluster.accountId}`).versions.keys()].filter((key) =>
    key.startsWith('reports/disk-review/orders/'),
  );
/** What its runs said as they ended. */
const heartbeats = () => {
  const dimensions = { Cluster: 'orders', Procedure: 'disk-review' };
  const id = { namespace: 'mskeeper', name: 'ScheduledRunCompleted', dimensions };
  const samples = standIn.cloudWatch.metrics.read(id, startMs, Number.POSITIVE_INFINITY);
  return samples.map(({ maximum }) => maximum).toSorted();
};
const invocations = () =>
  standIn.lambda.invocations.filter(({ functionName }) => functionName === 'mskeeper-orders-disk-review');

test('its schedules are keys of mskeeper.yml, each with its own default, and no other name is', () => {
  expect(configurationOf(smallFile()).schedules['disk-review-hourly']).toBe('rate(1 hour)');
  expect(configuration.schedules['disk-review-daily']).toBe('cron(0 10 * * ? *)');
  expect(configurationOf(smallFile()).schedules['disk-review-daily']).toBe('cron(0 9 * * ? *)');
  expect(judge(smallFile({}, 'schedules: { disk-review-daily: rate(1 day) }\n')).mistakes).not.toEqual([]);
});

test('what it declares to judge is read, and was not before', () => {
  const told = (functions = parts.functions) =>
    judge(smallFile({}, 'policy: { limits: { diskIoPercent: { warning: 70 } } }\n'), functions).unread;
  expect(told()).toEqual([]);
  expect(told(productParts.functions)).toMatchObject([{ message: 'nothing reads this yet' }]);
});

test('its schedules wake it, it says which did, and it keeps a report and tells the bus by its own role', async () => {
  await clock.advanceTo(startMs + 40_000);
  await eventually(() => expect(invocations().map(({ status }) => status)).toEqual(['success', 'success']));
  expect(heartbeats()).toEqual([1, 2]);
  expect(reports()).toHaveLength(1);
  const told = standIn.eventBridge.events
    .map(({ event }) => event)
    .filter((event) => event['detail-type'] === 'mskeeper report');
  expect(told.map(({ detail }) => detail)).toMatchObject([{ procedure: 'disk-review', report: { count: 3 } }]);
});

test('its own alarm wakes it, and a person may', async () => {
  const before = invocations().length;
  const dimensions = { 'Cluster Name': cluster.name };
  for (let minute = 1; minute <= 8; minute += 1) {
    const atMs = clock.nowMs();
    standIn.cloudWatch.publish({ namespace: 'AWS/Kafka', name: 'GlobalPartitionCount', dimensions }, 200_000, { atMs });
    await clock.advanceTo(atMs + 60_000);
  }
  await eventually(() => expect(invocations().length).toBeGreaterThan(before));
  const answer = await standIn.lambda.invoke({
    functionName: 'mskeeper-orders-disk-review',
    payload: Buffer.from(JSON.stringify({ source: 'mskeeper.manual', procedure: 'disk-review', scope: 'daily' })),
    invocationType: 'RequestResponse',
    invokedBy: '',
  });
  expect(answer.functionError).toBeUndefined();
  await eventually(() => expect(invocations().every(({ status }) => status === 'success')).toBe(true));
});

test('its role may do what it declares and no more', async () => {
  const template: { Resources: Record<string, { Properties?: { Policies?: unknown } }> } = JSON.parse(
    await readFile(join(root, 'package', templateFileName), 'utf8'),
  );
  const policies = JSON.stringify(template.Resources.DiskReviewRole?.Properties?.Policies);
  const actions = [...policies.matchAll(/"([a-z0-9-]+:[A-Z]\w+)"/g)].map(([, action]) => action);
  expect([...new Set(actions)].toSorted()).toEqual([
    'cloudwatch:GetMetricData',
    'events:PutEvents',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    's3:PutObject',
    'sqs:SendMessage',
  ]);
});

test('its heartbeats, its bill and its rows in the documents follow', () => {
  const made = alarmsOf(stackContextOf(configuration, 'orders', parts), parts)
    .filter(({ owner, subject }) => owner === 'disk-review' || subject?.startsWith('disk-review-'))
    .map(({ slug, subject, threshold }) => [slug, subject, threshold]);
  expect(made).toEqual([
    ['many-partitions', undefined, 100_000],
    ['heartbeat', 'disk-review-hourly', 1],
    ['heartbeat', 'disk-review-daily', 2],
  ]);
  const costs = estimateCost(configuration, 'orders', parts).lines.map(({ formula }) => formula);
  expect(costs.join('\n')).toContain('disk-review daily');
  const [table] = planBlocks({ ...procedures, ...added });
  expect(table?.text).toContain(
    '| [disk-review](docs/runbook/disk-review.md): Reads how full the disks are every hour',
  );
});

test('its runs say by their value which schedule they did the work of, as its alarms hear it', async () => {
  const folder = join(import.meta.dirname, '../../fixtures/functions/health/disk-review');
  expect(await heartbeatsSaidBy(folder)).toEqual(heartbeatsOf(added));
});

test('its page names its alarm, and tells to send an event of its own scopes', async () => {
  const page = await readFile(join(import.meta.dirname, '../../fixtures/docs/runbook/disk-review.md'), 'utf8');
  const context = stackContextOf(configuration, 'orders', parts);
  expect(untoldAlarmsOf(page, 'disk-review', alarmsOf(context, parts))).toEqual([]);
  expect(sentEventsOf(page, 'disk-review', deployment)).toMatchObject([
    { kind: 'manual', procedure: 'disk-review', scope: 'daily' },
  ]);
});
