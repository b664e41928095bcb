import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from 'vitest';
import { auditKey, claimKey } from '../../../shared/acting/core/keys.ts';
import type { ActRecord } from '../../../shared/acting/core/record.ts';
import { type CliWorld, openCliWorld } from '../../support/cli/cli-world.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const nowMs = Date.now();

const recordOf = (cause: string, ageMs: number, more: Partial<ActRecord> = {}): ActRecord => ({
  version: 1,
  cluster: 'orders',
  procedure: 'storage-scaling',
  cause,
  mode: 'act',
  plan: { action: 'expand', reason: 'above-threshold', message: 'Expand to 200 GiB.', evidence: { toGiB: 200 } },
  target: { toGiB: 200 },
  plannedAtMs: nowMs - ageMs,
  plannedState: { version: 'K1' },
  isDisruptive: false,
  isLocked: true,
  tries: [{ id: 't', execution: 'e', atMs: nowMs - ageMs, seenState: { version: 'K1' } }],
  ...more,
});
const end = { id: 'x', atMs: nowMs, execution: 'e' } as const;
const acted = { ...end, decision: 'acted', outcome: { operationArn: 'arn:op' }, requestId: 'r-77' } as const;

const records: readonly ActRecord[] = [
  recordOf('now', minuteMs),
  recordOf('hours', 2 * 60 * minuteMs, {
    end: acted,
    approval: { by: 'arn:aws:sts::111122223333:assumed-role/approver/alice', atMs: nowMs - 3 * 60 * minuteMs },
  }),
  recordOf('plan', dayMs, { mode: 'plan', tries: [], end: { ...end, decision: 'would-act' } }),
  recordOf('refused', 2 * dayMs, {
    end: { ...end, decision: 'stopped', reason: 'api-refused', message: 'The API refused the call (400): see why.' },
  }),
  recordOf('cut', 3 * dayMs),
  recordOf('reboot', 4 * dayMs, { procedure: 'rolling-reboot', end: acted }),
  recordOf('old', 40 * dayMs, { end: acted }),
];

let world: CliWorld;
let bucket = '';
const s3 = () =>
  new S3Client({
    endpoint: world.standIn.url,
    region: 'eu-west-1',
    credentials: world.standIn.world.identities.admin,
    forcePathStyle: true,
  });
const put = (Key: string, Body: string) => s3().send(new PutObjectCommand({ Bucket: bucket, Key, Body }));

beforeEach(async () => {
  world = await openCliWorld();
  await world.deploy();
  const { Environment } = await describeHealth();
  bucket = Environment;
  for (const record of records) {
    const { procedure, plannedAtMs, cause } = record;
    await put(auditKey('orders', procedure, plannedAtMs, cause), JSON.stringify(record));
    await put(claimKey('orders', procedure, cause), JSON.stringify({ version: 1, procedure, cause, plannedAtMs }));
  }
});

const describeHealth = async () => {
  const { LambdaClient, GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const client = new LambdaClient({
    endpoint: world.standIn.url,
    region: 'eu-west-1',
    credentials: world.standIn.world.identities.admin,
  });
  const FunctionName = 'mskeeper-orders-cluster-health';
  const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  return { Environment: Environment?.Variables?.MSKEEPER_BUCKET ?? '' };
};

const causesOf = (written: string): string[] =>
  JSON.parse(written).records.map(({ cause, word }: { cause: string; word: string }) => `${cause}: ${word}`);

describe('history', () => {
  test('lists what was done and would have been done within 30 days, newest first, out of the stack’s own bucket', async () => {
    const { status, written, errors } = await world.run(['history', 'orders', '--json']);
    expect(errors).toBe('');
    expect(causesOf(written)).toEqual([
      'now: under way',
      'hours: acted',
      'plan: would act',
      'refused: api-refused',
      'cut: cut off',
      'reboot: acted',
    ]);
    expect(JSON.parse(written)).toMatchObject({ cluster: 'orders', damaged: [], hasMore: false });
    expect(status).toBe(0);
  });

  test('is a table with details beneath its rows and a sum at its end', async () => {
    const { written } = await world.run(['history', 'orders']);
    const lines = written.split('\n');
    const when = new Date(nowMs - 2 * 60 * minuteMs).toISOString().replace('T', ' ').slice(0, 19);
    expect(lines).toContain(`${when}Z  storage-scaling  acted        expand: Expand to 200 GiB.`);
    expect(written).toMatch(
      /\n {4}hours, request r-77, approved by arn:aws:sts::111122223333:assumed-role\/approver\/alice \(not proven\) at /,
    );
    expect(written).toContain('\n    The API refused the call (400): see why.\n    refused\n');
    expect(lines.at(-2)).toMatch(/^1 under way, 2 acted, 1 would act, 1 api-refused, 1 cut off since \d{4}-/);
  });

  test.each([
    [
      ['--since', '36h'],
      ['now', 'hours', 'plan'],
    ],
    [
      ['--since', '60d'],
      ['now', 'hours', 'plan', 'refused', 'cut', 'reboot', 'old'],
    ],
    [
      ['--since', new Date(nowMs - 2 * dayMs).toISOString().slice(0, 10)],
      ['now', 'hours', 'plan', 'refused'],
    ],
    [['--procedure', 'rolling-reboot'], ['reboot']],
    [['--procedure', 'failover'], []],
    [['--limit', '1'], ['now']],
  ])('%j', async (more, causes) => {
    const { written } = await world.run(['history', 'orders', '--json', ...more]);
    expect(causesOf(written).map((one) => one.split(':')[0])).toEqual(causes);
    expect(JSON.parse(written).hasMore).toBe(more[0] === '--limit');
  });

  test('a damaged record is named and fails, and the others are shown', async () => {
    const key = auditKey('orders', 'storage-scaling', nowMs, 'broken');
    await put(key, '{"version":1}');
    const { status, written } = await world.run(['history', 'orders']);
    expect(status).toBe(1);
    expect(written).toContain(`damaged: ${key}: s3:GetObject: bad answer: `);
    expect(written).toContain('    hours, request r-77');
  });

  test.each([
    [['--since', 'yesterday'], '--since "yesterday" is no time: 36h, 30d or 2026-11-01'],
    [['--since', '2026-02-30'], '--since "2026-02-30" is no time'],
    [['--limit', '0'], '--limit "0" is no count'],
    [['--procedure', 'storage-scalin'], 'did you mean storage-scaling?'],
    [['--colour'], '--help lists the options'],
    [['more'], '"more" is a word too many'],
  ])('%j is refused in a line', async (more, said) => {
    const { status, written, errors } = await world.run(['history', 'orders', ...more]);
    expect([status, written]).toEqual([2, '']);
    expect(errors).toContain(said);
    expect(errors.trim().split('\n')).toHaveLength(1);
  });

  test('changes nothing', async () => {
    const { calls } = world.standIn.world;
    const before = calls.all.length;
    await world.run(['history', 'orders']);
    const operations = new Set(calls.all.slice(before).map(({ service, operation }) => `${service}:${operation}`));
    expect([...operations].toSorted()).toEqual(['lambda:GetFunctionConfiguration', 's3:GetObject', 's3:ListObjectsV2']);
    const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'audit/' }));
    expect(Contents).toHaveLength(2 * records.length);
  });
});

test('before a deploy it says what to name', async () => {
  const empty = await openCliWorld();
  const { status, errors } = await empty.run(['history', 'orders']);
  expect(status).toBe(2);
  expect(errors).toBe(
    'mskeeper-orders-cluster-health is not deployed or names no bucket; name the bucket with --bucket\n',
  );
});

test('--help says it all and asks nobody', async () => {
  const { status, written } = await (await openCliWorld()).run(['history', '--help']);
  expect(status).toBe(0);
  expect(written).toContain('npm run mskeeper -- history [<cluster>]');
});
