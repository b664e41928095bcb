import { expect } from 'vitest';
import { testDeclaredCalls } from '../../../../support/aws/call-witness.ts';
import { secretId, usePackagedStack } from '../../../../support/aws/packaged-stack.ts';
import { addressOfNobody, lookAtNobody } from '../../../../support/aws/secret-look.ts';

const stack = usePackagedStack();

testDeclaredCalls(
  import.meta.dirname,
  async () => {
    const { standIn, witness, invoke } = await stack.open({
      address: addressOfNobody,
      cluster: { authentication: { kind: 'scram', secretId } },
    });
    standIn.secrets.put(secretId, JSON.stringify({ username: 'mskeeper', password: 'planted-not-this-one' }));
    const { functionError, answer } = await invoke('kafka-read', lookAtNobody);
    expect(functionError, JSON.stringify(answer)).toBeUndefined();
    return [witness];
  },
  {
    'kafka-cluster:Read':
      'Brokers judge it by IAM on their own port, and no broker outside of MSK does. That the arm signs in and reads over ' +
      'this protocol is tested on real brokers by SCRAM and mTLS; that the grants are enough can be seen on AWS alone.',
  },
);
