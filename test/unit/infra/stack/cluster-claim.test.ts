import { expect, test } from 'vitest';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { createStack } from '../../../../local/aws/template/create-stack.ts';
import { openPolicies } from '../../../support/aws/resource-policies.ts';
import { configurationWith } from './stack-under-test.ts';

/** The same cluster out of another file, under another key. */
const stackOf = (clusterKey: string, arn?: string) => {
  const { orders } = configurationWith().clusters;
  if (orders === undefined) throw new Error('no cluster');
  const cluster = arn === undefined ? orders : { ...orders, arn };
  return buildStack({ ...configurationWith(), clusters: { [clusterKey]: cluster } }, clusterKey).resources;
};

const claimIn = (resources: ReturnType<typeof stackOf>) => ({ Resources: { ClusterClaim: resources.ClusterClaim } });

test('a second stack for the same cluster cannot be made, whatever it is called; one for another cluster can', async () => {
  const { world } = await openPolicies({});
  await createStack(world, claimIn(stackOf('orders')), { stackName: 'mskeeper-orders' });
  const second = createStack(world, claimIn(stackOf('orders-eu')), { stackName: 'mskeeper-orders-eu' });
  await expect(second).rejects.toThrow('exists already');
  const { orders } = configurationWith().clusters;
  const other = orders?.arn.replace('orders-live/8c4ba1f2', 'orders-live-2/8c4ba1f3');
  await createStack(world, claimIn(stackOf('payments', other)), { stackName: 'mskeeper-payments' });
});

test('the claim goes with the stack, and says which it is', () => {
  const { ClusterClaim: claim } = stackOf('orders');
  expect(claim?.DeletionPolicy).toBe('Delete');
  expect(claim?.Properties).toMatchObject({
    Name: '/mskeeper/claims/orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4',
    Value: { Ref: 'AWS::StackId' },
  });
});
