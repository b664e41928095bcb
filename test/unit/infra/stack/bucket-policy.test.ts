import { beforeAll, describe, expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import type { ClusterConfiguration } from '../../../../shared/core/configuration.ts';
import type { StackSettings } from '../../../../shared/core/stack-settings.ts';
import { roleLogicalId } from '../../../../shared/deployment/names.ts';
import { openPolicies } from '../../../support/aws/resource-policies.ts';
import { s3BucketWrites, s3ObjectWrites } from '../../../support/aws/s3-write-actions.ts';
import { type Case, changesOfBucket, isWrong, policyWith, wrongOf } from '../../../support/stack/bucket-policies.ts';
import { at, configurationWith, listOf, objectsOf } from './stack-under-test.ts';

const account = '111122223333';
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const breakGlass = roleArn('break-glass');
const deployment = roleArn('cloudformation');
/** A role that may do anything anywhere, another cluster's whose name begins alike, and one that is only called like ours. */
const strangers = ['ci', 'mskeeper-orders-eu-cluster-health-eu-west-1', 'mskeeper-orders-future-eu-west-1'].map(
  roleArn,
);

/** Who writes where, by hand: from what each procedure keeps, not from the template. */
const folders: Readonly<Record<string, readonly string[]>> = {
  'cluster-health': ['state/cluster-health/', 'reports/cluster-health/'],
  incident: ['state/incident/', 'receipts/orders/', 'audit/orders/incident/'],
  'storage-scaling': ['state/storage-scaling/'],
  'storage-scaling-run': ['audit/orders/storage-scaling/', 'budget/', 'approvals/orders/'],
};
const pairFolders = { 'metadata-backup': 'backups/', 'primary-watch': 'heartbeat/' };
const pairRole = (procedure: string) => roleArn(`mskeeper-standby-${procedure}-eu-central-1`);

type Trial = { readonly settings: StackSettings; readonly hasPair: boolean };

const trials: Readonly<Record<string, Trial>> = {
  'nobody to mend': { settings: {}, hasPair: false },
  'a break-glass role': { settings: { breakGlassRole: breakGlass }, hasPair: false },
  'records that are kept': { settings: { auditRetention: { mode: 'governance', days: 30 } }, hasPair: false },
  'records that are kept, and somebody to mend': {
    settings: { auditRetention: { mode: 'compliance', days: 30 }, breakGlassRole: breakGlass },
    hasPair: false,
  },
  'a deployment role, somebody to mend and a pair': {
    settings: { deploymentRole: deployment, breakGlassRole: breakGlass },
    hasPair: true,
  },
};

const stackOf = ({ settings, hasPair }: Trial) => {
  const configuration = configurationWith({ stack: settings });
  const { orders } = configuration.clusters;
  if (orders === undefined) throw new Error('no cluster');
  const standby: ClusterConfiguration = { ...orders, region: 'eu-central-1', role: 'backup', backupOf: 'orders' };
  return buildStack({ ...configuration, clusters: { orders, ...(hasPair && { standby }) } }, 'orders');
};

const reads = ['s3:GetObject', 's3:GetObjectVersion'];

/** Of every folder, also of one that nobody writes into yet: a procedure to come would believe what lies there. */
const keys = [
  'state/cluster-health/orders.json',
  'state/cluster-health/orders/look.json',
  'state/cluster-health/orders/unreadable/a.json',
  'state/storage-scaling/orders.json',
  'state/incident/orders.json',
  'state/forecast/orders.json',
  'reports/cluster-health/orders/2026/03/01/090000-r.json',
  'audit/orders/storage-scaling/2026/03/01/a.json',
  'audit/orders/storage-scaling/causes/a.json',
  'audit/orders/failover/2026/03/01/a.json',
  'audit/orders/incident/2026/03/01/a.json',
  'budget/orders.json',
  'approvals/orders/a-1.json',
  'receipts/orders/a.json',
  'backups/orders/a.json',
  'heartbeat/orders.json',
  'elsewhere.json',
];

const conditions = {
  absent: { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' },
  version: { 's3:if-match': 'etag', 's3:ObjectCreationOperation': 'true' },
  none: { 's3:ObjectCreationOperation': 'true' },
  part: { 's3:ObjectCreationOperation': 'false' },
} as const;

const bucketArn = 'arn:aws:s3:::mskeeper-orders-bucket-111122223333';

/** Every role with every right in its own policies, before every object and before the bucket: only the bucket's policy says no. */
const casesOf = ({ settings, hasPair }: Trial): readonly Case[] => {
  const ours = Object.entries(folders).map(([slug, own]) => ({
    who: slug,
    roleArn: roleArn(`mskeeper-orders-${slug}-eu-west-1`),
    own,
  }));
  const pairs = Object.entries(pairFolders).map(([procedure, folder]) => ({
    who: `pair ${procedure}`,
    roleArn: pairRole(procedure),
    own: hasPair ? [folder] : [],
  }));
  const others = [...strangers, deployment, roleArn('mskeeper-orders-kafka-read-eu-west-1')].map((arn) => ({
    who: arn,
    roleArn: arn,
    own: [],
  }));
  const mender = { who: 'break-glass', roleArn: breakGlass, own: [] };
  return [...ours, ...pairs, ...others, mender].flatMap(({ who, roleArn: arn, own }) => {
    const mends = arn === settings.breakGlassRole;
    const deploys = arn === settings.deploymentRole;
    const mode = settings.auditRetention?.mode.toUpperCase();
    const isOurs = (key: string) => !['backups/', 'heartbeat/'].some((folder) => key.startsWith(folder));
    const puts = keys.flatMap((key) =>
      Object.entries(conditions).map(([condition, plainContext]): Case => {
        const isConditional = condition !== 'none' || !isOurs(key) || key === 'elsewhere.json';
        const isLocked = mode !== undefined && key.startsWith('audit/');
        const context = { ...plainContext, ...(isLocked && { 's3:object-lock-mode': mode }) };
        const expected = mends || (own.some((folder) => key.startsWith(folder)) && isConditional);
        return { who, roleArn: arn, action: 's3:PutObject', resource: `${bucketArn}/${key}`, context, expected };
      }),
    );
    // Where records are kept, a write of one without its lock is none; and only its writer locks it, as it is configured.
    const locks = keys.flatMap((key): readonly Case[] => {
      const resource = `${bucketArn}/${key}`;
      const action = 's3:PutObjectRetention';
      const locked = (lock: string | undefined, days: number, isRight: boolean): Case => {
        const remaining = { 's3:object-lock-remaining-retention-days': String(days) };
        const context = { ...(lock !== undefined && { 's3:object-lock-mode': lock }), ...remaining };
        const isOwnRecord = own.some((folder) => folder.startsWith('audit/') && key.startsWith(folder));
        return { who, roleArn: arn, action, resource, context, expected: mends || (isRight && isOwnRecord) };
      };
      if (mode === undefined) return [locked('GOVERNANCE', 1, false)];
      const other = mode === 'GOVERNANCE' ? 'COMPLIANCE' : 'GOVERNANCE';
      const open: Case = {
        ...locked(mode, 30, true),
        action: 's3:PutObject',
        context: conditions.absent,
        expected: mends || (own.some((folder) => key.startsWith(folder)) && !key.startsWith('audit/')),
      };
      return [
        locked(mode, 1, true),
        locked(mode, 31, true),
        locked(mode, 32, false),
        locked(other, 30, false),
        locked(undefined, 30, false),
        open,
      ];
    });
    const changes = s3ObjectWrites.flatMap((action) =>
      keys.map((key): Case => {
        return { who, roleArn: arn, action, resource: `${bucketArn}/${key}`, context: {}, expected: mends };
      }),
    );
    const seen = reads.map((action): Case => {
      return { who, roleArn: arn, action, resource: `${bucketArn}/${keys[0]}`, context: {}, expected: true };
    });
    const plain = { 'aws:SecureTransport': 'false' };
    const wiretapped = {
      who,
      roleArn: arn,
      action: 's3:GetObject',
      resource: `${bucketArn}/${keys[0]}`,
      expected: false,
    };
    const configured = changesOfBucket({ who, roleArn: arn }, { actions: s3BucketWrites, bucketArn, mends, deploys });
    return [...puts, ...locks, ...changes, ...seen, { ...wiretapped, context: plain }, ...configured];
  });
};

describe.each(Object.entries(trials))('the bucket with %s', (_what, trial) => {
  const policy = policyWith(stackOf(trial).resources, 'BucketPolicy', { Bucket: bucketArn });
  const asked = casesOf(trial);

  test('takes from each writer what lies in its own folders, and from nobody else anything', () => {
    expect(asked.length).toBeGreaterThan(2_000);
    expect(wrongOf(policy, asked)).toEqual([]);
  });

  test('would be open somewhere without any one of its statements', () => {
    const statements = listOf(at(policy, 'Statement'));
    expect(statements.length).toBeGreaterThanOrEqual(8);
    for (const removed of statements) {
      const rest = statements.filter((one) => one !== removed);
      expect(isWrong(rest, asked), JSON.stringify(removed)).toBe(true);
    }
  });

  test('would be open somewhere without any one condition, and closed to somebody without any one exception', () => {
    const statements = objectsOf(at(policy, 'Statement'));
    for (const [index, statement] of statements.entries()) {
      for (const operator of Object.keys(statement.Condition ?? {})) {
        const { [operator]: _left, ...Condition } = Object.fromEntries(Object.entries(statement.Condition ?? {}));
        const rest = statements.with(index, { ...statement, Condition });
        expect(isWrong(rest, asked), `${statement.Sid} ${operator}`).toBe(true);
      }
    }
  });
});

describe('what roles are granted', () => {
  let world: Awaited<ReturnType<typeof openPolicies>>;
  beforeAll(async () => {
    world = await openPolicies(buildStack(configurationWith(), 'orders').resources);
  });

  test('lies in the folders that their deployments name: every object that a role may write is let through', () => {
    const written = functionDefinitions.flatMap(({ slug }) => {
      const { arn = '', policies = [] } = world.world.identities.role(world.arnOf(roleLogicalId(slug))) ?? {};
      const patterns = policies
        .flatMap(({ statements }) => statements)
        .filter(({ actions }) => actions.patterns.includes('s3:PutObject'))
        .flatMap(({ resources }) => resources.patterns);
      return patterns.map((pattern) => ({ roleArn: arn, resource: pattern.replaceAll('*', 'x') }));
    });
    expect(written.length).toBeGreaterThan(8);
    const session = (arn: string) => ({
      kind: 'role' as const,
      roleArn: arn,
      sessionArn: arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/').concat('/s'),
    });
    for (const { roleArn: arn, resource } of written) {
      const permission = { action: 's3:PutObject', resource };
      for (const context of [conditions.absent, conditions.version])
        expect(() => world.world.authorize(session(arn), { ...permission, context }), resource).not.toThrow();
      const unconditional = { ...permission, context: conditions.none };
      expect(() => world.world.authorize(session(arn), unconditional), resource).toThrow('explicit deny');
    }
  });
});
