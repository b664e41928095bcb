import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { describe, expect, test } from 'vitest';
import { fetchProtection, protectStack } from '../../../infra/stack-protection.ts';
import { addCoreServices } from '../../../local/aws/core-services.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';
import { serveAws } from '../../support/aws/aws.ts';
import { deployed, examine, wrongIn } from '../../support/cli/doctor.ts';
import { useDeployCommand } from '../../support/stack/deploy-command.ts';

const aws = serveAws();
const { cloudFormation } = addCoreServices(aws.world);
const calls = openCallScope(AbortSignal.timeout(60_000));
const clientOf = (credentials = aws.world.identities.admin) => new CloudFormationClient(aws.client(credentials));

test('a stack is asked whether it may be deleted, and protected, which stays so when it is protected again', async () => {
  cloudFormation.add('mskeeper-one');
  cloudFormation.add('mskeeper-one-more');
  expect(await fetchProtection(clientOf(), calls, 'mskeeper-one')).toBe(false);
  for (let time = 0; time < 2; time += 1) {
    await protectStack(clientOf(), calls, 'mskeeper-one');
    expect(await fetchProtection(clientOf(), calls, 'mskeeper-one')).toBe(true);
  }
  expect(cloudFormation.isProtected('mskeeper-one-more')).toBe(false);
});

test('a stack that is not there is none; one that may not be asked is an error, and never taken for unprotected', async () => {
  expect(await fetchProtection(clientOf(), calls, 'mskeeper-nowhere')).toBeUndefined();
  const nobody = clientOf(aws.role('nobody'));
  await expect(fetchProtection(nobody, calls, 'mskeeper-one')).rejects.toThrow('cloudformation:DescribeStacks');
  await expect(protectStack(nobody, calls, 'mskeeper-one')).rejects.toThrow(
    'cloudformation:UpdateTerminationProtection',
  );
});

describe('npm run deploy -- --remove', () => {
  const stackName = 'mskeeper-kept-for-the-test';
  const command = useDeployCommand('kept-for-the-test', { terminationProtection: true });
  const remove = () => command.run(aws, '--remove');

  test('asks first, and removes nothing of a stack that is protected', async () => {
    cloudFormation.add(stackName);
    await protectStack(clientOf(), calls, stackName);
    const asked = aws.world.calls.all.length;
    const { code, stderr } = await remove();
    expect(code).not.toBe(0);
    expect(stderr).toContain(`the stack ${stackName} is protected from termination, and nothing was removed`);
    expect(stderr).toContain(`--no-enable-termination-protection --stack-name ${stackName} --region eu-west-1`);
    expect(aws.world.calls.all.slice(asked).map(({ operation }) => operation)).toEqual(['DescribeStacks']);
  });

  test('of a package that another release made asks for a new one, and nobody else for anything', async () => {
    const { functions: _later, ...before } = command.stack;
    await command.write(before);
    const asked = aws.world.calls.all.length;
    const { code, stderr } = await remove();
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/stack.* is not as this release leaves it \(functions: .*\): package again\n$/);
    expect(aws.world.calls.all).toHaveLength(asked);
  });
});

describe('the doctor', () => {
  const lines = { 'brokerCount:': '    brokerCount: 3\n    stack: { terminationProtection: true }' };
  const findingsOf = (told: Awaited<ReturnType<typeof examine>>) =>
    told.findings.filter(({ check }) => check === 'termination-protection');

  test('says whether the stack may be deleted where the configuration says that it may not', async () => {
    const world = await deployed({ lines });
    expect(wrongIn(await examine(world))).toContain(
      'failed termination-protection, stack mskeeper-orders: may be deleted by whoever may delete stacks, and stack.terminationProtection says that it may not',
    );
    await protectStack(
      new CloudFormationClient({
        endpoint: world.standIn.url,
        region: 'eu-west-1',
        credentials: world.standIn.world.identities.admin,
      }),
      calls,
      'mskeeper-orders',
    );
    expect(findingsOf(await examine(world))).toMatchObject([{ status: 'ok', message: 'cannot be deleted' }]);
  });

  test('asks nothing of it where the configuration does not', async () => {
    const world = await deployed();
    expect(findingsOf(await examine(world))).toEqual([]);
    expect(world.standIn.world.calls.all.map(({ operation }) => operation)).not.toContain('DescribeStacks');
  });
});
