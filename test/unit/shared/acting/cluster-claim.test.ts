import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, expect, test, vi } from 'vitest';
import { fetchClusterClaim } from '../../../../shared/acting/cluster-claim.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';

const stackId = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/mskeeper-orders/1a2b';
const parameter = '/mskeeper/claims/orders/8c4b';
const claimWhere = async (answer: () => Promise<unknown>) => {
  vi.spyOn(SSMClient.prototype, 'send').mockImplementation(answer);
  const calls = openCallScope(AbortSignal.timeout(10_000));
  return fetchClusterClaim(new SSMClient({ region: 'eu-west-1' }), calls, { parameter, stackId });
};
const failing = (name: string, status: number) => () =>
  Promise.reject(Object.assign(new Error(name), { name, $fault: 'client', $metadata: { httpStatusCode: status } }));
afterEach(() => vi.restoreAllMocks());

test('the claim is this stack’s, or another’s, by the parameter’s whole value', async () => {
  const saying = (Value: string) => async () => ({ Parameter: { Value }, $metadata: { attempts: 1 } });
  expect(await claimWhere(saying(stackId))).toEqual({ holder: 'this-stack' });
  for (const other of [`${stackId}0`, stackId.toUpperCase(), '']) {
    expect(await claimWhere(saying(other))).toMatchObject({ holder: 'another' });
  }
});

test('one that was deleted says who to look for and how to make it again, and that no deploy does', async () => {
  const claim = await claimWhere(failing('ParameterNotFound', 400));
  expect(claim).toMatchObject({ holder: 'unknown' });
  const message = 'message' in claim ? claim.message : '';
  for (const words of [
    parameter,
    'does not exist',
    'DeleteParameter',
    'mskeeper:stack',
    `a String that says ${stackId}`,
  ]) {
    expect(message).toContain(words);
  }
  expect(message).toContain('a deploy does not');
  expect(message).not.toContain('deploy this stack again');
});

test('one that cannot be read names the call, and sends nobody to make it again', async () => {
  const claim = await claimWhere(failing('AccessDeniedException', 400));
  expect(claim).toMatchObject({ holder: 'unknown', message: expect.stringMatching(/ssm:GetParameter: .*denied/) });
  expect('message' in claim ? claim.message : '').not.toContain('make the parameter');
});
