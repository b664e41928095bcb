import { createHash } from 'node:crypto';
import * as StsClient from '@aws-sdk/client-sts';
import type { Call } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';

/** Adds STS to the world: who am I. Source: STS API Reference, GetCallerIdentity, which needs no permission. */
export function createSts(world: AwsWorld): void {
  world.addService({
    signingName: 'sts',
    protocol: 'query',
    clientModule: StsClient,
    operations: {
      GetCallerIdentity: {
        authorize: () => [],
        run: (_input: unknown, { caller, accountId }: Call) => {
          const digest = createHash('sha256').update(caller.principalArn).digest('hex').toUpperCase();
          const sessionName = caller.principalArn.split('/').at(-1);
          return {
            Account: accountId,
            Arn: caller.principalArn,
            UserId: caller.isAdmin ? `AIDA${digest.slice(0, 17)}` : `AROA${digest.slice(0, 17)}:${sessionName}`,
          };
        },
      },
    },
  });
}
