import { describe, expect, test } from 'vitest';
import { parsePolicy, parseTrustPolicy } from '../../../local/aws/iam/policy.ts';
import { type CliWorld, openCliWorld } from '../../support/cli/cli-world.ts';
import { deployed, examine, wrongIn } from '../../support/cli/doctor.ts';
import { bankSettings } from '../../support/stack/bank-settings.ts';

const simulationsIn = ({ standIn }: CliWorld): number =>
  standIn.world.calls.all.filter(({ operation }) => operation === 'SimulatePrincipalPolicy').length;

test('the doctor asks about the statements on keys, too, finds each allowed, and only the protection missing', async () => {
  const bank = await deployed({
    lines: { 'brokerCount:': `    brokerCount: 3\n    stack: ${JSON.stringify(bankSettings)}` },
  });
  const told = await examine(bank);
  const plain = await deployed();
  const usual = await examine(plain);
  // A statement each: of five functions on their environment, of four and Scheduler on the queues, of four on the bucket;
  // those on the topics' key are there with a key of the stack's own, too.
  expect(simulationsIn(bank) - simulationsIn(plain)).toBe(14);
  expect(wrongIn(told).filter((line) => !wrongIn(usual).includes(line))).toEqual([
    expect.stringMatching(/^failed termination-protection, stack mskeeper-orders: /),
  ]);
});

describe('executions that are reserved', () => {
  const withQuota = async (quota: number) => {
    const world = await openCliWorld({
      lines: { 'brokerCount:': '    brokerCount: 3\n    stack: { reservedConcurrency: { storage-scaling-run: 4 } }' },
    });
    world.standIn.quotas.set('lambda', 'Concurrent executions', quota);
    const reserved = async () => wrongIn(await examine(world)).filter((line) => line.includes('reserved concurrency'));
    return { ...world, reserved };
  };

  test('too many fail the doctor before they fail the deploy', async () => {
    const world = await withQuota(103);
    expect(await world.reserved()).toEqual([
      expect.stringMatching(/^failed quotas, Lambda reserved concurrency: 4 for this stack would leave 99 unreserved/),
    ]);
    await expect(world.deploy()).rejects.toThrow(/below its minimum value of \[100\]/);
  });

  test('as many as there are pass, before the deploy and after it', async () => {
    const world = await withQuota(104);
    expect(await world.reserved()).toEqual([]);
    await world.deploy();
    expect(await world.reserved()).toEqual([]);
  });
});

test('the doctor fails credentials that may deploy without the settings, and not with them', async () => {
  const asked = async (stack: object) => {
    const world = await openCliWorld({
      lines: { 'brokerCount:': `    brokerCount: 3\n    stack: ${JSON.stringify(stack)}` },
    });
    const { identities } = world.standIn.world;
    const denied = [
      'iam:PutRolePermissionsBoundary',
      'logs:AssociateKmsKey',
      'kms:CreateGrant',
      'lambda:PutFunctionConcurrency',
      's3:PutBucketLogging',
      's3:PutBucketObjectLockConfiguration',
      'cloudformation:UpdateTerminationProtection',
    ];
    identities.addRole({
      name: 'release',
      policies: [
        parsePolicy({
          Statement: [
            { Effect: 'Allow', Action: '*', Resource: '*' },
            { Effect: 'Deny', Action: denied, Resource: '*' },
          ],
        }),
      ],
      trust: parseTrustPolicy({ Statement: [] }),
    });
    const { status, written } = await world.run(['doctor', '--json'], identities.assumeRole('release', 'pipeline'));
    return wrongIn({ status, ...JSON.parse(written) })
      .filter((line) => line.startsWith('failed deployer'))
      .map((line) => /deployer, (.*?): .*may not (\S+)/.exec(line)?.slice(1).join(': '));
  };
  expect(await asked({})).toEqual([]);
  expect(await asked(bankSettings)).toEqual([
    'permissionsBoundary: iam:PutRolePermissionsBoundary',
    'keys.logs: logs:AssociateKmsKey',
    'keys.environment: kms:CreateGrant',
    'reservedConcurrency: lambda:PutFunctionConcurrency',
    'accessLog: s3:PutBucketLogging',
    'auditRetention: s3:PutBucketObjectLockConfiguration',
    'terminationProtection: cloudformation:UpdateTerminationProtection',
  ]);
});
