import { expect } from 'vitest';
import { ofLambdaItself, type Right, testDeniedGrants } from '../../../../support/aws/denied-grants.ts';
import { type PackagedStack, secretId, usePackagedStack } from '../../../../support/aws/packaged-stack.ts';
import { addressOfNobody, lookAtNobody } from '../../../../support/aws/secret-look.ts';

const stack = usePackagedStack();
const key = 'arn:aws:kms:eu-west-1:111122223333:key/33333333-0000-4000-8000-000000000000';

/** No view at all, and why, in the only word that an arm has: its caller's error. */
const refused = async ({ invoke }: PackagedStack): Promise<string> => {
  const outcome = await invoke('kafka-read', lookAtNobody);
  expect(outcome).toMatchObject({ functionError: 'Unhandled', errorType: 'DependencyError' });
  expect(outcome.errorMessage).toContain('[denied] secretsmanager:GetSecretValue');
  return outcome.errorMessage ?? '';
};

const network = { unasked: 'Lambda attaches the function to the VPC when it is deployed; the code is denied it' };
const networkActions = [
  'AssignPrivateIpAddresses',
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'UnassignPrivateIpAddresses',
];

// What brokers judge by IAM themselves (`kafka-cluster:…`) no account shows: a look that may not ask one thing is tried on real
// brokers, in test/integration/shared/kafka/authorization.test.ts.
testDeniedGrants(import.meta.dirname, {
  open: async () => {
    const opened = await stack.open({
      address: addressOfNobody,
      cluster: { authentication: { kind: 'scram', secretId } },
    });
    opened.standIn.secrets.put(
      secretId,
      JSON.stringify({ username: 'mskeeper', password: 'planted-not-this-one' }),
      key,
    );
    return opened;
  },
  // The stack closes it.
  close: async () => {},
  drawnCount: 1,
  rights: {
    'kafka-read': {
      ...ofLambdaItself,
      ...Object.fromEntries(
        networkActions.map((action): [string, Right<PackagedStack>] => [
          `LambdaAttachesToTheVpc ec2:${action}`,
          network,
        ]),
      ),
      'ReadTheSecret secretsmanager:GetSecretValue': { drive: refused },
      'DecryptTheSecret kms:Decrypt': { drive: refused, named: 'Access to KMS is not allowed' },
    },
  },
});
