import { GetParameterCommand, type SSMClient, SSMServiceException } from '@aws-sdk/client-ssm';
import { toDependencyError } from '../../../shared/aws/errors.ts';
import type { ClusterClaimed } from './model.ts';
import type { Actor, HostileWorld } from './world.ts';

export const killSwitchName = '/mskeeper/kill-switch';
export const claimName = '/mskeeper/claims/orders/0b9d3a5e-4';

/** As CloudFormation names a stack, and with it whom the claim is of. */
export const stackIdOf = (key: string): string =>
  `arn:aws:cloudformation:eu-west-1:111122223333:stack/mskeeper-${key}/5d1f2c30-0000-4000-8000-000000000001`;

const keyByHolder = { first: 'orders', second: 'orders-b', third: 'payments' } as const;

/** Parameter Store's own error, as `callAws` would make ours of it: what comes late is refused with nobody there. */
const refuse = (name: string): never => {
  const $metadata = { httpStatusCode: 400, attempts: 1 };
  throw toDependencyError(
    'ssm:GetParameter',
    new SSMServiceException({ name, message: name, $fault: 'client', $metadata }),
  );
};

/** What the parameter of the claim says to one stack. */
function claimOf(claim: ClusterClaimed, stackKey: string): string {
  switch (claim) {
    case 'each':
      return stackIdOf(stackKey);
    case 'deleted':
      return refuse('ParameterNotFound');
    case 'denied':
      return refuse('AccessDeniedException');
    default:
      return stackIdOf(keyByHolder[claim]);
  }
}

/** Parameter Store as one stack sees it: the kill switch of all, and whose the cluster is. */
export const createParameters = ({ switches, turnstile, nextOrder }: HostileWorld, stackKey: string) => ({
  clientOf: (actor: Actor): SSMClient => {
    const answer = (Value: string) => ({ Parameter: { Value }, $metadata: { attempts: 1 } });
    const readSwitch = async () => {
      const seen = await turnstile.ask(actor, () => ({ value: switches.killSwitch, at: nextOrder() }));
      // What arrives when nobody waits any more was not seen.
      actor.sawSwitch = seen;
      return answer(seen.value);
    };
    const readClaim = async () => {
      // Of what cannot be read nobody knows any more what it said before.
      delete actor.sawClaim;
      const seen = await turnstile.ask(actor, () => ({ value: claimOf(switches.claim, stackKey), at: nextOrder() }));
      actor.sawClaim = { isOwn: seen.value === stackIdOf(stackKey), at: seen.at };
      return answer(seen.value);
    };
    const send = async (command: unknown) => {
      const name = command instanceof GetParameterCommand ? command.input.Name : undefined;
      if (name === killSwitchName) return readSwitch();
      if (name === claimName) return readClaim();
      throw new TypeError(`nobody asks for ${name}`);
    };
    // The boundary: of the SDK's client nothing but `send` is used here.
    return { send } as unknown as SSMClient;
  },
});
