import { beforeAll, expect, test } from 'vitest';
import { refuseLockedOut } from '../../../infra/retention-change.ts';
import type { Credentials } from '../../../local/aws/iam/identities.ts';
import { openCallScope } from '../../../shared/run/call-scope.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { serveDurable } from '../../support/durable/account.ts';
import { useDeployCommand } from '../../support/stack/deploy-command.ts';

const variables = (retention?: string) => ({
  Environment: { Variables: { MSKEEPER_CLUSTER: 'orders', ...(retention && { MSKEEPER_AUDIT_RETENTION: retention }) } },
});
const account = await serveDurable({
  source: `
    import * as z from 'zod';
    import { defineDurableHandler } from '../../../shared/durable/handler.ts';
    const waits = defineDurableHandler({
      procedure: 'storage-scaling-run',
      schema: z.strictObject({}),
      ports: (context) => context,
      run: async (input, durable) => durable.wait('pause', 300_000),
      summary: () => ({ observation: {}, decision: {}, outcome: 'reported' }),
      deadlineReserveMs: 1_000,
    });
    export { waits as locked, waits as open, waits as idle, waits as moved };`,
  functions: {
    locked: variables('GOVERNANCE 365'),
    open: variables(),
    idle: variables('GOVERNANCE 365'),
    moved: variables('GOVERNANCE 365'),
  },
});

const arns: Record<string, string> = {};
beforeAll(async () => {
  for (const name of ['locked', 'open', 'moved'])
    arns[name] = await account.start(name, { DurableExecutionName: `orders-${name}-4`, Payload: Buffer.from('{}') });
  await account.lambda.idle();
});

const refusalOf = async (
  functionName: string,
  retention: string | undefined,
  credentials?: Credentials,
): Promise<string> => {
  try {
    const calls = () => openCallScope(AbortSignal.timeout(20_000));
    await refuseLockedOut(account.lambdaClient(credentials), calls, [{ functionName, retention }]);
    return '';
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
};

test.each([
  ['locked', 'GOVERNANCE 30', 'GOVERNANCE 365 days'],
  ['locked', 'COMPLIANCE 365', 'GOVERNANCE 365 days'],
  ['locked', undefined, 'GOVERNANCE 365 days'],
  ['open', 'GOVERNANCE 365', 'no lock'],
])('a run of %s under way holds up a deploy with %s, and is named with what ends it', async (name, retention, lock) => {
  const refusal = await refusalOf(name, retention);
  expect(refusal).toMatch(/^ConfigError: this package locks records of the audit with .*nothing was deployed/);
  expect(refusal).toContain(`orders-${name}-4, which writes with ${lock}:`);
  expect(refusal).toContain(`aws lambda stop-durable-execution --durable-execution-arn '${arns[name]}'`);
});

test.each([
  ['locked', 'GOVERNANCE 365'],
  ['locked', 'GOVERNANCE 2557'],
  ['open', undefined],
  ['idle', 'COMPLIANCE 30'],
  ['nowhere', 'GOVERNANCE 30'],
])('%s holds up no deploy with %s', async (name, retention) => {
  expect(await refusalOf(name, retention)).toBe('');
});

test('where nobody may say what runs, a deploy of another lock is refused, and one of the same is not', async () => {
  const reads = { Effect: 'Allow', Action: 'lambda:GetFunctionConfiguration', Resource: '*' };
  const reader = account.role('reader', reads);
  expect(await refusalOf('idle', 'GOVERNANCE 365', reader)).toBe('');
  expect(await refusalOf('nowhere', 'GOVERNANCE 30', reader)).toBe('');
  expect(await refusalOf('idle', 'GOVERNANCE 30', reader)).toMatch(
    /whether a run of another lock is under way is unknown, so nothing was deployed:\n {2}idle: lambda:ListDurableExecutionsByFunction: /,
  );
  expect(await refusalOf('idle', 'GOVERNANCE 365', account.role('nobody'))).toMatch(
    /unknown, .*\n.*ListDurableExecutionsByFunction: .*; lambda:GetFunctionConfiguration: /,
  );
  const lists = { Effect: 'Allow', Action: 'lambda:ListDurableExecutionsByFunction', Resource: '*' };
  expect(await refusalOf('locked', 'GOVERNANCE 365', account.role('lister', lists))).toContain(
    'which writes with nobody knows what lock (lambda:GetFunctionConfiguration: ',
  );
});

test('what counts is the version that a run began on, and where that is gone nobody knows', async () => {
  await createResource(account.world, 'AWS::Lambda::Function', {
    FunctionName: 'moved',
    Handler: 'index.moved',
    Runtime: 'nodejs24.x',
    Role: 'arn:aws:iam::111122223333:role/durable',
    Code: { S3Key: 'durable.zip' },
    Timeout: 10,
    MemorySize: 512,
    DurableConfig: { ExecutionTimeout: 900, RetentionPeriodInDays: 7 },
    ...variables('COMPLIANCE 30'),
  });
  expect(await refusalOf('moved', 'COMPLIANCE 30')).toContain('Function not found: moved:1');
});

const command = useDeployCommand('retention-for-the-test', {
  functions: {
    'storage-scaling-run': {
      name: 'locked',
      durableConfig: {},
      environment: { MSKEEPER_AUDIT_RETENTION: 'GOVERNANCE 30' },
    },
  },
});

test('npm run deploy asks before it changes anything', async () => {
  const asked = account.world.calls.all.length;
  const { code, stderr } = await command.run(account);
  expect(code).toBe(1);
  expect(stderr).toContain('orders-locked-4, which writes with GOVERNANCE 365 days:\n');
  expect(account.world.calls.all.slice(asked).map(({ operation }) => operation)).toEqual([
    'ListDurableExecutionsByFunction',
    'GetFunctionConfiguration',
  ]);
});
