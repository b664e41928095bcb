import { expect, test } from 'vitest';
import { planRoleStatements } from '../../../../cli/doctor/role-statements.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { judge, smallFile } from '../../../support/configuration.ts';

const plan = (lines: Readonly<Record<string, string>>, chosen: Parameters<typeof planRoleStatements>[2]) => {
  const { configuration } = judge(smallFile(lines));
  if (configuration === undefined) throw new Error('the file is sound');
  return planRoleStatements(
    stackContextOf(configuration, 'orders'),
    buildStack(configuration, 'orders').resources,
    chosen,
  );
};

const approvers = { 'clusters:': 'approverPrincipals: [arn:aws:iam::111122223333:role/on-call]\nclusters:' };

const chosen = { bucketName: 'mskeeper-orders-bucket-1', topicKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/k' };

test('every resource of every role’s statement has a name, in this account or of AWS', () => {
  const statements = plan(approvers, chosen);
  expect(new Set(statements.map(({ roleName }) => roleName)).size).toBeGreaterThan(3);
  expect(statements.map(({ roleName }) => roleName)).toContain('mskeeper-orders-approver-eu-west-1');
  expect(statements.filter(({ unnamed }) => unnamed.length > 0)).toEqual([]);
  for (const { resourceArns, sid } of statements) {
    expect([sid, resourceArns.length]).not.toEqual([sid, 0]);
    for (const arn of resourceArns)
      expect(arn).toMatch(/^(\*|arn:aws:[a-z0-9-]+:(eu-west-1)?:(111122223333)?:[^*?]+)$/);
  }
});

test('names that CloudFormation chose are taken from the stack, and missed where it did not tell', () => {
  const own = plan({}, chosen).find(({ sid }) => sid === 'KeepReports');
  expect(own?.resourceArns).toContain('arn:aws:s3:::mskeeper-orders-bucket-1/reports/cluster-health/orders/doctor');
  const unnamed = plan({}, {}).filter((one) => one.unnamed.length > 0);
  expect([...new Set(unnamed.map(({ sid }) => sid))]).toEqual(
    expect.arrayContaining(['EncryptForTopics', 'KeepReports']),
  );
});

test('a condition becomes the context that it asks for', () => {
  const scram = plan({ 'authentication:': '    authentication: { kind: scram, secretId: AmazonMSK_orders }' }, chosen);
  expect(scram.find(({ sid }) => sid === 'DecryptTheSecret')).toMatchObject({
    resourceArns: ['arn:aws:kms:eu-west-1:111122223333:key/doctor'],
    contextEntries: [
      { key: 'kms:ViaService', values: ['secretsmanager.eu-west-1.amazonaws.com'] },
      {
        key: 'kms:EncryptionContext:SecretARN',
        values: ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_orders-xxxxxx'],
      },
    ],
  });
});
